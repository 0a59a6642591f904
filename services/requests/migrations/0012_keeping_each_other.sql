-- After an introduction that was worthwhile each side may say that she would keep the other, and how well she knows her; two of these
-- connect them, with the introduction instead of a request.
alter table introductions add column a_keeps text check (a_keeps in ('worked_together', 'know_well', 'met', 'not_met'));
alter table introductions add column b_keeps text check (b_keeps in ('worked_together', 'know_well', 'met', 'not_met'));
alter table connections add column introduction_id uuid;
alter table connections alter column connection_request_id drop not null;
alter table connections add check (connection_request_id is not null or introduction_id is not null);
