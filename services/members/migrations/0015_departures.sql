-- expand: a column with a default and a table; code that doesn't know them goes on, and shows who is leaving for as long as it runs

-- Accounts that come to their end: she asked for it, or hasn't signed in for two years.

alter table accounts
    add column leaving boolean not null default false,              -- her seven days run: for others she is absent
    add column signed_in_at timestamptz not null default now();     -- business time, the last time

create index accounts_signed_in on accounts (signed_in_at);

create table departures (
    member_id uuid primary key references accounts on delete cascade,
    departure_id uuid not null unique,
    why text not null,                           -- asked, asleep
    absent boolean not null,
    language text not null,                      -- of its letters
    ends_at timestamptz not null,                -- business time
    due_at timestamptz not null,                 -- when time alone changes it
    version integer not null
);

create index departures_due on departures (due_at);
