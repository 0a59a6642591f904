-- expand: older code neither reads nor writes it
-- A row is there as long as she wants her photo shown.
create table photos (
    member_id uuid primary key references accounts on delete cascade,
    picture bytea not null,                      -- a WebP of our own making, never what was sent
    tag text not null,
    consent integer not null,                    -- the version of the words by which she agreed
    consented_at timestamptz not null            -- business time
);
