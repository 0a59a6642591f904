-- Introductions, with their vouches, answers and outcomes in one row, so that one row lock orders everything about one.

create table introductions (
    id uuid primary key,
    origin text not null check (origin in ('asked', 'proposed')),
    voucher_id uuid not null,
    asker_id uuid,
    version integer not null,
    made_at timestamptz not null,
    vouched_at timestamptz,
    confirmed_at timestamptz,
    declined_at timestamptz,
    questioned_at timestamptz,
    settled_at timestamptz,
    due_at timestamptz,                          -- when time alone changes it next; for an open one, the end that silence brings
    quiet_reason text,                           -- a no that doesn't show; known to no one but this service
    quiet_at timestamptz,
    closed_reason text,                          -- the end that shows; never on a page
    closed_at timestamptz,
    gone_for uuid[] not null,                    -- for these it doesn't exist: they blocked or left, or that came before they saw it
    why_her text,
    show_why_her boolean not null,
    one_id uuid not null,                        -- of an ask, the asker
    one_words text,
    one_said text check (one_said in ('confirmed', 'passed')),
    one_said_at timestamptz,
    one_answer text check (one_answer in ('worthwhile', 'did_not_meet', 'not_as_described', 'misconduct')),
    one_answered_at timestamptz,
    one_thank_you text,
    one_report text,                             -- her words for the moderators
    other_id uuid not null,                      -- of an ask, the counterpart
    other_words text,
    other_said text check (other_said in ('confirmed', 'passed')),
    other_said_at timestamptz,
    other_answer text check (other_answer in ('worthwhile', 'did_not_meet', 'not_as_described', 'misconduct')),
    other_answered_at timestamptz,
    other_thank_you text,
    other_report text,
    check (voucher_id <> one_id and voucher_id <> other_id and one_id <> other_id),
    check ((asker_id is null) = (origin = 'proposed') and (asker_id is null or asker_id = one_id)),
    -- What must hold whatever the code above does: confirmed means vouched, both said yes, and nobody said no.
    constraint confirmed_by_both check (
        confirmed_at is null
        or (vouched_at is not null and one_said is not distinct from 'confirmed' and other_said is not distinct from 'confirmed'
            and quiet_at is null and closed_at is null)
    ),
    check (confirmed_at is not null or (one_answer is null and other_answer is null))
);

create index introductions_due on introductions (due_at) where due_at is not null;
create index introductions_open_vouches on introductions (voucher_id)
    where vouched_at is not null and confirmed_at is null and closed_at is null;
create index introductions_asks on introductions (asker_id, other_id, made_at desc) where asker_id is not null;

-- Whose introductions they are: a member's rows live together.
create table introduction_members (
    member_id uuid not null,
    introduction_id uuid not null,
    primary key (member_id, introduction_id)
);

-- The cards of members who left while an introduction of theirs looks open to the others; gone with its end.
create table departed_cards (
    member_id uuid primary key,
    name text not null,
    headline text not null
);
