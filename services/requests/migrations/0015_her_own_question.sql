-- The recipient's own question as it was when she was asked, and the requester's answer.
alter table connection_requests add column recipient_question text;
alter table connection_requests add column requester_answer text;
alter table connection_requests add check ((recipient_question is null) = (requester_answer is null));
