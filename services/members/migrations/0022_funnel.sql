-- expand: a new table, which older code doesn't know.

-- How many women took which step in a month that is over. Counted once, without ids, it outlives whomever it counted.
create table funnel (
    month date not null,
    stage text not null,
    counted integer not null,
    primary key (month, stage)
);
