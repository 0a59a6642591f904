-- What those who have left were called, beside what they took part in and still looks open to the others.

alter table progress
    add column member_ids uuid[] not null default '{}',
    add column departed jsonb not null default '{}';   -- by member's id; empty once it has ended

create index progress_open on progress using gin (member_ids) where not ended;
