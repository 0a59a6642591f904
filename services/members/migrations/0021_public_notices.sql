-- expand: a new table, which older code doesn't know.

-- What somebody who needn't be a member told moderators: its words are those of the report with the same id.
create table public_notices (
    notice_id uuid primary key,
    about_id uuid,                               -- whom its link names
    concerns text not null,
    language text not null,
    given_at timestamptz not null,               -- business time, as answered_at
    address text,                                -- until it is answered
    address_key text,
    reply text,
    answered_at timestamptz,
    stored_at timestamptz not null default clock_timestamp()
);

create index public_notices_waiting on public_notices (given_at, notice_id) where answered_at is null;
create index public_notices_about on public_notices (about_id) where about_id is not null;
create index public_notices_address on public_notices (address_key) where address_key is not null;
