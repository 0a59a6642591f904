-- The roles and databases of Madrina. For psql as a superuser (or a role with createrole and createdb); may run any number of times.
-- A service's two passwords come from the environment. Its migrate job does the rest: it closes the database to all others, and lets
-- the service's role change rows and nothing else. docs/operations.md tells the same for CloudNativePG, which needs no SQL.
\set ON_ERROR_STOP on

\getenv members_owner MEMBERS_OWNER_PASSWORD
\getenv members MEMBERS_PASSWORD
\getenv requests_owner REQUESTS_OWNER_PASSWORD
\getenv requests REQUESTS_PASSWORD
\getenv reputation_owner REPUTATION_OWNER_PASSWORD
\getenv reputation REPUTATION_PASSWORD
\getenv notify_owner NOTIFY_OWNER_PASSWORD
\getenv notify NOTIFY_PASSWORD

begin;
create temporary table roles (name text primary key, password text not null check (password <> '')) on commit drop;
insert into roles values
    ('members_owner', :'members_owner'), ('members', :'members'),
    ('requests_owner', :'requests_owner'), ('requests', :'requests'),
    ('reputation_owner', :'reputation_owner'), ('reputation', :'reputation'),
    ('notify_owner', :'notify_owner'), ('notify', :'notify');
select format('create role %I', name) from roles where name not in (select rolname from pg_roles) \gexec
select format('alter role %I login password %L', name, password) from roles \gexec
commit;

select format('create database %I owner %I template template0', name, name || '_owner')
    || ' locale_provider builtin builtin_locale ''C.UTF-8'' lc_collate ''C'' lc_ctype ''C'' encoding ''UTF8'''
from (values ('members'), ('requests'), ('reputation'), ('notify')) as wanted (name)
where name not in (select datname from pg_database) \gexec
