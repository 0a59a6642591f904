-- Asks by need: whom she looks for, told to one of her connections, who may answer with a proposal. In it the counterpart is asked first:
-- until she has said yes (`opened_at`) it doesn't exist for the asker.
create table needs (
    id uuid primary key,
    asker_id uuid not null,
    voucher_id uuid not null check (voucher_id <> asker_id),
    looking_for text not null,
    asked_at timestamptz not null,
    ends_at timestamptz not null,
    shown_at timestamptz not null check (shown_at <= ends_at),
    state text not null check (
        state in ('open', 'declined', 'answered', 'met', 'withdrawn', 'expired', 'blocked', 'member_left')
    ),
    version integer not null,
    ended_at timestamptz,
    announced boolean not null,
    introduction_id uuid unique
);
create index needs_of_asker on needs (asker_id, asked_at desc);
create index needs_of_voucher on needs (voucher_id, asked_at desc);
create index needs_to_announce on needs (shown_at) where not announced;

alter table introductions add column need_id uuid;
alter table introductions add column opened_at timestamptz;
alter table introductions add check (need_id is null or (origin = 'proposed' and (confirmed_at is null or opened_at is not null)));
