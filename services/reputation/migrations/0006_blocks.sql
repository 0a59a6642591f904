-- expand: older code neither reads nor writes any of it, and shows a band to everybody for as long as it runs
-- Who is suspended and who blocks whom, so that nobody is shown anything of a woman who doesn't exist for her.
alter table members
    add column status_version bigint not null default 0,
    add column suspended boolean not null default false;

create table blocks (
    blocker_id uuid not null,
    blocked_id uuid not null,
    version bigint not null,
    active boolean not null,
    primary key (blocker_id, blocked_id)
);

create index blocks_blocked on blocks (blocked_id);
