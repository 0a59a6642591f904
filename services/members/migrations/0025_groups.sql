-- expand: a new table, of which older code knows nothing
create table groups (
    member_id uuid primary key references accounts (member_id) on delete cascade,
    name text not null,
    version bigint not null default 1,
    consent integer not null,
    consented_at timestamptz not null
);
