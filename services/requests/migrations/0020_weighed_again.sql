-- expand: older code neither reads nor writes the column, and weighs once, as before
-- In which month it was weighed last: as long as fewer than eight requests of hers have ended, it is weighed again in the next.
alter table connection_requests add column weighed_in timestamptz;
create index connection_requests_to_weigh_in on connection_requests ((coalesce(weighed_in, shown_at)), id) where unknown and not weighed;
drop index connection_requests_to_weigh;
