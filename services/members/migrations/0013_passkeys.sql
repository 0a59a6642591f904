-- expand: new tables, and columns with defaults; sessions of older code go without a device.

create table passkeys (
    passkey_id uuid primary key,
    member_id uuid not null references accounts on delete cascade,
    credential_id bytea not null unique,
    public_key bytea not null,
    sign_count bigint not null,
    label text not null,
    added_at timestamptz not null,
    used_at timestamptz                   -- null before its first use
);

create index passkeys_member on passkeys (member_id);

-- A challenge of a passkey follows from its own bytes and a key; only that it has been answered is kept, until it is too old anyway.
create table passkey_challenges_spent (
    challenge bytea primary key,
    spent_at timestamptz not null
);

create index passkey_challenges_spent_at on passkey_challenges_spent using brin (spent_at);

alter table accounts add column passkey_offered_at timestamptz;
alter table sessions add column session_id uuid not null default gen_random_uuid();
alter table sessions add column device text not null default '';
