-- What a request says beside where they met and why now, if its requester likes: the name of the event or organisation where they met,
-- and what she asks for.
alter table connection_requests add column met_at text not null default '';
alter table connection_requests add column asks_for text check (asks_for in ('twenty_minutes', 'advice', 'mentoring', 'referral', 'other'));
