-- A pass and a decline are no end any more until theirs shows: whoever said it may still say yes. What ends an introduction
-- out of sight for good is a block or a departure. Where one of these came after a no, only `hidden_from` knew of it.
update introductions
set hidden_end_reason = case when hidden_from <> '{}' then 'blocked' end,
    hidden_end_at = case when hidden_from <> '{}' then hidden_end_at end
where hidden_end_reason in ('passed', 'declined_by_voucher');

alter table introductions drop constraint confirmed_by_both;
alter table introductions add constraint confirmed_by_both check (
    confirmed_at is null
    or (vouched_at is not null and a_said is not distinct from 'confirmed' and b_said is not distinct from 'confirmed'
        and declined_at is null and hidden_end_at is null and shown_end_at is null)
);
