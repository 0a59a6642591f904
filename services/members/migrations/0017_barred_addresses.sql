-- expand: a new table, which older code doesn't know.

-- Of a member whom moderators removed: what keeps her address from joining again, a keyed hash of it.
create table barred_addresses (
    address_mac bytea primary key,
    member_id uuid,                              -- null once she is erased
    barred_at timestamptz not null               -- business time
);

create index barred_addresses_member on barred_addresses (member_id);
