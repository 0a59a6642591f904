"""What each event makes notify write, on a real database: in any order, in batches, and once."""

from datetime import timedelta
from typing import Any

import pytest

from services.notify import worker
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.heard import HEARS
from shared.messaging.registry import NotYetKnown
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.world import ANA, INES, MARTA

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("members")]


async def written(desk: Desk) -> set[tuple[str, str]]:
    names = {ANA.profile.id: "Ana", INES.profile.id: "Inés", MARTA.profile.id: "Marta"}
    return {(row["kind"], names[row["recipient_id"]]) for row in await desk.letters()}


def test_every_event_that_notify_hears_has_its_handler() -> None:
    handled = {kind for feature in worker.features(world.SENDER) for kind in feature.handlers.types}
    assert handled == {event.type for event in HEARS["notify"]}


async def test_each_event_writes_its_letters(desk: Desk) -> None:
    cases: list[tuple[Event, set[tuple[str, str]]]] = [
        (world.connection_requested(), {("connection_requested", "Inés")}),
        (world.reminder(kind="request_waits", until=world.AT), {("request_waits", "Ana")}),
        (world.restricted(), {("requests_restricted", "Ana")}),
        (world.question_asked(), {("question_asked", "Ana")}),
        (world.question_answered(), {("question_answered", "Inés")}),
        (world.connection_closed("declined", kind_answer="read_it"), {("kind_answer", "Ana")}),
        (world.connection_accepted(), {("connection_accepted", "Ana")}),
        (world.connection_closed("declined"), {("did_not_go_ahead", "Ana")}),
        (world.asked(), {("introduction_asked", "Marta")}),
        (world.vouched(), {("introduction_vouched", "Ana"), ("introduction_vouched", "Inés")}),
        (world.confirmed(), {("introduction", "Ana"), ("introduction", "Inés")}),
        (world.reminder(), {("how_did_it_go", "Ana")}),
        (world.need_asked(), {("need_asked", "Marta")}),
        (world.need_closed("declined"), {("did_not_go_ahead", "Ana")}),
        (world.need_closed("met"), set()),
        (world.need_closed("withdrawn"), set()),
        (world.vouched(asker=None, to=(world.INES.profile.id,)), {("introduction_vouched", "Inés")}),
        (world.vouched(asker=None, to=(world.ANA.profile.id,)), {("introduction_vouched", "Ana")}),
        (world.sides_connected(), {("sides_connected", "Ana")}),
        (world.sides_connected(told_id=None), set()),
        (world.reminder(kind="in_touch"), {("in_touch", "Ana")}),
        (world.closed("expired"), {("did_not_go_ahead", "Ana")}),
    ]
    for event, expected in cases:
        await desk.heard(event)
        assert await written(desk) == expected, event.type
        await desk.pool.execute("delete from letters")


async def test_a_whole_introduction_that_did_not_go_ahead(desk: Desk) -> None:
    ask = world.asked()
    same: dict[str, Any] = {"aggregate_id": ask.aggregate_id}
    await desk.heard(ask, world.vouched(**same), world.closed("passed", **same))
    assert await written(desk) == {
        ("introduction_asked", "Marta"),
        ("introduction_vouched", "Ana"),
        ("introduction_vouched", "Inés"),
        ("did_not_go_ahead", "Ana"),
        ("did_not_go_ahead", "Marta"),
    }


async def test_what_is_older_than_applied_writes_nothing(desk: Desk) -> None:
    ask = world.asked()
    same: dict[str, Any] = {"aggregate_id": ask.aggregate_id}
    await desk.heard(world.closed("withdrawn", **same), world.vouched(**same), ask)
    assert await written(desk) == set()  # nobody had heard of it, and now it is over


async def test_a_voucher_who_has_vouched_is_not_asked_any_more(desk: Desk) -> None:
    ask = world.asked()
    await desk.heard(world.vouched(aggregate_id=ask.aggregate_id), ask)
    assert await written(desk) == {("introduction_vouched", "Ana"), ("introduction_vouched", "Inés")}


async def test_two_events_of_one_end_tell_it_once(desk: Desk) -> None:
    vouch = world.vouched()
    same: dict[str, Any] = {"aggregate_id": vouch.aggregate_id}
    withdrawn, closed = world.vouch_withdrawn(**same), world.closed("vouch_withdrawn", **same)
    later = world.closed("vouch_withdrawn", aggregate_version=4, **same)
    for events in ([withdrawn, closed, later], [closed, withdrawn, later]):
        await desk.pool.execute("delete from letters; delete from progress")
        await desk.heard(vouch, *events)
        ends = [row["recipient_id"] for row in await desk.letters() if row["kind"] == "did_not_go_ahead"]
        assert sorted(ends) == sorted([ANA.profile.id, INES.profile.id])


async def test_nothing_asks_or_closes_after_a_confirmation(desk: Desk) -> None:
    confirmed = world.confirmed()
    same: dict[str, Any] = {"aggregate_id": confirmed.aggregate_id}
    await desk.heard(confirmed, world.vouched(**same), world.closed("expired", aggregate_version=9, **same))
    assert await written(desk) == {("introduction", "Ana"), ("introduction", "Inés")}


async def test_a_confirmation_counts_whatever_was_heard_before(desk: Desk) -> None:
    confirmed = world.confirmed()
    await desk.heard(world.vouched(aggregate_id=confirmed.aggregate_id, aggregate_version=9), confirmed)
    assert ("introduction", "Inés") in await written(desk)


async def test_an_end_that_does_not_show_yet_is_not_told(desk: Desk) -> None:
    soon = clock.now() + timedelta(minutes=5)
    for event in (world.closed("passed", shown_at=soon), world.connection_closed("declined", shown_at=soon)):
        with pytest.raises(NotYetKnown):
            await desk.heard(event)
    assert await written(desk) == set()


async def test_what_waits_for_a_card_leaves_no_trace(desk: Desk) -> None:
    stranger = world.member("Someone New")
    event = world.asked(voucher_id=stranger.profile.id)
    with pytest.raises(NotYetKnown):
        await desk.heard(event)
    assert await desk.pool.fetchval("select count(*) from progress") == 0
    await desk.heard(*world.joining(stranger), event)
    assert [row["recipient_id"] for row in await desk.letters()] == [stranger.profile.id]


async def test_a_batch_of_confirmations_is_written_together(desk: Desk) -> None:
    events = [world.confirmed() for _ in range(50)]
    await desk.heard_together(*events)
    rows = await desk.letters()
    assert len(rows) == 100
    assert {row["event_id"] for row in rows} == {event.id for event in events}
    assert len({bytes(row["message"]) for row in rows}) == 100


async def test_one_confirmation_that_must_wait_spoils_its_batch_as_a_whole(desk: Desk) -> None:
    waiting = world.confirmed(voucher_id=world.member("Someone New").profile.id)
    with pytest.raises(NotYetKnown):
        await desk.heard_together(world.confirmed(), waiting)
    assert await desk.letters() == []


async def test_a_letter_keeps_the_correlation_of_its_event(desk: Desk) -> None:
    await desk.heard(world.confirmed(correlation_id="abcdefgh-1"), world.code_issued(correlation_id="abcdefgh-2"))
    assert [row["correlation_id"] for row in await desk.letters()] == ["abcdefgh-1", "abcdefgh-1", "abcdefgh-2"]
