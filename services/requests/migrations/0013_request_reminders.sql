-- Whether the recipient was reminded of a request that she hasn't answered.
alter table connection_requests add column reminded boolean not null default false;
create index connection_requests_to_remind on connection_requests (expires_at, id) where state = 'pending' and not reminded;
