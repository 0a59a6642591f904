-- expand: a column with a default, which code that came before neither reads nor writes.
alter table profiles add column discreet boolean not null default false;   -- neutral titles, subjects, and a way to leave at once
