-- “I don't know her”, said with a quiet no; and whether it has been weighed since the end of the request showed.
alter table connection_requests add column unknown boolean not null default false;
alter table connection_requests add column weighed boolean not null default false;
create index connection_requests_to_weigh on connection_requests (shown_at, id) where unknown and not weighed;

-- Since when she may be introduced only, the last time that several women said it of her.
create table restrictions (
    member_id uuid primary key,
    begins_at timestamptz not null
);
