-- A connection that one of the two has removed is gone for both. Who did is kept, so that the other lets 90 days pass before she asks
-- anew; the request that had made it says that it isn't there any more.
create table removals (
    member_id uuid not null,
    other_id uuid not null,
    removed_at timestamptz not null,
    primary key (member_id, other_id)
);
create index removals_of_other on removals (other_id);

alter table connection_requests drop constraint connection_requests_state_check;
alter table connection_requests add constraint connection_requests_state_check
    check (state in ('pending', 'accepted', 'removed', 'declined', 'withdrawn', 'expired', 'blocked', 'member_left'));
