-- expand: older code writes none of them, and a profile is good without
-- How her name is said, what she helps with and looks for, and whether others may find her.
alter table profiles
    add column pronunciation text not null default '',
    add column help_with text not null default '',
    add column seeking text not null default '',
    add column findable boolean not null default false;
