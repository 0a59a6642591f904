-- The ledger of what became of each vouch, and what is derived from it.

create table members (
    member_id uuid primary key,
    name text,                                   -- null until she has joined, and again once she is erased
    headline text,
    profile_version bigint not null default 0,
    erased boolean not null default false
);

-- The ledger. What is written here stays as it was written; everything further down can be derived from it.

create table vouches (
    member_id uuid not null,                     -- the voucher
    introduction_id uuid not null,
    side_ids uuid[] not null check (cardinality(side_ids) = 2),
    confirmed_at timestamptz not null,
    primary key (member_id, introduction_id)
);

create table evidence (
    member_id uuid not null,                     -- whom the word is about
    introduction_id uuid not null,
    rater_id uuid not null,
    event_id uuid not null,
    role text not null check (role in ('voucher', 'side')),
    word text not null check (word in ('good', 'bad')),
    confirmed_at timestamptz not null,
    revealed_at timestamptz not null,
    primary key (member_id, introduction_id, rater_id, event_id),
    check (member_id <> rater_id)
);

create index evidence_of_pair on evidence (member_id, rater_id);

create function the_ledger_stays() returns trigger language plpgsql as $$
begin
    raise exception 'the ledger is append-only: no % on %', lower(tg_op), tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger stays before update or delete on vouches for each row execute function the_ledger_stays();
create trigger stays_whole before truncate on vouches for each statement execute function the_ledger_stays();
create trigger stays before update or delete on evidence for each row execute function the_ledger_stays();
create trigger stays_whole before truncate on evidence for each statement execute function the_ledger_stays();

-- Derived: the one voice each rater has in a member's score, the sums of these, and the band that was last told.

create table voices (
    member_id uuid not null,
    rater_id uuid not null,
    kind text not null check (kind in ('good', 'mutual', 'bad')),
    tier smallint not null check (tier between 0 and 4),
    amount numeric not null,                     -- 2^((t - T0) / H), fixed point
    primary key (member_id, rater_id)
);

create table sums (
    member_id uuid not null,
    kind text not null,
    tier smallint not null,
    amount numeric not null,
    primary key (member_id, kind, tier)
);

create table accounts (
    member_id uuid primary key,
    band text not null default 'new' check (band in ('new', 'building', 'established', 'mixed')),
    band_version bigint not null default 0,
    read_on date                                 -- the day, in business time, for which the band was last read
);

create index accounts_to_read on accounts (read_on, member_id) where band <> 'new';

-- The half-lives that the sums were made with.
create table scale (
    only_one boolean primary key default true check (only_one),
    good interval not null,
    bad interval not null
);

insert into scale (good, bad) values (interval '240 days', interval '365 days');
