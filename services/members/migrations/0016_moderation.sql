-- expand: new tables, and a column with a default, which older code doesn't know.

-- Whether a report is part of a case. It becomes one by itself, so that reporting looks the same whoever it is about.
alter table reports add column sorted boolean not null default false;
create index reports_unsorted on reports (reported_at, report_id) where not sorted and about_id is not null;

create table cases (
    case_id uuid primary key,
    about_id uuid not null references accounts on delete cascade,
    opened_at timestamptz not null,              -- business time, as all times here
    version integer not null,
    moderator_id uuid,
    appeal text,                                 -- hers, for moderators
    appealed_at timestamptz,
    settled_at timestamptz,
    waiting boolean not null,                    -- a moderator has something to do
    absent boolean not null,                     -- she doesn't take part because of it
    due_at timestamptz                           -- when time alone changes something next
);

create index cases_about on cases (about_id);
create index cases_waiting on cases (opened_at, case_id) where waiting;
create index cases_due on cases (due_at) where due_at is not null;

create table case_reports (
    report_id uuid primary key,
    case_id uuid not null references cases on delete cascade,
    by_id uuid,
    kind text not null,
    introduction_id uuid,
    reported_at timestamptz not null
);

create index case_reports_case on case_reports (case_id, reported_at);
create index case_reports_by on case_reports (by_id);

create table decisions (
    decision_id uuid primary key,
    case_id uuid not null references cases on delete cascade,
    kind text not null,
    rule text not null,
    reasons text not null,
    field text,
    by_id uuid not null,                         -- a bare id once that moderator is erased
    decided_at timestamptz not null,
    until timestamptz,
    told boolean not null,
    acknowledged_at timestamptz
);

create index decisions_case on decisions (case_id, decided_at);

create table case_notes (
    note_id uuid primary key,
    case_id uuid not null references cases on delete cascade,
    by_id uuid not null,
    note text not null,
    noted_at timestamptz not null
);

create index case_notes_case on case_notes (case_id, noted_at);

-- Who did what in which case: bare ids, and never a word of anybody's.
create table moderation_log (
    entry_id bigint generated always as identity primary key,
    logged_at timestamptz not null,
    by_id uuid,
    action text not null,
    case_id uuid not null
);

-- No service may empty a table at once (shared/postgres/rights.py).
create function the_log_stays() returns trigger language plpgsql as $$
begin
    raise exception 'the log is append-only: no % on %', lower(tg_op), tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger stays before update or delete on moderation_log for each row execute function the_log_stays();

-- How much of what there was in each half-year: no ids, so that it outlives whomever it was about.
create table moderation_counts (
    half_year text not null,
    what text not null,                          -- reports, decisions, appeals
    kind text not null,
    counted integer not null,
    primary key (half_year, what, kind)
);
