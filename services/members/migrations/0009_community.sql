-- expand: new tables alone, which code that came before doesn't know.
create table community (
    one boolean primary key default true check (one),
    version integer not null,
    name text not null,
    sender text not null,
    who_may_join text,
    announcement jsonb,
    logo bytea,
    changed_at timestamptz not null
);

-- A text of the steward's own, in one language; the versions that came before stay.
create table texts (
    text text not null,
    version integer not null,
    language text not null,
    words text not null,
    changes text not null,
    published_at timestamptz not null,
    primary key (text, version, language)
);

-- Who agreed to which version of which text.
create table agreements (
    member_id uuid not null references accounts on delete cascade,
    text text not null,
    version integer not null,
    agreed_at timestamptz not null,
    primary key (member_id, text, version)
);
