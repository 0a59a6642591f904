-- expand: two tables and a column; while older code runs it lets a kept address join, and passes on the address she signs in with

-- The address that introductions pass on, if it isn't the one she signs in with.
alter table accounts add column passed_on text;

-- New addresses of members that wait for their codes.
create table address_codes (
    member_id uuid primary key references accounts on delete cascade,
    change_id uuid not null unique,
    purpose text not null,                       -- sign_in, passed_on
    address text not null,
    address_key text not null,
    free boolean not null,                       -- nobody's: only then its code has left
    tries integer not null default 0,
    asked_at timestamptz not null,               -- machine time
    began_at timestamptz not null                -- the same in business time
);

-- Addresses that members have left: for some days each can be put back from its own mailbox, and nobody else can take it.
create table former_addresses (
    change_id uuid primary key,
    member_id uuid not null references accounts on delete cascade,
    address text not null,
    address_key text not null unique,
    passed_on text,
    began_at timestamptz not null,
    changed_at timestamptz not null
);

create index former_addresses_member on former_addresses (member_id);
