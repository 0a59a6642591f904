-- A no that the requester reads at once, as one of the kind sentences.
alter table connection_requests add column kind_answer text;
