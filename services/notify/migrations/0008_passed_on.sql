-- expand: a column that may be empty; older code neither reads nor writes it, and passes on the address it knows
alter table members add column passed_on text;  -- what introductions pass on, if it isn't the address that her letters go to
