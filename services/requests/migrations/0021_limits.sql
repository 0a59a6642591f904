-- expand: a new table, which older code doesn't know.

-- Until when moderators let her be introduced only, by their last decision.
create table limits (
    member_id uuid primary key,
    ends_at timestamptz not null,
    decided_at timestamptz not null
);
