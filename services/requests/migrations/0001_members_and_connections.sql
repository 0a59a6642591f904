-- This service's copy of members, as far as requests and introductions need them.

create table members (
    member_id uuid primary key,
    name text,                                   -- null until she has joined, and again once she is erased
    headline text,
    language text,
    time_zone text,
    visibility text,
    profile_version bigint not null default 0,   -- 0: only a status or a band has been heard of her so far
    status_version bigint not null default 0,
    suspended boolean not null default false,
    erased boolean not null default false,
    band text not null default 'new',
    band_version bigint not null default 0
);

create table blocks (
    blocker_id uuid not null,
    blocked_id uuid not null,
    version bigint not null,
    active boolean not null,
    primary key (blocker_id, blocked_id)
);

create table connection_requests (
    id uuid primary key,
    requester_id uuid not null,
    recipient_id uuid not null,
    how_met text not null,
    where_we_met text not null,
    why_now text not null,
    requester_closeness text not null,
    recipient_closeness text,
    state text not null,
    version bigint not null,
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,                        -- when it really ended; known to no one but this service
    shown_at timestamptz not null,               -- when the requester may see an end: its expiry, unless she ended it herself
    announced boolean not null default false,    -- its end is published, or it ended in a connection
    check (requester_id <> recipient_id),
    check (state in ('pending', 'accepted', 'declined', 'withdrawn', 'expired', 'blocked', 'member_left')),
    check (shown_at <= expires_at)
);

create index connection_requests_of_requester on connection_requests (requester_id, recipient_id, asked_at desc);
create index connection_requests_of_recipient on connection_requests (recipient_id, asked_at desc);
create unique index connection_requests_one_pending on connection_requests (requester_id, recipient_id) where state = 'pending';
create index connection_requests_to_announce on connection_requests (shown_at) where not announced;

-- A connection is two rows, one a member: what she keeps of it is hers.
create table connections (
    member_id uuid not null,
    other_id uuid not null,
    closeness text not null check (closeness in ('worked_together', 'know_well', 'met')),
    since timestamptz not null,
    how_met text not null,
    where_we_met text not null,
    connection_request_id uuid not null,
    primary key (member_id, other_id)
);
