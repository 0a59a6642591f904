-- When a profile was changed within the hour before its last change: no more than a limit counts.
alter table profiles add column changes timestamptz[] not null default '{}';
