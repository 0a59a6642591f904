-- expand: a new table alone, which code that came before doesn't know.
create table community (
    one boolean primary key default true check (one),
    version integer not null,
    name text not null,
    sender text not null
);
