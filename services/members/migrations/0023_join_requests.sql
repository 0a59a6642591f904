-- expand: a new table, of which older code knows nothing
create table join_requests (
    request_id uuid primary key,
    member_id uuid not null unique references accounts (member_id) on delete cascade,
    name text not null,
    about text not null,
    language text not null,
    recommender_id uuid references accounts (member_id) on delete set null,
    asked_at timestamptz not null,
    answer_by timestamptz not null,
    due_at timestamptz not null,
    recommends boolean,
    answered_at timestamptz,
    let_in boolean
);

create index join_requests_due on join_requests (due_at, request_id);
create index join_requests_recommender on join_requests (recommender_id, asked_at);
create index join_requests_waiting on join_requests (asked_at, request_id) where answered_at is null;
