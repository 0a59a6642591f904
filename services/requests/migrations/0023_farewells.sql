-- expand: a new table, which older code doesn't know.

-- What is told on the pages of those who lately dealt with a removed member: her name, and no id of hers.
create table farewells (
    farewell_id bigint generated always as identity primary key,
    member_id uuid not null,
    name text not null,
    told_at timestamptz not null
);

create index farewells_of on farewells (member_id, told_at);
