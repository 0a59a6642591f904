-- expand: a new table, which older code doesn't know.

-- The months whose first steps were counted and told.
create table counted_months (
    begins_at timestamptz primary key
);
