-- A report is about an introduction, or about the question that a member asks of whoever asks to connect with her.
alter table reports alter column introduction_id drop not null;
