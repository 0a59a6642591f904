-- One question of the recipient's before she decides, and the requester's answer.
alter table connection_requests add column clarifying_question text;
alter table connection_requests add column clarifying_answer text check (clarifying_answer is null or clarifying_question is not null);
