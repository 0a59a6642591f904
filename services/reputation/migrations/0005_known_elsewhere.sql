-- expand: older code leaves the column alone, and passes over buckets of a kind it doesn't know

-- Whether women of two other branches said well of a rater. Branches in which two such women praise a member count twice for her.
alter table tiers add column known boolean not null default false;
