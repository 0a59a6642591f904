-- expand: a column with a default, which code that came before neither reads nor writes.
alter table members add column discreet boolean not null default false;
