-- The schema as the migrations leave it. `python -m shared.postgres.migrate dump <service>` writes it; a test proves it current.

create table blocks (
    blocker_id uuid not null,
    blocked_id uuid not null,
    version bigint not null,
    active boolean not null,
    constraint blocks_pkey PRIMARY KEY (blocker_id, blocked_id)
);

create table connection_requests (
    id uuid not null,
    requester_id uuid not null,
    recipient_id uuid not null,
    how_met text not null,
    where_we_met text not null,
    why_now text not null,
    requester_closeness text not null,
    recipient_closeness text,
    state text not null,
    version bigint not null,
    asked_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    ended_at timestamp with time zone,
    shown_at timestamp with time zone not null,
    announced boolean default false not null,
    met_at text default ''::text not null,
    asks_for text,
    kind_answer text,
    clarifying_question text,
    clarifying_answer text,
    reminded boolean default false not null,
    recipient_question text,
    requester_answer text,
    unknown boolean default false not null,
    weighed boolean default false not null,
    weighed_in timestamp with time zone,
    constraint connection_requests_pkey PRIMARY KEY (id),
    constraint connection_requests_asks_for_check CHECK ((asks_for = ANY (ARRAY['twenty_minutes'::text, 'advice'::text, 'mentoring'::text, 'referral'::text, 'other'::text]))),
    constraint connection_requests_check CHECK ((requester_id <> recipient_id)),
    constraint connection_requests_check1 CHECK ((shown_at <= expires_at)),
    constraint connection_requests_check2 CHECK (((clarifying_answer IS NULL) OR (clarifying_question IS NOT NULL))),
    constraint connection_requests_check3 CHECK (((recipient_question IS NULL) = (requester_answer IS NULL))),
    constraint connection_requests_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'accepted'::text, 'removed'::text, 'declined'::text, 'withdrawn'::text, 'expired'::text, 'blocked'::text, 'member_left'::text])))
);

create table connections (
    member_id uuid not null,
    other_id uuid not null,
    closeness text not null,
    since timestamp with time zone not null,
    how_met text not null,
    where_we_met text not null,
    connection_request_id uuid,
    open_to_asks boolean,
    last_spoke text,
    last_spoke_at timestamp with time zone,
    met_at text default ''::text not null,
    met_at_key text default ''::text not null,
    introduction_id uuid,
    kept_at timestamp with time zone,
    constraint connections_pkey PRIMARY KEY (member_id, other_id),
    constraint connections_check CHECK (((connection_request_id IS NOT NULL) OR (introduction_id IS NOT NULL))),
    constraint connections_closeness_check CHECK ((closeness = ANY (ARRAY['worked_together'::text, 'know_well'::text, 'met'::text, 'not_met'::text]))),
    constraint connections_last_spoke_check CHECK ((last_spoke = ANY (ARRAY['month'::text, 'year'::text, 'two_years'::text, 'longer'::text])))
);

create table counted_months (
    begins_at timestamp with time zone not null,
    constraint counted_months_pkey PRIMARY KEY (begins_at)
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

create table departed_cards (
    member_id uuid not null,
    name text not null,
    headline text not null,
    constraint departed_cards_pkey PRIMARY KEY (member_id)
);

create table dismissals (
    member_id uuid not null,
    one_id uuid not null,
    other_id uuid not null,
    constraint dismissals_pkey PRIMARY KEY (member_id, one_id, other_id),
    constraint dismissals_check CHECK ((one_id < other_id))
);

create table exclusions (
    id uuid not null,
    member_id uuid not null,
    excluded_id uuid,
    organisation text default ''::text not null,
    organisation_key text default ''::text not null,
    made_at timestamp with time zone not null,
    constraint exclusions_pkey PRIMARY KEY (id),
    constraint exclusions_check CHECK ((excluded_id <> member_id)),
    constraint exclusions_check1 CHECK (((excluded_id IS NULL) = (organisation_key <> ''::text)))
);

create table farewells (
    farewell_id bigint generated always as identity not null,
    member_id uuid not null,
    name text not null,
    told_at timestamp with time zone not null,
    constraint farewells_pkey PRIMARY KEY (farewell_id)
);

create table groups (
    member_id uuid not null,
    name text not null,
    key text not null,
    version bigint not null,
    constraint groups_pkey PRIMARY KEY (member_id)
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

create table introduction_members (
    member_id uuid not null,
    introduction_id uuid not null,
    constraint introduction_members_pkey PRIMARY KEY (member_id, introduction_id)
);

create table introductions (
    id uuid not null,
    origin text not null,
    voucher_id uuid not null,
    asker_id uuid,
    version integer not null,
    made_at timestamp with time zone not null,
    vouched_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    declined_at timestamp with time zone,
    questioned_at timestamp with time zone,
    settled_at timestamp with time zone,
    due_at timestamp with time zone,
    hidden_end_reason text,
    hidden_end_at timestamp with time zone,
    shown_end_reason text,
    shown_end_at timestamp with time zone,
    hidden_from uuid[] not null,
    why_her text,
    show_why_her boolean not null,
    a_id uuid not null,
    a_words text,
    a_said text,
    a_said_at timestamp with time zone,
    a_answer text,
    a_answered_at timestamp with time zone,
    a_thank_you text,
    a_report text,
    b_id uuid not null,
    b_words text,
    b_said text,
    b_said_at timestamp with time zone,
    b_answer text,
    b_answered_at timestamp with time zone,
    b_thank_you text,
    b_report text,
    open_days integer default 14 not null,
    ends_at timestamp with time zone not null,
    reminded_at timestamp with time zone,
    kind_answer text,
    reason text,
    a_correction text,
    a_correction_at timestamp with time zone,
    a_corrected_at timestamp with time zone,
    a_last_spoke text,
    b_correction text,
    b_correction_at timestamp with time zone,
    b_corrected_at timestamp with time zone,
    b_last_spoke text,
    in_touch_asked_at timestamp with time zone,
    in_touch_reminded_at timestamp with time zone,
    in_touch text,
    a_keeps text,
    b_keeps text,
    need_id uuid,
    opened_at timestamp with time zone,
    constraint introductions_pkey PRIMARY KEY (id),
    constraint confirmed_by_both CHECK (((confirmed_at IS NULL) OR ((vouched_at IS NOT NULL) AND (NOT (a_said IS DISTINCT FROM 'confirmed'::text)) AND (NOT (b_said IS DISTINCT FROM 'confirmed'::text)) AND (declined_at IS NULL) AND (hidden_end_at IS NULL) AND (shown_end_at IS NULL)))),
    constraint introductions_a_answer_check CHECK ((a_answer = ANY (ARRAY['worthwhile'::text, 'did_not_meet'::text, 'not_as_described'::text, 'misconduct'::text]))),
    constraint introductions_a_keeps_check CHECK ((a_keeps = ANY (ARRAY['worked_together'::text, 'know_well'::text, 'met'::text, 'not_met'::text]))),
    constraint introductions_a_last_spoke_check CHECK ((a_last_spoke = ANY (ARRAY['month'::text, 'year'::text, 'two_years'::text, 'longer'::text]))),
    constraint introductions_a_said_check CHECK ((a_said = ANY (ARRAY['confirmed'::text, 'passed'::text]))),
    constraint introductions_b_answer_check CHECK ((b_answer = ANY (ARRAY['worthwhile'::text, 'did_not_meet'::text, 'not_as_described'::text, 'misconduct'::text]))),
    constraint introductions_b_keeps_check CHECK ((b_keeps = ANY (ARRAY['worked_together'::text, 'know_well'::text, 'met'::text, 'not_met'::text]))),
    constraint introductions_b_last_spoke_check CHECK ((b_last_spoke = ANY (ARRAY['month'::text, 'year'::text, 'two_years'::text, 'longer'::text]))),
    constraint introductions_b_said_check CHECK ((b_said = ANY (ARRAY['confirmed'::text, 'passed'::text]))),
    constraint introductions_check CHECK (((voucher_id <> a_id) AND (voucher_id <> b_id) AND (a_id <> b_id))),
    constraint introductions_check1 CHECK ((((asker_id IS NULL) = (origin = 'proposed'::text)) AND ((asker_id IS NULL) OR (asker_id = a_id)))),
    constraint introductions_check2 CHECK (((confirmed_at IS NOT NULL) OR ((a_answer IS NULL) AND (b_answer IS NULL)))),
    constraint introductions_check3 CHECK (((need_id IS NULL) OR ((origin = 'proposed'::text) AND ((confirmed_at IS NULL) OR (opened_at IS NOT NULL))))),
    constraint introductions_in_touch_check CHECK ((in_touch = ANY (ARRAY['yes'::text, 'not_yet'::text]))),
    constraint introductions_open_days_check CHECK ((open_days = ANY (ARRAY[4, 7, 14]))),
    constraint introductions_origin_check CHECK ((origin = ANY (ARRAY['asked'::text, 'proposed'::text])))
);

create table limits (
    member_id uuid not null,
    ends_at timestamp with time zone not null,
    decided_at timestamp with time zone not null,
    constraint limits_pkey PRIMARY KEY (member_id)
);

create table look_ups (
    member_id uuid not null,
    about_id uuid not null,
    at timestamp with time zone not null,
    constraint look_ups_pkey PRIMARY KEY (member_id, about_id)
);

create table members (
    member_id uuid not null,
    name text,
    headline text,
    language text,
    time_zone text,
    visibility text,
    profile_version bigint default 0 not null,
    status_version bigint default 0 not null,
    suspended boolean default false not null,
    erased boolean default false not null,
    band text default 'new'::text not null,
    band_version bigint default 0 not null,
    joined_at timestamp with time zone,
    organisation text default ''::text not null,
    organisation_key text default ''::text not null,
    constraint members_pkey PRIMARY KEY (member_id)
);

create table needs (
    id uuid not null,
    asker_id uuid not null,
    voucher_id uuid not null,
    looking_for text not null,
    asked_at timestamp with time zone not null,
    ends_at timestamp with time zone not null,
    shown_at timestamp with time zone not null,
    state text not null,
    version integer not null,
    ended_at timestamp with time zone,
    announced boolean not null,
    introduction_id uuid,
    constraint needs_pkey PRIMARY KEY (id),
    constraint needs_introduction_id_key UNIQUE (introduction_id),
    constraint needs_check CHECK ((voucher_id <> asker_id)),
    constraint needs_check1 CHECK ((shown_at <= ends_at)),
    constraint needs_state_check CHECK ((state = ANY (ARRAY['open'::text, 'declined'::text, 'answered'::text, 'met'::text, 'withdrawn'::text, 'expired'::text, 'blocked'::text, 'member_left'::text])))
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

create table reach (
    member_id uuid not null,
    bar text default 'met'::text not null,
    question text,
    suggestible boolean default false not null,
    open_to_asks boolean default false not null,
    reachable boolean default false not null,
    introductions_in_30_days integer default 2 not null,
    asks_in_30_days integer default 3 not null,
    paused_from timestamp with time zone,
    paused_until timestamp with time zone,
    version bigint default 0 not null,
    constraint reach_pkey PRIMARY KEY (member_id),
    constraint reach_asks_in_30_days_check CHECK (((asks_in_30_days >= 0) AND (asks_in_30_days <= 30))),
    constraint reach_bar_check CHECK ((bar = ANY (ARRAY['anyone'::text, 'met'::text, 'introduced'::text]))),
    constraint reach_check CHECK ((((paused_from IS NULL) = (paused_until IS NULL)) AND (paused_from <= paused_until))),
    constraint reach_introductions_in_30_days_check CHECK (((introductions_in_30_days >= 0) AND (introductions_in_30_days <= 30)))
);

create table relay_streams (
    stream text not null,
    created text,
    last_seq bigint default 0 not null,
    unknown_after bigint,
    unknown_until bigint,
    constraint relay_streams_pkey PRIMARY KEY (stream)
);

create table removals (
    member_id uuid not null,
    other_id uuid not null,
    removed_at timestamp with time zone not null,
    constraint removals_pkey PRIMARY KEY (member_id, other_id)
);

create table restrictions (
    member_id uuid not null,
    begins_at timestamp with time zone not null,
    constraint restrictions_pkey PRIMARY KEY (member_id)
);

CREATE INDEX blocks_blocked ON public.blocks USING btree (blocked_id);

CREATE INDEX connection_requests_of_recipient ON public.connection_requests USING btree (recipient_id, asked_at DESC);

CREATE INDEX connection_requests_of_requester ON public.connection_requests USING btree (requester_id, recipient_id, asked_at DESC);

CREATE UNIQUE INDEX connection_requests_one_pending ON public.connection_requests USING btree (requester_id, recipient_id) WHERE (state = 'pending'::text);

CREATE INDEX connection_requests_to_announce ON public.connection_requests USING btree (shown_at) WHERE (NOT announced);

CREATE INDEX connection_requests_to_remind ON public.connection_requests USING btree (expires_at, id) WHERE ((state = 'pending'::text) AND (NOT reminded));

CREATE INDEX connection_requests_to_weigh_in ON public.connection_requests USING btree (COALESCE(weighed_in, shown_at), id) WHERE (unknown AND (NOT weighed));

CREATE INDEX connections_met_at ON public.connections USING btree (met_at_key, since DESC) INCLUDE (member_id) WHERE (met_at_key <> ''::text);

CREATE INDEX connections_newest ON public.connections USING btree (member_id, since DESC, other_id DESC);

CREATE INDEX dead_letters_expiring ON public.dead_letters USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX dead_letters_open ON public.dead_letters USING btree (id) WHERE (resolved_at IS NULL);

CREATE INDEX dead_letters_to_replay ON public.dead_letters USING btree (id) WHERE ((replay_asked_at IS NOT NULL) AND (resolved_at IS NULL));

CREATE INDEX dismissals_of_one ON public.dismissals USING btree (one_id);

CREATE INDEX dismissals_of_other ON public.dismissals USING btree (other_id);

CREATE INDEX exclusions_excluded ON public.exclusions USING btree (excluded_id) WHERE (excluded_id IS NOT NULL);

CREATE UNIQUE INDEX exclusions_of_members ON public.exclusions USING btree (member_id, excluded_id) WHERE (excluded_id IS NOT NULL);

CREATE UNIQUE INDEX exclusions_of_organisations ON public.exclusions USING btree (member_id, organisation_key) WHERE (excluded_id IS NULL);

CREATE INDEX farewells_of ON public.farewells USING btree (member_id, told_at);

CREATE INDEX groups_key ON public.groups USING btree (key, member_id) WHERE (key <> ''::text);

CREATE INDEX idempotency_keys_claimed ON public.idempotency_keys USING brin (claimed_at);

CREATE INDEX inbox_claimed ON public.inbox USING brin (claimed_at);

CREATE INDEX introductions_asks ON public.introductions USING btree (asker_id, b_id, made_at DESC) WHERE (asker_id IS NOT NULL);

CREATE INDEX introductions_due ON public.introductions USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX introductions_of_pair ON public.introductions USING btree (LEAST(a_id, b_id), GREATEST(a_id, b_id), made_at DESC);

CREATE INDEX introductions_open_vouches ON public.introductions USING btree (voucher_id) WHERE ((vouched_at IS NOT NULL) AND (confirmed_at IS NULL) AND (shown_end_at IS NULL));

CREATE INDEX look_ups_about ON public.look_ups USING btree (about_id);

CREATE INDEX needs_of_asker ON public.needs USING btree (asker_id, asked_at DESC);

CREATE INDEX needs_of_voucher ON public.needs USING btree (voucher_id, asked_at DESC);

CREATE INDEX needs_to_announce ON public.needs USING btree (shown_at) WHERE (NOT announced);

CREATE INDEX outbox_expiring ON public.outbox USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_naming ON public.outbox USING gin (names) WHERE ((sent_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_parked ON public.outbox USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_stored ON public.outbox USING brin (stored_at);

CREATE INDEX outbox_unnamed ON public.outbox USING btree (event_id) WHERE ((names IS NULL) AND (sent_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_waiting ON public.outbox USING btree (split_part(type, '.'::text, 1), "position") WHERE ((sent_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX removals_of_other ON public.removals USING btree (other_id);
