-- expand: code that knows nothing of roles, or of what a session has shown, goes on as before.

create table roles (
    member_id uuid not null references accounts on delete cascade,
    role text not null check (role in ('moderator', 'steward')),
    since timestamptz not null,
    primary key (member_id, role)
);

-- When she last showed a code or a passkey in this session, and which of the two she has shown in it. Before this there were codes alone,
-- at the beginning.
alter table sessions add column authenticated_at timestamptz;
alter table sessions add column amr text[] not null default '{code}';
