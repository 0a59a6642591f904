-- expand: older code reads none of it; whom it lets change her profile meanwhile is found by what she said before
-- By which words members are found who allow it. An owner of a database may make this extension: it is a trusted one.
create extension if not exists pg_trgm;

create table directory_words (
    word text primary key,
    members integer not null                     -- how many have it: with the last of them it goes
);

create index directory_words_like on directory_words using gin (word gin_trgm_ops);

create table directory_entries (
    word text not null,
    place integer not null,                      -- the member's on a ring, which says nothing about her
    member_id uuid not null,
    primary key (word, place, member_id)
);

create table directory_members (
    member_id uuid primary key references accounts on delete cascade,
    words text[] not null
);

create table searches (
    member_id uuid not null,
    at timestamptz not null                      -- machine time; for what she sought there is no column
);

create index searches_member on searches (member_id, at);
create index searches_at on searches using brin (at);
