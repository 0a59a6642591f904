-- expand: columns with defaults and indexes, which code that came before neither reads nor writes.
alter table letters
    add column title text,                               -- its subject as she saw it, for a year; null once one whom it names is erased
    add column named_ids uuid[] not null default '{}';   -- hers, and of everyone whom the title may name

create index letters_to on letters (recipient_id) where state = 'sent';
create index letters_naming on letters using gin (named_ids) where state = 'sent' and title is not null;
create index letters_titled on letters (changed_at) where state = 'sent' and title is not null;
