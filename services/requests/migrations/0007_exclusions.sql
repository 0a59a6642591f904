-- What a form saw of what she allows, so that two of hers don't overwrite each other.
alter table reach add column version bigint not null default 0;

-- To whom she is never introduced nor suggested: a member, or whoever works at an organisation, by the key that its spellings share.
create table exclusions (
    id uuid primary key,
    member_id uuid not null,
    excluded_id uuid,
    organisation text not null default '',
    organisation_key text not null default '',
    made_at timestamptz not null,
    check (excluded_id <> member_id),
    check ((excluded_id is null) = (organisation_key <> ''))
);
create unique index exclusions_of_members on exclusions (member_id, excluded_id) where excluded_id is not null;
create unique index exclusions_of_organisations on exclusions (member_id, organisation_key) where excluded_id is null;
create index exclusions_excluded on exclusions (excluded_id) where excluded_id is not null;

-- Where a member works, as her profile says, and the key of that name.
alter table members add column organisation text not null default '';
alter table members add column organisation_key text not null default '';
