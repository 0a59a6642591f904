-- expand: code that knows nothing of exports goes on as before.

-- That she asked for her data. What is in it is kept nowhere: it is read when she takes it.
create table exports (
    export_id uuid primary key,
    member_id uuid not null references accounts on delete cascade,
    asked_at timestamptz not null
);

create index exports_member on exports (member_id, asked_at);
