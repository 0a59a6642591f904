-- expand: a new table, of which older code knows nothing
create table invitation_letters (
    invitation_id uuid primary key,
    sponsor_id uuid,
    address_mac bytea not null,
    asked_at timestamptz not null,
    sent boolean not null
);

create index invitation_letters_address on invitation_letters (address_mac, asked_at);
create index invitation_letters_sponsor on invitation_letters (sponsor_id, asked_at);
create index invitation_letters_asked on invitation_letters (asked_at);
