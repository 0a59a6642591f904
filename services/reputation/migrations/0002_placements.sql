-- expand: a new table, of which older code knows nothing
create table placements (
    member_id uuid primary key,
    branch uuid not null,
    joined_on date not null
);
