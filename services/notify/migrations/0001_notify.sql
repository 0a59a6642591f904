-- What notify knows of members, how far each introduction and request has come, and every letter it ever had to send.

create table members (
    member_id uuid primary key,
    name text,
    headline text,
    language text,
    time_zone text,
    profile_version integer not null default 0,
    address text,
    address_version integer not null default 0,
    suspended boolean not null default false,
    status_version integer not null default 0,
    erased boolean not null default false
);

create table blocks (
    blocker_id uuid not null,
    blocked_id uuid not null,
    active boolean not null,
    version integer not null,
    primary key (blocker_id, blocked_id)
);

create table progress (                          -- of connection requests and introductions
    subject_id uuid primary key,
    version integer not null,                    -- of the newest event about it that was handled
    vouched boolean not null,                    -- so that both sides know of it
    ended boolean not null                       -- confirmed, accepted or closed: nobody is asked or told about it again
);

create table letters (
    letter_id bigint generated always as identity primary key,
    event_id uuid not null,
    recipient_id uuid not null,                  -- a member; for a code, the sign-in it belongs to
    kind text not null,
    subject_id uuid not null,                    -- what it is about: a connection request, an introduction, a sign-in
    about_ids uuid[] not null,                   -- members whose suspension, erasure or block stops it at the last moment
    stopped_by_their_block boolean not null,     -- false: only a block by the recipient herself does
    state text not null default 'queued'
        check (state in ('queued', 'sending', 'sent', 'deferred', 'rejected', 'unknown', 'suppressed')),
    reason text not null default '',             -- a code, never text from outside
    priority smallint not null,                  -- 0 before 1
    address text,                                -- both frozen when it was written, and emptied when it is sent, rejected or suppressed
    message bytea storage external,              -- it lives for seconds: compressing it would take half of what storing it costs
    expires_at timestamptz,                      -- not sent from then on, and emptied
    due_at timestamptz default clock_timestamp(), -- waiting: when to try; sending: when the lease runs out; null: never
    attempts integer not null default 0,
    unknowns integer not null default 0,         -- attempts of which nobody knows whether the server took the letter
    worker_id uuid,                              -- who has the lease
    correlation_id text not null,
    written_at timestamptz not null default clock_timestamp(),
    changed_at timestamptz not null default clock_timestamp(),
    unique (event_id, recipient_id, kind)
);

create index letters_open on letters (priority, due_at) where message is not null;
create index letters_expiring on letters (expires_at) where expires_at is not null and message is not null;
