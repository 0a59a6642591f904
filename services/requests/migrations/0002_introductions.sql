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
    hidden_end_reason text,                           -- a no that doesn't show; known to no one but this service
    hidden_end_at timestamptz,
    shown_end_reason text,                          -- the end that shows; never on a page
    shown_end_at timestamptz,
    hidden_from uuid[] not null,                    -- for these it doesn't exist: they blocked or left, or that came before they saw it
    why_her text,
    show_why_her boolean not null,
    a_id uuid not null,                        -- of an ask, the asker
    a_words text,
    a_said text check (a_said in ('confirmed', 'passed')),
    a_said_at timestamptz,
    a_answer text check (a_answer in ('worthwhile', 'did_not_meet', 'not_as_described', 'misconduct')),
    a_answered_at timestamptz,
    a_thank_you text,
    a_report text,                             -- her words for the moderators
    b_id uuid not null,                      -- of an ask, the counterpart
    b_words text,
    b_said text check (b_said in ('confirmed', 'passed')),
    b_said_at timestamptz,
    b_answer text check (b_answer in ('worthwhile', 'did_not_meet', 'not_as_described', 'misconduct')),
    b_answered_at timestamptz,
    b_thank_you text,
    b_report text,
    check (voucher_id <> a_id and voucher_id <> b_id and a_id <> b_id),
    check ((asker_id is null) = (origin = 'proposed') and (asker_id is null or asker_id = a_id)),
    -- What must hold whatever the code above does: confirmed means vouched, both said yes, and nobody said no.
    constraint confirmed_by_both check (
        confirmed_at is null
        or (vouched_at is not null and a_said is not distinct from 'confirmed' and b_said is not distinct from 'confirmed'
            and hidden_end_at is null and shown_end_at is null)
    ),
    check (confirmed_at is not null or (a_answer is null and b_answer is null))
);

create index introductions_due on introductions (due_at) where due_at is not null;
create index introductions_open_vouches on introductions (voucher_id)
    where vouched_at is not null and confirmed_at is null and shown_end_at is null;
create index introductions_asks on introductions (asker_id, b_id, made_at desc) where asker_id is not null;

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
