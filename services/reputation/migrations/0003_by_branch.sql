-- expand: older code goes on with tables of its own; what it takes in or erases meanwhile is seen, and all is made anew from the ledger

-- The ledger takes in what moderators upheld (its rater is the report), and who vouched for whom (bad: she was released, or took it back).
alter table ratings
    add column weight smallint not null default 1 check (weight > 0),
    add column position bigint generated always as identity,
    add column counted boolean not null default false,   -- whether it came by code that counts by branch
    drop constraint ratings_role_check,
    add constraint ratings_role_check check (role in ('voucher', 'side', 'report', 'vouch'));

-- How an erased member rated others stays under a pseudonym: always the same one, and nobody finds her by it without this key.
create table pseudonym_key (
    only_row boolean primary key default true check (only_row),
    key bytea not null
);

insert into pseudonym_key (key) values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

create function pseudonym(id uuid) returns uuid language sql stable as $$
    select encode(substring(sha256(key || uuid_send(id)) for 16), 'hex')::uuid from pseudonym_key
$$;

create or replace function the_ledger_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if exists (select from members where member_id = old.member_id and erased) then
            return old;
        end if;
    elsif tg_op = 'UPDATE' and tg_table_name = 'ratings' then
        if exists (select from members where member_id = old.rater_id and erased)
            and to_jsonb(new) = to_jsonb(old) || jsonb_build_object('rater_id', pseudonym(old.rater_id)) then
            return new;
        end if;
    end if;
    raise exception 'the ledger is append-only: no % on %', lower(tg_op), tg_table_name using errcode = 'restrict_violation';
end
$$;

update ratings set rater_id = pseudonym(rater_id) where rater_id in (select member_id from members where erased);

create index ratings_of_rater on ratings (rater_id);
create index ratings_left_behind on ratings (position) where not counted;
-- Every few seconds a worker looks whom older code has erased.
create index members_erased on members (member_id) where erased;

-- Whose good words weigh whole, and have a branch of their own.
create table anchors (
    member_id uuid primary key,
    added_at timestamptz not null
);

-- How raters count, by night: a row says from which night on. Who has none weighs nothing. A row that isn't applied isn't in force yet.
create table nights (
    settled_at timestamptz primary key,
    finished boolean not null default false
);

create table tiers (
    rater_id uuid not null,
    settled_at timestamptz not null,
    tier smallint not null,                      -- by time as a member
    branch uuid not null,
    anchor boolean not null,
    applied boolean not null default false,
    primary key (rater_id, settled_at)
);

create index tiers_to_apply on tiers (rater_id) where not applied;

-- Derived: the word that counts of each rater about each member, in each role, and what all of them add up to. `own`: her last word about a
-- voucher, whether it counts or not; it adds nothing, and makes what that woman says of her mutual. The tables voices, sums and half_lives
-- are what older code keeps in their place.

create table words (
    member_id uuid not null,
    rater_id uuid not null,                      -- of a charge: the member who was reported
    role text not null check (role in ('voucher', 'own', 'report', 'vouch', 'charge')),
    event_id uuid not null,
    value text not null check (value in ('good', 'bad')),
    weight smallint not null,
    said_at timestamptz not null,
    among smallint not null default 1,           -- of a charge: how many answer for it
    primary key (member_id, rater_id, role)
);

create index words_of_rater on words (rater_id);

create table buckets (
    member_id uuid not null,
    kind text not null,
    tier smallint not null,
    branch uuid not null,                        -- nil if the kind isn't counted by branch
    anchor boolean not null,
    amount numeric not null,                     -- of 2^((t - T0) / H), fixed point; of women and vouches, how many
    primary key (member_id, kind, tier, branch, anchor)
);

-- The same, as a rebuild makes them: empty but within its transaction.
create unlogged table shadow_words (like words including all);
create unlogged table shadow_buckets (like buckets including all);

-- What the buckets were made with: half-lives, and a digest of all other settings (empty: nothing was made yet). What older code wrote to the
-- ledger up to this position is in them.
create table made_with (
    only_row boolean primary key default true check (only_row),
    good interval not null,
    bad interval not null,
    model text not null,
    up_to bigint not null
);

insert into made_with (good, bad, model, up_to) values (interval '1095 days', interval '1095 days', '', 0);
