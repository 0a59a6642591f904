-- The schema as the migrations leave it. `python -m shared.postgres.migrate dump <service>` writes it; a test proves it current.

create table accounts (
    member_id uuid not null,
    address text not null,
    address_key text not null,
    address_version integer default 1 not null,
    created_at timestamp with time zone not null,
    suspended boolean default false not null,
    status_version integer default 0 not null,
    passkey_offered_at timestamp with time zone,
    leaving boolean default false not null,
    signed_in_at timestamp with time zone default now() not null,
    passed_on text,
    constraint accounts_pkey PRIMARY KEY (member_id),
    constraint accounts_address_key_key UNIQUE (address_key)
);

create table address_codes (
    member_id uuid not null,
    change_id uuid not null,
    purpose text not null,
    address text not null,
    address_key text not null,
    free boolean not null,
    tries integer default 0 not null,
    asked_at timestamp with time zone not null,
    began_at timestamp with time zone not null,
    constraint address_codes_pkey PRIMARY KEY (member_id),
    constraint address_codes_change_id_key UNIQUE (change_id)
);

create table agreements (
    member_id uuid not null,
    text text not null,
    version integer not null,
    agreed_at timestamp with time zone not null,
    constraint agreements_pkey PRIMARY KEY (member_id, text, version)
);

create table barred_addresses (
    address_mac bytea not null,
    member_id uuid,
    barred_at timestamp with time zone not null,
    constraint barred_addresses_pkey PRIMARY KEY (address_mac)
);

create table blocks (
    blocker_id uuid not null,
    blocked_id uuid not null,
    version integer not null,
    active boolean not null,
    name text default ''::text not null,
    blocked_at timestamp with time zone default clock_timestamp() not null,
    constraint blocks_pkey PRIMARY KEY (blocker_id, blocked_id),
    constraint blocks_check CHECK ((blocker_id <> blocked_id))
);

create table case_notes (
    note_id uuid not null,
    case_id uuid not null,
    by_id uuid not null,
    note text not null,
    noted_at timestamp with time zone not null,
    constraint case_notes_pkey PRIMARY KEY (note_id)
);

create table case_reports (
    report_id uuid not null,
    case_id uuid not null,
    by_id uuid,
    kind text not null,
    introduction_id uuid,
    reported_at timestamp with time zone not null,
    constraint case_reports_pkey PRIMARY KEY (report_id)
);

create table cases (
    case_id uuid not null,
    about_id uuid not null,
    opened_at timestamp with time zone not null,
    version integer not null,
    moderator_id uuid,
    appeal text,
    appealed_at timestamp with time zone,
    settled_at timestamp with time zone,
    waiting boolean not null,
    absent boolean not null,
    due_at timestamp with time zone,
    constraint cases_pkey PRIMARY KEY (case_id)
);

create table community (
    one boolean default true not null,
    version integer not null,
    name text not null,
    sender text not null,
    who_may_join text,
    announcement jsonb,
    logo bytea,
    changed_at timestamp with time zone not null,
    constraint community_pkey PRIMARY KEY (one),
    constraint community_one_check CHECK (one)
);

create table community_changes (
    change_id bigint generated always as identity not null,
    changed_at timestamp with time zone not null,
    by_id uuid,
    what text not null,
    before text not null,
    after text not null,
    constraint community_changes_pkey PRIMARY KEY (change_id)
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

create table decisions (
    decision_id uuid not null,
    case_id uuid not null,
    kind text not null,
    rule text not null,
    reasons text not null,
    field text,
    by_id uuid not null,
    decided_at timestamp with time zone not null,
    until timestamp with time zone,
    told boolean not null,
    acknowledged_at timestamp with time zone,
    constraint decisions_pkey PRIMARY KEY (decision_id)
);

create table departures (
    member_id uuid not null,
    departure_id uuid not null,
    why text not null,
    absent boolean not null,
    language text not null,
    ends_at timestamp with time zone not null,
    due_at timestamp with time zone not null,
    version integer not null,
    constraint departures_pkey PRIMARY KEY (member_id),
    constraint departures_departure_id_key UNIQUE (departure_id)
);

create table directory_entries (
    word text not null,
    place integer not null,
    member_id uuid not null,
    constraint directory_entries_pkey PRIMARY KEY (word, place, member_id)
);

create table directory_members (
    member_id uuid not null,
    words text[] not null,
    constraint directory_members_pkey PRIMARY KEY (member_id)
);

create table directory_words (
    word text not null,
    members integer not null,
    constraint directory_words_pkey PRIMARY KEY (word)
);

create table erasures (
    member_id uuid not null,
    service text not null,
    erased_at timestamp with time zone default now() not null,
    done_at timestamp with time zone,
    constraint erasures_pkey PRIMARY KEY (member_id, service)
);

create table exports (
    export_id uuid not null,
    member_id uuid not null,
    asked_at timestamp with time zone not null,
    constraint exports_pkey PRIMARY KEY (export_id)
);

create table former_addresses (
    change_id uuid not null,
    member_id uuid not null,
    address text not null,
    address_key text not null,
    passed_on text,
    began_at timestamp with time zone not null,
    changed_at timestamp with time zone not null,
    constraint former_addresses_pkey PRIMARY KEY (change_id),
    constraint former_addresses_address_key_key UNIQUE (address_key)
);

create table funnel (
    month date not null,
    stage text not null,
    counted integer not null,
    constraint funnel_pkey PRIMARY KEY (month, stage)
);

create table groups (
    member_id uuid not null,
    name text not null,
    version bigint default 1 not null,
    consent integer not null,
    consented_at timestamp with time zone not null,
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

create table introduced (
    introduction_id uuid not null,
    low_id uuid not null,
    high_id uuid not null,
    confirmed_at timestamp with time zone not null,
    constraint introduced_pkey PRIMARY KEY (introduction_id),
    constraint introduced_check CHECK ((low_id < high_id))
);

create table invitation_letters (
    invitation_id uuid not null,
    sponsor_id uuid,
    address_mac bytea not null,
    asked_at timestamp with time zone not null,
    sent boolean not null,
    constraint invitation_letters_pkey PRIMARY KEY (invitation_id)
);

create table invitations (
    invitation_id uuid not null,
    sponsor_id uuid,
    founder boolean default false not null,
    address_key text,
    prefill jsonb,
    made_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    withdrawn_at timestamp with time zone,
    used_at timestamp with time zone,
    constraint invitations_pkey PRIMARY KEY (invitation_id)
);

create table join_requests (
    request_id uuid not null,
    member_id uuid not null,
    name text not null,
    about text not null,
    language text not null,
    recommender_id uuid,
    asked_at timestamp with time zone not null,
    answer_by timestamp with time zone not null,
    due_at timestamp with time zone not null,
    recommends boolean,
    answered_at timestamp with time zone,
    let_in boolean,
    constraint join_requests_pkey PRIMARY KEY (request_id),
    constraint join_requests_member_id_key UNIQUE (member_id)
);

create table known_browsers (
    member_id uuid not null,
    browser_hash bytea not null,
    signed_in_at timestamp with time zone not null,
    constraint known_browsers_pkey PRIMARY KEY (member_id, browser_hash)
);

create table moderation_counts (
    half_year text not null,
    what text not null,
    kind text not null,
    counted integer not null,
    constraint moderation_counts_pkey PRIMARY KEY (half_year, what, kind)
);

create table moderation_log (
    entry_id bigint generated always as identity not null,
    logged_at timestamp with time zone not null,
    by_id uuid,
    action text not null,
    case_id uuid not null,
    constraint moderation_log_pkey PRIMARY KEY (entry_id)
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

create table passkey_challenges_spent (
    challenge bytea not null,
    spent_at timestamp with time zone not null,
    constraint passkey_challenges_spent_pkey PRIMARY KEY (challenge)
);

create table passkeys (
    passkey_id uuid not null,
    member_id uuid not null,
    credential_id bytea not null,
    public_key bytea not null,
    sign_count bigint not null,
    label text not null,
    added_at timestamp with time zone not null,
    used_at timestamp with time zone,
    constraint passkeys_pkey PRIMARY KEY (passkey_id),
    constraint passkeys_credential_id_key UNIQUE (credential_id)
);

create table photos (
    member_id uuid not null,
    picture bytea not null,
    tag text not null,
    consent integer not null,
    consented_at timestamp with time zone not null,
    constraint photos_pkey PRIMARY KEY (member_id)
);

create table places (
    member_id uuid not null,
    branch uuid not null,
    founder boolean default false not null,
    sponsor_id uuid,
    invitation_id uuid,
    joined_on date,
    sanctions integer default 0 not null,
    sanctioned_at timestamp with time zone,
    constraint places_pkey PRIMARY KEY (member_id)
);

create table profiles (
    member_id uuid not null,
    version integer not null,
    name text not null,
    headline text not null,
    organisation text not null,
    place text not null,
    languages text[] not null,
    language text not null,
    time_zone text not null,
    visibility text not null,
    joined_at timestamp with time zone not null,
    changed_at timestamp with time zone not null,
    changes timestamp with time zone[] default '{}'::timestamp with time zone[] not null,
    pronunciation text default ''::text not null,
    help_with text default ''::text not null,
    seeking text default ''::text not null,
    findable boolean default false not null,
    discreet boolean default false not null,
    constraint profiles_pkey PRIMARY KEY (member_id)
);

create table public_notices (
    notice_id uuid not null,
    about_id uuid,
    concerns text not null,
    language text not null,
    given_at timestamp with time zone not null,
    address text,
    address_key text,
    reply text,
    answered_at timestamp with time zone,
    stored_at timestamp with time zone default clock_timestamp() not null,
    constraint public_notices_pkey PRIMARY KEY (notice_id)
);

create table relay_streams (
    stream text not null,
    created text,
    last_seq bigint default 0 not null,
    unknown_after bigint,
    unknown_until bigint,
    constraint relay_streams_pkey PRIMARY KEY (stream)
);

create table reports (
    report_id uuid not null,
    about_id uuid,
    by_id uuid,
    introduction_id uuid,
    words text,
    reported_at timestamp with time zone not null,
    stored_at timestamp with time zone default clock_timestamp() not null,
    kind text default 'misconduct'::text not null,
    subject text,
    subject_id uuid,
    attached text[] default '{}'::text[] not null,
    state text default 'received'::text not null,
    sorted boolean default false not null,
    constraint reports_pkey PRIMARY KEY (report_id)
);

create table roles (
    member_id uuid not null,
    role text not null,
    since timestamp with time zone not null,
    constraint roles_pkey PRIMARY KEY (member_id, role),
    constraint roles_role_check CHECK ((role = ANY (ARRAY['moderator'::text, 'steward'::text])))
);

create table searches (
    member_id uuid not null,
    at timestamp with time zone not null
);

create table sessions (
    secret_hash bytea not null,
    member_id uuid not null,
    started_at timestamp with time zone not null,
    seen_at timestamp with time zone not null,
    ended_at timestamp with time zone,
    authenticated_at timestamp with time zone,
    amr text[] default '{code}'::text[] not null,
    session_id uuid default gen_random_uuid() not null,
    device text default ''::text not null,
    constraint sessions_pkey PRIMARY KEY (secret_hash)
);

create table sign_in_challenges (
    challenge_id uuid not null,
    address text not null,
    address_key text not null,
    browser_hash bytea not null,
    sent boolean not null,
    issued_at timestamp with time zone not null,
    tries integer default 0 not null,
    used_at timestamp with time zone,
    digits smallint not null,
    asks integer not null,
    constraint sign_in_challenges_pkey PRIMARY KEY (challenge_id)
);

create table sign_in_counts (
    key bytea not null,
    counted_at timestamp with time zone not null
);

create table texts (
    text text not null,
    version integer not null,
    language text not null,
    words text not null,
    changes text not null,
    published_at timestamp with time zone not null,
    constraint texts_pkey PRIMARY KEY (text, version, language)
);

alter table address_codes add constraint address_codes_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table agreements add constraint agreements_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table blocks add constraint blocks_blocked_id_fkey FOREIGN KEY (blocked_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table blocks add constraint blocks_blocker_id_fkey FOREIGN KEY (blocker_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table case_notes add constraint case_notes_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id) ON DELETE CASCADE;

alter table case_reports add constraint case_reports_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id) ON DELETE CASCADE;

alter table cases add constraint cases_about_id_fkey FOREIGN KEY (about_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table decisions add constraint decisions_case_id_fkey FOREIGN KEY (case_id) REFERENCES cases(case_id) ON DELETE CASCADE;

alter table departures add constraint departures_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table directory_members add constraint directory_members_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table exports add constraint exports_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table former_addresses add constraint former_addresses_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table groups add constraint groups_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table introduced add constraint introduced_high_id_fkey FOREIGN KEY (high_id) REFERENCES accounts(member_id);

alter table introduced add constraint introduced_low_id_fkey FOREIGN KEY (low_id) REFERENCES accounts(member_id);

alter table invitations add constraint invitations_sponsor_id_fkey FOREIGN KEY (sponsor_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table join_requests add constraint join_requests_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table join_requests add constraint join_requests_recommender_id_fkey FOREIGN KEY (recommender_id) REFERENCES accounts(member_id) ON DELETE SET NULL;

alter table known_browsers add constraint known_browsers_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table passkeys add constraint passkeys_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table photos add constraint photos_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table places add constraint places_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table places add constraint places_sponsor_id_fkey FOREIGN KEY (sponsor_id) REFERENCES accounts(member_id) ON DELETE SET NULL;

alter table profiles add constraint profiles_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table reports add constraint reports_about_id_fkey FOREIGN KEY (about_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table roles add constraint roles_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

alter table sessions add constraint sessions_member_id_fkey FOREIGN KEY (member_id) REFERENCES accounts(member_id) ON DELETE CASCADE;

create extension pg_trgm;

CREATE OR REPLACE FUNCTION public.community_changes_stay()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    -- All that may happen to a line: whoever wrote it is erased.
    if tg_op = 'UPDATE' and new.by_id is null and to_jsonb(new) - 'by_id' = to_jsonb(old) - 'by_id' then
        return new;
    end if;
    raise exception 'lines of this log stay as they are';
end
$function$;

CREATE OR REPLACE FUNCTION public.the_log_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    raise exception 'the log is append-only: no % on %', lower(tg_op), tg_table_name using errcode = 'restrict_violation';
end
$function$;

CREATE INDEX accounts_signed_in ON public.accounts USING btree (signed_in_at);

CREATE INDEX barred_addresses_member ON public.barred_addresses USING btree (member_id);

CREATE INDEX blocks_blocked ON public.blocks USING btree (blocked_id);

CREATE INDEX case_notes_case ON public.case_notes USING btree (case_id, noted_at);

CREATE INDEX case_reports_by ON public.case_reports USING btree (by_id);

CREATE INDEX case_reports_case ON public.case_reports USING btree (case_id, reported_at);

CREATE INDEX cases_about ON public.cases USING btree (about_id);

CREATE INDEX cases_due ON public.cases USING btree (due_at) WHERE (due_at IS NOT NULL);

CREATE INDEX cases_waiting ON public.cases USING btree (opened_at, case_id) WHERE waiting;

CREATE INDEX dead_letters_expiring ON public.dead_letters USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX dead_letters_open ON public.dead_letters USING btree (id) WHERE (resolved_at IS NULL);

CREATE INDEX dead_letters_to_replay ON public.dead_letters USING btree (id) WHERE ((replay_asked_at IS NOT NULL) AND (resolved_at IS NULL));

CREATE INDEX decisions_case ON public.decisions USING btree (case_id, decided_at);

CREATE INDEX departures_due ON public.departures USING btree (due_at);

CREATE INDEX directory_words_like ON public.directory_words USING gin (word gin_trgm_ops);

CREATE INDEX exports_member ON public.exports USING btree (member_id, asked_at);

CREATE INDEX former_addresses_member ON public.former_addresses USING btree (member_id);

CREATE INDEX idempotency_keys_claimed ON public.idempotency_keys USING brin (claimed_at);

CREATE INDEX inbox_claimed ON public.inbox USING brin (claimed_at);

CREATE INDEX introduced_high ON public.introduced USING btree (high_id);

CREATE INDEX introduced_pair ON public.introduced USING btree (low_id, high_id);

CREATE INDEX invitation_letters_address ON public.invitation_letters USING btree (address_mac, asked_at);

CREATE INDEX invitation_letters_asked ON public.invitation_letters USING btree (asked_at);

CREATE INDEX invitation_letters_sponsor ON public.invitation_letters USING btree (sponsor_id, asked_at);

CREATE UNIQUE INDEX invitations_address ON public.invitations USING btree (address_key);

CREATE INDEX invitations_sponsor ON public.invitations USING btree (sponsor_id, made_at);

CREATE INDEX join_requests_due ON public.join_requests USING btree (due_at, request_id);

CREATE INDEX join_requests_recommender ON public.join_requests USING btree (recommender_id, asked_at);

CREATE INDEX join_requests_waiting ON public.join_requests USING btree (asked_at, request_id) WHERE (answered_at IS NULL);

CREATE INDEX known_browsers_signed_in ON public.known_browsers USING btree (signed_in_at);

CREATE INDEX outbox_expiring ON public.outbox USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_naming ON public.outbox USING gin (names) WHERE ((sent_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_parked ON public.outbox USING btree (parked_at) WHERE (parked_at IS NOT NULL);

CREATE INDEX outbox_stored ON public.outbox USING brin (stored_at);

CREATE INDEX outbox_unnamed ON public.outbox USING btree (event_id) WHERE ((names IS NULL) AND (sent_at IS NOT NULL) AND (body <> '\x'::bytea));

CREATE INDEX outbox_waiting ON public.outbox USING btree (split_part(type, '.'::text, 1), "position") WHERE ((sent_at IS NULL) AND (parked_at IS NULL));

CREATE INDEX passkey_challenges_spent_at ON public.passkey_challenges_spent USING brin (spent_at);

CREATE INDEX passkeys_member ON public.passkeys USING btree (member_id);

CREATE INDEX places_sponsor ON public.places USING btree (sponsor_id);

CREATE INDEX public_notices_about ON public.public_notices USING btree (about_id) WHERE (about_id IS NOT NULL);

CREATE INDEX public_notices_address ON public.public_notices USING btree (address_key) WHERE (address_key IS NOT NULL);

CREATE INDEX public_notices_waiting ON public.public_notices USING btree (given_at, notice_id) WHERE (answered_at IS NULL);

CREATE INDEX reports_about ON public.reports USING btree (about_id);

CREATE INDEX reports_by ON public.reports USING btree (by_id);

CREATE INDEX reports_stored ON public.reports USING btree (stored_at);

CREATE INDEX reports_unsorted ON public.reports USING btree (reported_at, report_id) WHERE ((NOT sorted) AND (about_id IS NOT NULL));

CREATE INDEX searches_at ON public.searches USING brin (at);

CREATE INDEX searches_member ON public.searches USING btree (member_id, at);

CREATE INDEX sessions_member ON public.sessions USING btree (member_id, started_at);

CREATE INDEX sessions_seen ON public.sessions USING btree (seen_at);

CREATE INDEX sign_in_challenges_address ON public.sign_in_challenges USING btree (address_key, issued_at);

CREATE INDEX sign_in_challenges_issued ON public.sign_in_challenges USING btree (issued_at);

CREATE INDEX sign_in_counts_counted ON public.sign_in_counts USING brin (counted_at);

CREATE INDEX sign_in_counts_key ON public.sign_in_counts USING btree (key, counted_at);

CREATE TRIGGER community_changes_stay BEFORE DELETE OR UPDATE ON public.community_changes FOR EACH ROW EXECUTE FUNCTION community_changes_stay();

CREATE TRIGGER stays BEFORE DELETE OR UPDATE ON public.moderation_log FOR EACH ROW EXECUTE FUNCTION the_log_stays();
