-- expand: a new table, of which older code knows nothing
-- By which group she may be suggested, by her consent; without one she took it back.
create table groups (
    member_id uuid primary key,
    name text not null,
    key text not null,
    version bigint not null
);
create index groups_key on groups (key, member_id) where key <> '';
