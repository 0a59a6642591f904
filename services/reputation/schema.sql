-- The schema as the migrations leave it. `python -m shared.postgres.migrate dump <service>` writes it; a test proves it current.

create table anchors (
    member_id uuid not null,
    added_at timestamp with time zone not null,
    constraint anchors_pkey PRIMARY KEY (member_id)
);

create table bands (
    member_id uuid not null,
    band text default 'new'::text not null,
    version bigint default 0 not null,
    read_on date,
    shown_at timestamp with time zone,
    constraint bands_pkey PRIMARY KEY (member_id),
    constraint bands_band_check CHECK ((band = ANY (ARRAY['new'::text, 'building'::text, 'established'::text, 'mixed'::text])))
);

create table blocks (
    blocker_id uuid not null,
    blocked_id uuid not null,
    version bigint not null,
    active boolean not null,
    constraint blocks_pkey PRIMARY KEY (blocker_id, blocked_id)
);

create table buckets (
    member_id uuid not null,
    kind text not null,
    tier smallint not null,
    branch uuid not null,
    anchor boolean not null,
    amount numeric not null,
    constraint buckets_pkey PRIMARY KEY (member_id, kind, tier, branch, anchor)
);

create table contest_log (
    entry_id bigint generated always as identity not null,
    logged_at timestamp with time zone not null,
    by_id uuid,
    action text not null,
    contest_id uuid not null,
    constraint contest_log_pkey PRIMARY KEY (entry_id),
    constraint contest_log_action_check CHECK ((action = ANY (ARRAY['contested'::text, 'read'::text, 'decided'::text])))
);

create table contests (
    contest_id uuid not null,
    member_id uuid not null,
    line text not null,
    objection text not null,
    contested_at timestamp with time zone not null,
    answer text,
    decided_at timestamp with time zone,
    constraint contests_pkey PRIMARY KEY (contest_id),
    constraint contests_check CHECK (((answer IS NULL) = (decided_at IS NULL))),
    constraint contests_line_check CHECK ((line = ANY (ARRAY['good'::text, 'mutual'::text, 'bad'::text, 'upheld'::text, 'newcomer'::text])))
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

create table exclusions (
    member_id uuid not null,
    introduction_id uuid not null,
    rater_id uuid not null,
    event_id uuid not null,
    contest_id uuid not null,
    by_id uuid not null,
    reason text,
    excluded_at timestamp with time zone not null,
    constraint exclusions_pkey PRIMARY KEY (member_id, introduction_id, rater_id, event_id)
);

create table half_lives (
    only_row boolean default true not null,
    good interval not null,
    bad interval not null,
    constraint half_lives_pkey PRIMARY KEY (only_row),
    constraint half_lives_only_row_check CHECK (only_row)
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

create table live_buckets (
    member_id uuid not null,
    kind text not null,
    tier smallint not null,
    branch uuid not null,
    anchor boolean not null,
    amount numeric not null,
    constraint live_buckets_pkey PRIMARY KEY (member_id, kind, tier, branch, anchor)
);

create table live_words (
    member_id uuid not null,
    rater_id uuid not null,
    role text not null,
    event_id uuid not null,
    value text not null,
    weight smallint not null,
    said_at timestamp with time zone not null,
    among smallint default 1 not null,
    constraint live_words_pkey PRIMARY KEY (member_id, rater_id, role),
    constraint live_words_role_check CHECK ((role = ANY (ARRAY['voucher'::text, 'report'::text, 'vouch'::text, 'charge'::text]))),
    constraint live_words_value_check CHECK ((value = ANY (ARRAY['good'::text, 'bad'::text])))
);

create table made_with (
    only_row boolean default true not null,
    good interval not null,
    bad interval not null,
    model text not null,
    up_to bigint not null,
    live_up_to bigint default 0 not null,
    excluding_up_to bigint default 0 not null,
    constraint made_with_pkey PRIMARY KEY (only_row),
    constraint made_with_only_row_check CHECK (only_row)
);

create table members (
    member_id uuid not null,
    name text,
    headline text,
    profile_version bigint default 0 not null,
    erased boolean default false not null,
    status_version bigint default 0 not null,
    suspended boolean default false not null,
    constraint members_pkey PRIMARY KEY (member_id)
);

create table nights (
    settled_at timestamp with time zone not null,
    finished boolean default false not null,
    constraint nights_pkey PRIMARY KEY (settled_at)
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

create table placements (
    member_id uuid not null,
    branch uuid not null,
    joined_on date not null,
    constraint placements_pkey PRIMARY KEY (member_id)
);

create table pseudonym_key (
    only_row boolean default true not null,
    key bytea not null,
    constraint pseudonym_key_pkey PRIMARY KEY (only_row),
    constraint pseudonym_key_only_row_check CHECK (only_row)
);

create table ratings (
    member_id uuid not null,
    introduction_id uuid not null,
    rater_id uuid not null,
    event_id uuid not null,
    role text not null,
    value text not null,
    revealed_at timestamp with time zone not null,
    weight smallint default 1 not null,
    "position" bigint generated always as identity not null,
    counted boolean default false not null,
    live boolean default false not null,
    excluding boolean default false not null,
    constraint ratings_pkey PRIMARY KEY (member_id, introduction_id, rater_id, event_id),
    constraint ratings_check CHECK ((member_id <> rater_id)),
    constraint ratings_role_check CHECK ((role = ANY (ARRAY['voucher'::text, 'side'::text, 'report'::text, 'vouch'::text]))),
    constraint ratings_value_check CHECK ((value = ANY (ARRAY['good'::text, 'bad'::text]))),
    constraint ratings_weight_check CHECK ((weight > 0))
);

create table relay_streams (
    stream text not null,
    created text,
    last_seq bigint default 0 not null,
    unknown_after bigint,
    unknown_until bigint,
    constraint relay_streams_pkey PRIMARY KEY (stream)
);

create table shadow_buckets (
    member_id uuid not null,
    kind text not null,
    tier smallint not null,
    branch uuid not null,
    anchor boolean not null,
    amount numeric not null,
    constraint shadow_buckets_pkey PRIMARY KEY (member_id, kind, tier, branch, anchor)
);

create table shadow_words (
    member_id uuid not null,
    rater_id uuid not null,
    role text not null,
    event_id uuid not null,
    value text not null,
    weight smallint not null,
    said_at timestamp with time zone not null,
    among smallint default 1 not null,
    constraint shadow_words_pkey PRIMARY KEY (member_id, rater_id, role),
    constraint words_role_check CHECK ((role = ANY (ARRAY['voucher'::text, 'own'::text, 'report'::text, 'vouch'::text, 'charge'::text]))),
    constraint words_value_check CHECK ((value = ANY (ARRAY['good'::text, 'bad'::text])))
);

create table snapshots (
    taken_at timestamp with time zone not null,
    finished boolean default false not null,
    constraint snapshots_pkey PRIMARY KEY (taken_at)
);

create table sums (
    member_id uuid not null,
    kind text not null,
    tier smallint not null,
    amount numeric not null,
    constraint sums_pkey PRIMARY KEY (member_id, kind, tier)
);

create table tiers (
    rater_id uuid not null,
    settled_at timestamp with time zone not null,
    tier smallint not null,
    branch uuid not null,
    anchor boolean not null,
    applied boolean default false not null,
    known boolean default false not null,
    constraint tiers_pkey PRIMARY KEY (rater_id, settled_at)
);

create table voices (
    member_id uuid not null,
    rater_id uuid not null,
    kind text not null,
    tier smallint not null,
    amount numeric not null,
    constraint voices_pkey PRIMARY KEY (member_id, rater_id),
    constraint voices_kind_check CHECK ((kind = ANY (ARRAY['good'::text, 'mutual'::text, 'bad'::text]))),
    constraint voices_tier_check CHECK (((tier >= 0) AND (tier <= 4)))
);

create table vouches (
    member_id uuid not null,
    introduction_id uuid not null,
    side_ids uuid[] not null,
    confirmed_at timestamp with time zone not null,
    constraint vouches_pkey PRIMARY KEY (member_id, introduction_id),
    constraint vouches_side_ids_check CHECK ((cardinality(side_ids) = 2))
);

create table words (
    member_id uuid not null,
    rater_id uuid not null,
    role text not null,
    event_id uuid not null,
    value text not null,
    weight smallint not null,
    said_at timestamp with time zone not null,
    among smallint default 1 not null,
    constraint words_pkey PRIMARY KEY (member_id, rater_id, role),
    constraint words_role_check CHECK ((role = ANY (ARRAY['voucher'::text, 'own'::text, 'report'::text, 'vouch'::text, 'charge'::text]))),
    constraint words_value_check CHECK ((value = ANY (ARRAY['good'::text, 'bad'::text])))
);

CREATE OR REPLACE FUNCTION public.pseudonym(id uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$
    select encode(substring(sha256(key || uuid_send(id)) for 16), 'hex')::uuid from pseudonym_key
$function$;

CREATE OR REPLACE FUNCTION public.the_ledger_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    if tg_op = 'DELETE' and tg_table_name <> 'contest_log' then
        if exists (select from members where member_id = old.member_id and erased) then
            return old;
        end if;
    elsif tg_op = 'UPDATE' and tg_table_name in ('ratings', 'exclusions') then
        if exists (select from members where member_id = old.rater_id and erased)
            and to_jsonb(new) = to_jsonb(old) || jsonb_build_object('rater_id', pseudonym(old.rater_id)) then
            return new;
        end if;
    end if;
    raise exception 'the ledger is append-only: no % on %', lower(tg_op), tg_table_name using errcode = 'restrict_violation';
end
$function$;

CREATE INDEX bands_shown ON public.bands USING btree (shown_at NULLS FIRST, member_id);

CREATE INDEX bands_to_read ON public.bands USING btree (read_on, member_id) WHERE (band <> 'new'::text);

CREATE INDEX blocks_blocked ON public.blocks USING btree (blocked_id);

CREATE INDEX buckets_of_anchor ON public.buckets USING btree (branch) WHERE anchor;

CREATE INDEX contests_of_member ON public.contests USING btree (member_id, contested_at);

CREATE UNIQUE INDEX contests_one_open ON public.contests USING btree (member_id, line) WHERE (decided_at IS NULL);

CREATE INDEX contests_waiting ON public.contests USING btree (contested_at, contest_id) WHERE (decided_at IS NULL);

CREATE INDEX dead_letters_expiring ON public.dead_letters USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX dead_letters_open ON public.dead_letters USING btree (id) WHERE (resolved_at IS NULL);

CREATE INDEX dead_letters_to_replay ON public.dead_letters USING btree (id) WHERE ((replay_asked_at IS NOT NULL) AND (resolved_at IS NULL));

CREATE INDEX exclusions_of_rater ON public.exclusions USING btree (rater_id);

CREATE INDEX idempotency_keys_claimed ON public.idempotency_keys USING brin (claimed_at);

CREATE INDEX inbox_claimed ON public.inbox USING brin (claimed_at);

CREATE INDEX live_words_of_rater ON public.live_words USING btree (rater_id);

CREATE INDEX members_erased ON public.members USING btree (member_id) WHERE erased;

CREATE INDEX outbox_expiring ON public.outbox USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_naming ON public.outbox USING gin (names) WHERE ((sent_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_parked ON public.outbox USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_stored ON public.outbox USING brin (stored_at);

CREATE INDEX outbox_unnamed ON public.outbox USING btree (event_id) WHERE ((names IS NULL) AND (sent_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_waiting ON public.outbox USING btree (split_part(type, '.'::text, 1), "position") WHERE ((sent_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX ratings_left_behind ON public.ratings USING btree ("position") WHERE (NOT counted);

CREATE INDEX ratings_not_excluding ON public.ratings USING btree ("position") WHERE (NOT excluding);

CREATE INDEX ratings_not_live ON public.ratings USING btree ("position") WHERE (NOT live);

CREATE INDEX ratings_of_rater ON public.ratings USING btree (rater_id);

CREATE INDEX ratings_of_reports ON public.ratings USING btree (member_id) WHERE (role = 'report'::text);

CREATE INDEX shadow_words_rater_id_idx ON public.shadow_words USING btree (rater_id);

CREATE INDEX tiers_to_apply ON public.tiers USING btree (rater_id) WHERE (NOT applied);

CREATE INDEX voices_of_rater ON public.voices USING btree (rater_id);

CREATE INDEX vouches_by_age ON public.vouches USING btree (member_id, confirmed_at, introduction_id);

CREATE INDEX words_of_rater ON public.words USING btree (rater_id);

CREATE TRIGGER stays BEFORE DELETE OR UPDATE ON public.contest_log FOR EACH ROW EXECUTE FUNCTION the_ledger_stays();

CREATE TRIGGER stays BEFORE DELETE OR UPDATE ON public.exclusions FOR EACH ROW EXECUTE FUNCTION the_ledger_stays();

CREATE TRIGGER stays BEFORE DELETE OR UPDATE ON public.ratings FOR EACH ROW EXECUTE FUNCTION the_ledger_stays();

CREATE TRIGGER stays_whole BEFORE TRUNCATE ON public.ratings FOR EACH STATEMENT EXECUTE FUNCTION the_ledger_stays();

CREATE TRIGGER stays BEFORE DELETE OR UPDATE ON public.vouches FOR EACH ROW EXECUTE FUNCTION the_ledger_stays();

CREATE TRIGGER stays_whole BEFORE TRUNCATE ON public.vouches FOR EACH STATEMENT EXECUTE FUNCTION the_ledger_stays();
