-- expand: new tables, of which older code knows nothing
create table invitations (
    invitation_id uuid primary key,
    sponsor_id uuid references accounts (member_id) on delete cascade,
    founder boolean not null default false,
    address_key text,
    prefill jsonb,
    made_at timestamptz not null,
    expires_at timestamptz not null,
    withdrawn_at timestamptz,
    used_at timestamptz
);

create index invitations_sponsor on invitations (sponsor_id, made_at);
create unique index invitations_address on invitations (address_key);

create table places (
    member_id uuid primary key references accounts (member_id) on delete cascade,
    branch uuid not null,
    founder boolean not null default false,
    sponsor_id uuid references accounts (member_id) on delete set null,
    invitation_id uuid,
    joined_on date,
    sanctions integer not null default 0,
    sanctioned_at timestamptz
);

create index places_sponsor on places (sponsor_id);
