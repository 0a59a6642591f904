-- What every service keeps to tell others, to hear them, and to answer a repeated command with its first answer.

create table outbox (
    event_id uuid primary key,
    position bigint generated always as identity,
    type text not null,
    aggregate_id uuid not null,
    body bytea not null,                         -- CloudEvents JSON; emptied once expires_at has passed
    correlation_id text not null,
    traceparent text not null,
    stored_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    tries integer not null default 0,            -- refusals by the broker for the row's own sake
    sent_at timestamptz,
    parked_at timestamptz,
    parked_reason text
);

-- What stands before the first dot is the stream's name: each stream has a turn of its own.
create index outbox_waiting on outbox (split_part(type, '.', 1), position) where sent_at is null and parked_at is null;
create index outbox_expiring on outbox (expires_at) where expires_at is not null and body <> ''::bytea;
create index outbox_parked on outbox (parked_at) where parked_at is not null;
create index outbox_stored on outbox using brin (stored_at);

create table outbox_again (                      -- what a stream acknowledged and has forgotten since: published once more, in order
    stream text,
    position bigint,
    event_id uuid not null,
    primary key (stream, position)
);

create table relay_streams (                     -- what the broker has answered
    stream text primary key,
    created text,                                -- the stream's own birthday: a stream that is made anew has another; null if not known
    last_seq bigint not null default 0,          -- the highest sequence it acknowledged
    unknown_after bigint,                        -- it holds events from here …
    unknown_until bigint                         -- … to here that this database doesn't know, as after an older copy was restored
);

create table inbox (
    event_id uuid primary key,
    claimed_at timestamptz not null default clock_timestamp()
);

create index inbox_claimed on inbox using brin (claimed_at);

create table dead_letters (
    id bigint generated always as identity primary key,
    message_key text not null unique,            -- the event's id, or a hash of its bytes if it can't be read
    stream text not null,
    subject text not null,
    type text,
    event_id uuid,
    body bytea not null,                         -- as it came; emptied once expires_at has passed
    reason text not null,
    detail text not null,
    tries integer not null,
    died_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    replay_asked_at timestamptz,
    replays integer not null default 0,
    resolved_at timestamptz
);

create index dead_letters_open on dead_letters (id) where resolved_at is null;
create index dead_letters_to_replay on dead_letters (id) where replay_asked_at is not null and resolved_at is null;
create index dead_letters_expiring on dead_letters (expires_at) where expires_at is not null and body <> ''::bytea;

create table idempotency_keys (
    member_id uuid not null,
    key_hash bytea not null,                     -- the key itself is kept nowhere: `mac` is keyed with it
    mac bytea not null,                          -- of the command and what was sent with it
    created_id uuid,                             -- what a command that answers 201 made; null for those that answer 204
    claimed_at timestamptz not null default clock_timestamp(),
    primary key (member_id, key_hash)
);

create index idempotency_keys_claimed on idempotency_keys using brin (claimed_at);
