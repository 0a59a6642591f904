-- Whom a member looked up, to learn who could introduce her: so many a day, counted from these rows.
create table look_ups (
    member_id uuid not null,
    about_id uuid not null,
    at timestamptz not null,
    primary key (member_id, about_id)
);
create index look_ups_about on look_ups (about_id);

-- Two women whom a member doesn't want suggested to each other, for ever. She may be one of the two.
create table dismissals (
    member_id uuid not null,
    one_id uuid not null,
    other_id uuid not null,
    primary key (member_id, one_id, other_id),
    check (one_id < other_id)
);
create index dismissals_of_one on dismissals (one_id);
create index dismissals_of_other on dismissals (other_id);

-- Who blocked her, read once for a whole list.
create index blocks_blocked on blocks (blocked_id);

-- Her people newest first, and who met another at the same event or organisation.
create index connections_newest on connections (member_id, since desc, other_id desc);
create index connections_met_at on connections (met_at_key, since desc) include (member_id) where met_at_key <> '';
