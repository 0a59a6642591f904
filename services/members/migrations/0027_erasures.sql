-- expand: a new table alone, which code that came before doesn't know.
create table erasures (
    member_id uuid not null,
    service text not null,
    erased_at timestamptz not null default now(),
    done_at timestamptz,                              -- when that service said so
    primary key (member_id, service)
);
