-- Whom it may reach: what each member allows, asked when she joins and changed on one page. No row: nothing was allowed yet.
create table reach (
    member_id uuid primary key,
    bar text not null default 'met' check (bar in ('anyone', 'met', 'introduced')),
    question text,
    suggestible boolean not null default false,
    open_to_asks boolean not null default false,
    reachable boolean not null default false,
    introductions_in_30_days integer not null default 2 check (introductions_in_30_days between 0 and 30),
    asks_in_30_days integer not null default 3 check (asks_in_30_days between 0 and 30),
    paused_from timestamptz,
    paused_until timestamptz,
    check ((paused_from is null) = (paused_until is null) and paused_from <= paused_until)
);

-- What each keeps of a connection: whether this contact may ask her (null: as her reach says), when they last spoke and when she said
-- so, and the event or organisation where they met, with a key under which others' spellings of it meet.
alter table connections add column open_to_asks boolean;
alter table connections add column last_spoke text check (last_spoke in ('month', 'year', 'two_years', 'longer'));
alter table connections add column last_spoke_at timestamptz;
alter table connections add column met_at text not null default '';
alter table connections add column met_at_key text not null default '';
