-- Accounts with their address, how they sign in, and their profiles.

create table accounts (
    member_id uuid primary key,
    address text not null,                       -- as letters are sent to it
    address_key text not null unique,            -- as it is compared: two spellings of one mailbox are one account
    address_version integer not null default 1,
    created_at timestamptz not null
);

create table sign_in_challenges (
    challenge_id uuid primary key,
    address text not null,
    address_key text not null,
    browser_hash bytea not null,
    code_mac bytea not null,                     -- HMAC of challenge, browser and code; the code itself is nowhere
    sent boolean not null,                       -- false: no letter left, so nobody knows a code that opens it
    issued_at timestamptz not null,              -- machine time, as all times here
    tries integer not null default 0,
    used_at timestamptz
);

create index sign_in_challenges_address on sign_in_challenges (address_key, issued_at);
create index sign_in_challenges_issued on sign_in_challenges (issued_at);

create table sessions (
    secret_hash bytea primary key,               -- SHA-256 of the cookie's secret; the secret itself is nowhere
    member_id uuid not null references accounts on delete cascade,
    started_at timestamptz not null,             -- machine time, as all times here
    seen_at timestamptz not null,
    ended_at timestamptz
);

create index sessions_member on sessions (member_id, started_at);
create index sessions_seen on sessions (seen_at);

create table profiles (
    member_id uuid primary key references accounts on delete cascade,
    version integer not null,                    -- what MemberJoined and ProfileChanged carry
    name text not null,
    headline text not null,
    organisation text not null,
    place text not null,
    languages text[] not null,
    language text not null,
    time_zone text not null,
    visibility text not null,
    joined_at timestamptz not null,              -- business time
    changed_at timestamptz not null              -- business time
);
