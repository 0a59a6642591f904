-- What was said of a letter and what was said of us are two things: only the former counts against it.

alter table letters
    add column deferrals integer not null default 0,  -- attempts at which the server said "not now" of this letter
    add column deferred_since timestamptz;            -- the first of them: given up some days after it

comment on column letters.attempts is 'tells one attempt from the next; says nothing of how many were about this letter';

create index letters_rejected on letters (changed_at) where state = 'rejected' and message is not null;

create table mail_server (                            -- one row, which all workers share
    one boolean primary key default true check (one),
    why text,                                         -- why nothing may leave, in a word; null while letters leave
    reason text not null default '',                  -- at which point of the dialogue, and the code
    failures integer not null default 0,              -- in a row, for the same cause
    try_at timestamptz not null default clock_timestamp()  -- when one worker may try one letter
);

insert into mail_server default values;
