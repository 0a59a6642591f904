-- Who was introduced to whom, and so may read the other's address.

create table introduced (
    introduction_id uuid primary key,
    low_id uuid not null references accounts,     -- the two sides, the lower id first
    high_id uuid not null references accounts,
    confirmed_at timestamptz not null,           -- business time
    check (low_id < high_id)
);

create index introduced_pair on introduced (low_id, high_id);
create index introduced_high on introduced (high_id);
