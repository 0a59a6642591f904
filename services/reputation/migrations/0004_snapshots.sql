-- expand: older code goes on with `words`, `buckets` and `read_on`; what it takes in or erases meanwhile is seen, and all is made anew

-- What each woman said last about each voucher counts at once for operators. What members see, `buckets` and `bands`, is a snapshot.
alter table ratings add column live boolean not null default false;   -- whether it came by code that counts it in the live buckets
create index ratings_not_live on ratings (position) where not live;

create table live_words (
    member_id uuid not null,
    rater_id uuid not null,                      -- of a charge: the member who was reported
    role text not null check (role in ('voucher', 'report', 'vouch', 'charge')),
    event_id uuid not null,
    value text not null check (value in ('good', 'bad')),
    weight smallint not null,
    said_at timestamptz not null,
    among smallint not null default 1,           -- of a charge: how many answer for it
    primary key (member_id, rater_id, role)
);

create index live_words_of_rater on live_words (rater_id);

create table live_buckets (like buckets including all);

-- What was written to the ledger up to this position by code that knew of no live buckets is in them.
alter table made_with add column live_up_to bigint not null default 0;

-- One a month, put in force member by member.
create table snapshots (
    taken_at timestamptz primary key,
    finished boolean not null default false
);

alter table bands add column shown_at timestamptz;                    -- of which snapshot; null before her first one
create index bands_shown on bands (shown_at nulls first, member_id);
create index buckets_of_anchor on buckets (branch) where anchor;
