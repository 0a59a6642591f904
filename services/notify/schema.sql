-- The schema as the migrations leave it. `python -m shared.postgres.migrate dump <service>` writes it; a test proves it current.

create table blocks (
    blocker_id uuid not null,
    blocked_id uuid not null,
    active boolean not null,
    version integer not null,
    constraint blocks_pkey PRIMARY KEY (blocker_id, blocked_id)
);

create table community (
    one boolean default true not null,
    version integer not null,
    name text not null,
    sender text not null,
    constraint community_pkey PRIMARY KEY (one),
    constraint community_one_check CHECK (one)
);

create table dead_letters (
    id bigint generated always as identity not null,
    message_key text not null,
    stream text not null,
    subject text not null,
    type text,
    event_id uuid,
    body bytea not null,
    reason text not null,
    detail text not null,
    tries integer not null,
    died_at timestamp with time zone default clock_timestamp() not null,
    expires_at timestamp with time zone,
    replay_asked_at timestamp with time zone,
    replays integer default 0 not null,
    resolved_at timestamp with time zone,
    constraint dead_letters_pkey PRIMARY KEY (id),
    constraint dead_letters_message_key_key UNIQUE (message_key)
);

create table idempotency_keys (
    member_id uuid not null,
    key_hash bytea not null,
    mac bytea not null,
    created_id uuid,
    claimed_at timestamp with time zone default clock_timestamp() not null,
    constraint idempotency_keys_pkey PRIMARY KEY (member_id, key_hash)
);

create table inbox (
    event_id uuid not null,
    claimed_at timestamp with time zone default clock_timestamp() not null,
    constraint inbox_pkey PRIMARY KEY (event_id)
);

create table letters (
    letter_id bigint generated always as identity not null,
    event_id uuid not null,
    recipient_id uuid not null,
    kind text not null,
    subject_id uuid not null,
    about_ids uuid[] not null,
    stopped_by_their_block boolean not null,
    state text default 'queued'::text not null,
    reason text default ''::text not null,
    priority smallint not null,
    address text,
    message bytea,
    expires_at timestamp with time zone,
    due_at timestamp with time zone default clock_timestamp(),
    attempts integer default 0 not null,
    unknowns integer default 0 not null,
    worker_id uuid,
    correlation_id text not null,
    written_at timestamp with time zone default clock_timestamp() not null,
    changed_at timestamp with time zone default clock_timestamp() not null,
    deferrals integer default 0 not null,
    deferred_since timestamp with time zone,
    title text,
    named_ids uuid[] default '{}'::uuid[] not null,
    reaches text default 'member'::text not null,
    constraint letters_pkey PRIMARY KEY (letter_id),
    constraint letters_event_id_recipient_id_kind_key UNIQUE (event_id, recipient_id, kind),
    constraint letters_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'deferred'::text, 'rejected'::text, 'unknown'::text, 'suppressed'::text])))
);

create table mail_server (
    one boolean default true not null,
    why text,
    reason text default ''::text not null,
    failures integer default 0 not null,
    try_at timestamp with time zone default clock_timestamp() not null,
    constraint mail_server_pkey PRIMARY KEY (one),
    constraint mail_server_one_check CHECK (one)
);

create table members (
    member_id uuid not null,
    name text,
    headline text,
    language text,
    time_zone text,
    profile_version integer default 0 not null,
    address text,
    address_version integer default 0 not null,
    suspended boolean default false not null,
    status_version integer default 0 not null,
    erased boolean default false not null,
    discreet boolean default false not null,
    passed_on text,
    constraint members_pkey PRIMARY KEY (member_id)
);

create table outbox (
    event_id uuid not null,
    "position" bigint generated always as identity not null,
    type text not null,
    aggregate_id uuid not null,
    body bytea not null,
    correlation_id text not null,
    traceparent text not null,
    stored_at timestamp with time zone default clock_timestamp() not null,
    expires_at timestamp with time zone,
    tries integer default 0 not null,
    sent_at timestamp with time zone,
    parked_at timestamp with time zone,
    parked_reason text,
    names uuid[],
    forget boolean default false not null,
    constraint outbox_pkey PRIMARY KEY (event_id)
);

create table outbox_again (
    stream text not null,
    "position" bigint not null,
    event_id uuid not null,
    constraint outbox_again_pkey PRIMARY KEY (stream, "position")
);

create table progress (
    subject_id uuid not null,
    version integer not null,
    vouched boolean not null,
    ended boolean not null,
    member_ids uuid[] default '{}'::uuid[] not null,
    departed jsonb default '{}'::jsonb not null,
    constraint progress_pkey PRIMARY KEY (subject_id)
);

create table relay_streams (
    stream text not null,
    created text,
    last_seq bigint default 0 not null,
    unknown_after bigint,
    unknown_until bigint,
    constraint relay_streams_pkey PRIMARY KEY (stream)
);

CREATE INDEX dead_letters_expiring ON public.dead_letters USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX dead_letters_open ON public.dead_letters USING btree (id) WHERE (resolved_at IS NULL);

CREATE INDEX dead_letters_to_replay ON public.dead_letters USING btree (id) WHERE ((replay_asked_at IS NOT NULL) AND (resolved_at IS NULL));

CREATE INDEX idempotency_keys_claimed ON public.idempotency_keys USING brin (claimed_at);

CREATE INDEX inbox_claimed ON public.inbox USING brin (claimed_at);

CREATE INDEX letters_expiring ON public.letters USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (message IS NOT NULL));

CREATE INDEX letters_naming ON public.letters USING gin (named_ids) WHERE ((state = 'sent'::text) AND (title IS NOT NULL));

CREATE INDEX letters_open ON public.letters USING btree (priority, due_at) WHERE (message IS NOT NULL);

CREATE INDEX letters_rejected ON public.letters USING btree (changed_at) WHERE ((state = 'rejected'::text) AND (message IS NOT NULL));

CREATE INDEX letters_titled ON public.letters USING btree (changed_at) WHERE ((state = 'sent'::text) AND (title IS NOT NULL));

CREATE INDEX letters_to ON public.letters USING btree (recipient_id) WHERE (state = 'sent'::text);

CREATE INDEX outbox_expiring ON public.outbox USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_naming ON public.outbox USING gin (names) WHERE ((sent_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_parked ON public.outbox USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_stored ON public.outbox USING brin (stored_at);

CREATE INDEX outbox_unnamed ON public.outbox USING btree (event_id) WHERE ((names IS NULL) AND (sent_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_waiting ON public.outbox USING btree (split_part(type, '.'::text, 1), "position") WHERE ((sent_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX progress_open ON public.progress USING gin (member_ids) WHERE (NOT ended);
