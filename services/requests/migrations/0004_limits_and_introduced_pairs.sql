-- When she joined, for what a newcomer may send in a day. Null of those who had joined before this was kept.
alter table members add column joined_at timestamptz;

-- To have met isn't the least any more.
alter table connections drop constraint connections_closeness_check;
alter table connections add constraint connections_closeness_check check (closeness in ('worked_together', 'know_well', 'met', 'not_met'));

-- Who were introduced to each other, whichever of the two asked.
create index introductions_of_pair on introductions (least(a_id, b_id), greatest(a_id, b_id), made_at desc);
