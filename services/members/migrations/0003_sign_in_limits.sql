-- Codes follow from their challenge, a challenge goes on while it is asked for again, and what limits count is in rows of its own.

alter table sign_in_challenges
    drop column code_mac,
    add column digits smallint not null default 8,
    add column asks integer not null default 1;  -- each ask is an event of its own, and a letter if one may leave

alter table sign_in_challenges
    alter column digits drop default,
    alter column asks drop default;

create table known_browsers (
    member_id uuid not null references accounts on delete cascade,
    browser_hash bytea not null,                 -- SHA-256 of the secret in the browser's cookie
    signed_in_at timestamptz not null,
    primary key (member_id, browser_hash)
);

create index known_browsers_signed_in on known_browsers (signed_in_at);

create table sign_in_counts (
    key bytea not null,                          -- keyed hash of a limit and of what it counts: an address, a browser, a network
    counted_at timestamptz not null
);

create index sign_in_counts_key on sign_in_counts (key, counted_at);
create index sign_in_counts_counted on sign_in_counts using brin (counted_at);
