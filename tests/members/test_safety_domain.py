"""Blocks and suspensions, done and taken back in any order: each change is one event with the next version."""

from datetime import UTC, datetime
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.members.safety.domain import Block, Status
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberBlocked, MemberErased, MemberReinstated, MemberSuspended, MemberUnblocked

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TURNS = st.lists(st.booleans(), max_size=12)


def kept(turns: list[bool], *, now: bool = False) -> list[bool]:
    """The turns that change something."""
    changes = []
    for turn in turns:
        if turn != now:
            changes.append(turn)
        now = turn
    return changes


@given(TURNS)
def test_each_change_of_a_block_is_one_event(turns: list[bool]) -> None:
    block, events = Block(uuid4(), uuid4()), list[Event]()
    for turn in turns:
        block, more = block.block("Eva", AT) if turn else block.unblock(AT)
        events += more
    assert [type(event) for event in events] == [MemberBlocked if turn else MemberUnblocked for turn in kept(turns)]
    assert [event.aggregate_version for event in events] == list(range(1, len(events) + 1))
    assert block.active == (turns[-1] if turns else False)


def test_each_direction_of_a_pair_is_a_block_of_its_own() -> None:
    one, other = uuid4(), uuid4()
    [hers], [others] = Block(one, other).block("Eva", AT)[1], Block(other, one).block("Ana", AT)[1]
    assert hers.aggregate_id != others.aggregate_id
    assert Block(one, other).block("Eva", AT)[1] == [hers], "the same block has the same id, so that its versions follow each other"


@given(TURNS)
def test_each_change_of_a_status_is_one_event_and_leaving_is_the_last(turns: list[bool]) -> None:
    status, events = Status(uuid4()), list[Event]()
    for turn in turns:
        status, more = status.suspend(AT) if turn else status.reinstate(AT)
        events += more
    events.append(status.erase(AT))
    kinds = [MemberSuspended if turn else MemberReinstated for turn in kept(turns)]
    assert [type(event) for event in events] == [*kinds, MemberErased]
    assert [event.aggregate_version for event in events] == list(range(1, len(events) + 1))
    assert {event.aggregate_id for event in events} == {status.member_id}
