-- The ledger of what became of each vouch, and the scores derived from it.

create table members (
    member_id uuid primary key,
    name text,                                   -- null until she has joined, and again once she is erased
    headline text,
    profile_version bigint not null default 0,
    erased boolean not null default false
);

-- The ledger. What is written here stays as it was written until the member it is about is erased; the rest follows from it.

create table vouches (
    member_id uuid not null,                     -- the voucher
    introduction_id uuid not null,
    side_ids uuid[] not null check (cardinality(side_ids) = 2),
    confirmed_at timestamptz not null,
    primary key (member_id, introduction_id)
);

create index vouches_by_age on vouches (member_id, confirmed_at, introduction_id);

create table ratings (
    member_id uuid not null,                     -- who is rated
    introduction_id uuid not null,
    rater_id uuid not null,
    event_id uuid not null,
    role text not null check (role in ('voucher', 'side')),
    value text not null check (value in ('good', 'bad')),
    revealed_at timestamptz not null,
    primary key (member_id, introduction_id, rater_id, event_id),
    check (member_id <> rater_id)
);

create index ratings_of_pair on ratings (member_id, rater_id);

create function the_ledger_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if exists (select from members where member_id = old.member_id and erased) then
            return old;
        end if;
    end if;
    raise exception 'the ledger is append-only: no % on %', lower(tg_op), tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger stays before update or delete on vouches for each row execute function the_ledger_stays();
create trigger stays_whole before truncate on vouches for each statement execute function the_ledger_stays();
create trigger stays before update or delete on ratings for each row execute function the_ledger_stays();
create trigger stays_whole before truncate on ratings for each statement execute function the_ledger_stays();

-- Derived: the one voice each rater has in a member's score, the sums of these, and the band that was published last.

create table voices (
    member_id uuid not null,
    rater_id uuid not null,
    kind text not null check (kind in ('good', 'mutual', 'bad')),
    tier smallint not null check (tier between 0 and 4),
    amount numeric not null,                     -- 2^((t - T0) / H), fixed point
    primary key (member_id, rater_id)
);

create index voices_of_rater on voices (rater_id);

create table sums (
    member_id uuid not null,
    kind text not null,
    tier smallint not null,
    amount numeric not null,
    primary key (member_id, kind, tier)
);

create table bands (
    member_id uuid primary key,
    band text not null default 'new' check (band in ('new', 'building', 'established', 'mixed')),
    version bigint not null default 0,
    read_on date                                 -- the day, in business time, for which the band was last read
);

create index bands_to_read on bands (read_on, member_id) where band <> 'new';

-- The half-lives that the sums were made with.
create table half_lives (
    only_row boolean primary key default true check (only_row),
    good interval not null,
    bad interval not null
);

insert into half_lives (good, bad) values (interval '240 days', interval '365 days');
