-- Who is suspended, who blocks whom, and what was reported to moderators.

alter table accounts
    add column suspended boolean not null default false,
    add column status_version integer not null default 0;    -- what MemberSuspended, MemberReinstated and MemberErased carry

create table blocks (
    blocker_id uuid not null references accounts on delete cascade,
    blocked_id uuid not null references accounts on delete cascade,
    version integer not null,                    -- what MemberBlocked and MemberUnblocked carry
    active boolean not null,
    primary key (blocker_id, blocked_id),
    check (blocker_id <> blocked_id)
);

create index blocks_blocked on blocks (blocked_id);

create table reports (
    report_id uuid primary key,
    about_id uuid not null references accounts on delete cascade,
    by_id uuid not null,                         -- a bare id once she is erased
    introduction_id uuid not null,
    words text,                                  -- for moderators alone; null once its writer is erased
    reported_at timestamptz not null,            -- business time
    stored_at timestamptz not null default clock_timestamp()
);

create index reports_about on reports (about_id);
create index reports_by on reports (by_id);
create index reports_stored on reports (stored_at);
