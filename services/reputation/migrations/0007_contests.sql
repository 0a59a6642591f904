-- expand: new tables; older code leaves excluded words in what it counts, which is seen by `excluding`, and all is made anew

-- Ratings that a moderator found not to count. They stay in the ledger, and this is a part of it.
create table exclusions (
    member_id uuid not null,                     -- whom, on what, by whom and in which event: the rating's key
    introduction_id uuid not null,
    rater_id uuid not null,
    event_id uuid not null,
    contest_id uuid not null,
    by_id uuid not null,
    reason text,                                 -- null: it went with another rating of the same answer
    excluded_at timestamptz not null,
    primary key (member_id, introduction_id, rater_id, event_id)
);

create index exclusions_of_rater on exclusions (rater_id);

create table contests (
    contest_id uuid primary key,
    member_id uuid not null,
    line text not null check (line in ('good', 'mutual', 'bad', 'upheld', 'newcomer')),
    objection text not null,
    contested_at timestamptz not null,
    answer text,
    decided_at timestamptz,
    check ((answer is null) = (decided_at is null))
);

create unique index contests_one_open on contests (member_id, line) where decided_at is null;
create index contests_of_member on contests (member_id, contested_at);
create index contests_waiting on contests (contested_at, contest_id) where decided_at is null;

-- Who did what in which contest: bare ids, and never a word of anybody's. `by_id`: null is the member herself.
create table contest_log (
    entry_id bigint generated always as identity primary key,
    logged_at timestamptz not null,
    by_id uuid,
    action text not null check (action in ('contested', 'read', 'decided')),
    contest_id uuid not null
);

create or replace function the_ledger_stays() returns trigger language plpgsql as $$
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
$$;

-- No service may empty a table at once (shared/postgres/rights.py).
create trigger stays before update or delete on exclusions for each row execute function the_ledger_stays();
create trigger stays before update or delete on contest_log for each row execute function the_ledger_stays();

-- Whether it came by code that leaves excluded words out. What others wrote up to that position is counted without them.
alter table ratings add column excluding boolean not null default false;
create index ratings_not_excluding on ratings (position) where not excluding;
alter table made_with add column excluding_up_to bigint not null default 0;
update made_with set excluding_up_to = coalesce((select max(position) from ratings), 0);

-- Reports are few, and every snapshot asks for whom there is one.
create index ratings_of_reports on ratings (member_id) where role = 'report';
