-- expand: columns and indexes, which code that came before neither reads nor writes: what it stores has no names, and is looked through.
alter table outbox
    add column names uuid[],                             -- every id in the body but the event's own; null: not known
    add column forget boolean not null default false;    -- one whom it names is erased: its body goes once it is sent

create index outbox_naming on outbox using gin (names) where sent_at is not null and body <> ''::bytea;
create index outbox_unnamed on outbox (event_id) where names is null and sent_at is not null and body <> ''::bytea;
