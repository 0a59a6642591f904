-- expand: columns with defaults that older code neither reads nor has to write; its rows are read as what they are

-- What a report is of, what it began with, what its writer attached and how far it is. A public notice has no member as its writer, and a
-- report whose other has left is about nobody.
alter table reports
    add column kind text not null default 'misconduct',
    add column subject text,                                 -- null in rows of older code: introduction_id says it
    add column subject_id uuid,
    add column attached text[] not null default '{}',        -- pairs of what it is and its text, each chosen by the writer
    add column state text not null default 'received',       -- received, looked_at, decided
    alter column about_id drop not null,
    alter column by_id drop not null;

-- Her list of whom she blocks names them as she knew them; for her alone.
alter table blocks
    add column name text not null default '',
    add column blocked_at timestamptz not null default clock_timestamp();

update blocks set name = profiles.name from profiles where profiles.member_id = blocked_id and active;
