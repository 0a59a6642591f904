"""Just before DATA: what stops a letter, what doesn't, and that the look is never older than its question."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notify.delivery.last_look import LastLook
from services.notify.delivery.talkers import Manners
from services.notify.queue import claims
from shared.contracts.events.base import Event
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.world import ANA, INES, MARTA

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("members")]

TO_ANA, TO_INES = ANA.address, INES.address


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (world.blocked(ANA, INES), "blocked"),
        (world.blocked(INES, ANA), "blocked"),
        (world.suspended(ANA), "suspended"),
        (world.suspended(INES), "suspended"),
        (world.erased(ANA), "erased"),
        (world.erased(INES), "erased"),
    ],
)
async def test_what_lands_between_the_two_letters_stops_the_second(what: Event, reason: str, desk: Desk) -> None:
    async def lands(recipient: str) -> None:
        await desk.heard(what)

    desk.smtp.before_words = lands
    await desk.heard(world.confirmed())
    async with desk.delivering(manners=Manners(connections=1)):
        await desk.until(desk.over)
    assert len(desk.smtp.taken) == 1
    stopped = next(row for row in await desk.letters() if row["state"] != "sent")
    assert stopped["state"] == "suppressed"
    assert stopped["reason"].removeprefix("other_") == reason
    assert (stopped["message"], stopped["address"]) == (None, None)


@pytest.mark.parametrize(
    "before", [[world.blocked(ANA, INES)], [world.suspended(INES)], [world.blocked(INES, ANA), world.unblocked(ANA, INES)]]
)
async def test_what_landed_before_stops_both(before: list[Event], desk: Desk) -> None:
    await desk.heard(world.confirmed(), *before)
    async with desk.delivering():
        await desk.until(desk.over)
    assert desk.smtp.taken == []
    assert {row["state"] for row in await desk.letters()} == {"suppressed"}
    assert "data" not in desk.smtp.commands


@pytest.mark.parametrize(
    "before",
    [
        [world.blocked(MARTA, ANA)],
        [world.blocked(ANA, MARTA)],
        [world.suspended(MARTA)],
        [world.blocked(ANA, INES), world.unblocked(ANA, INES)],
        [world.suspended(ANA), world.reinstated(ANA)],
    ],
)
async def test_the_voucher_and_what_was_taken_back_stop_nothing(before: list[Event], desk: Desk) -> None:
    await desk.heard(world.confirmed(), *before)
    async with desk.delivering():
        await desk.until(desk.over)
    assert len(desk.smtp.taken) == 2


async def test_a_block_or_a_departure_stops_no_sentence_about_an_ending(desk: Desk) -> None:
    ending = world.closed("blocked")
    await desk.heard(world.vouched(aggregate_id=ending.aggregate_id), world.blocked(INES, ANA))
    await desk.heard(ending, world.suspended(MARTA), world.erased(INES))
    async with desk.delivering():
        await desk.until(desk.over)
    told = {row["recipient_id"]: row["state"] for row in await desk.letters() if row["kind"] == "did_not_go_ahead"}
    assert told == {ANA.profile.id: "sent", MARTA.profile.id: "suppressed"}


@pytest.mark.parametrize(("block", "expected"), [(world.blocked(INES, ANA), "sent"), (world.blocked(ANA, INES), "suppressed")])
async def test_of_what_looks_open_on_only_her_own_block_stops_a_letter(block: Event, expected: str, desk: Desk) -> None:
    # Inés's block of Ana looks like silence on Ana's pages until the end: a letter that doesn't come must not tell it from that.
    await desk.heard(world.vouched(), block)
    async with desk.delivering():
        await desk.until(desk.over)
    states = {row["recipient_id"]: row["state"] for row in await desk.letters()}
    assert states[ANA.profile.id] == expected
    assert states[INES.profile.id] == {"sent": "suppressed", "suppressed": "sent"}[expected]


@pytest.mark.parametrize(
    ("letter", "what", "expected"),
    [
        (world.moderation_noticed(), world.suspended(ANA), ("sent", "")),
        (world.moderation_noticed(), world.erased(ANA), ("suppressed", "erased")),
        (world.restricted(), world.suspended(ANA), ("suppressed", "suspended")),
        (world.notice_answered(aggregate_id=ANA.profile.id), world.suspended(ANA), ("sent", "")),
    ],
)
async def test_it_asks_of_members_alone_and_a_suspended_one_reads_what_was_decided(
    letter: Event, what: Event, expected: tuple[str, str], desk: Desk
) -> None:
    await desk.heard(letter, what)
    async with desk.delivering():
        await desk.until(desk.over)
    [row] = await desk.letters()
    assert (row["recipient_id"], row["state"], row["reason"]) == (ANA.profile.id, *expected)


@pytest.mark.parametrize(
    ("event", "why_not"), [(world.notice_answered(aggregate_id=ANA.profile.id), ""), (world.moderation_noticed(), "erased")]
)
async def test_of_a_letter_to_an_address_no_member_is_asked(event: Event, why_not: str, desk: Desk) -> None:
    await desk.heard(event)
    me = uuid4()
    letter = (await claims.claim(desk.pool, me, 1, 60))[0]
    await desk.heard(world.erased(ANA))
    assert await claims.last_look(desk.pool, me, [letter.attempt], 1) == {letter.letter_id: why_not}


async def test_the_last_look_stops_a_code_that_is_over(desk: Desk) -> None:
    await desk.heard(world.code_issued(expires_at=datetime.now(UTC) + timedelta(seconds=0.3)))
    me = uuid4()
    letter = (await claims.claim(desk.pool, me, 1, 60))[0]
    await asyncio.sleep(0.4)
    assert await claims.last_look(desk.pool, me, [letter.attempt], 1) == {letter.letter_id: "expired"}


async def test_if_the_database_fails_the_look_the_letter_waits(desk: Desk) -> None:
    await desk.heard(world.reminder())

    async def broken(*args: Any) -> dict[int, str]:
        raise ConnectionError("gone")

    async def deferred() -> bool:
        return [row["state"] for row in await desk.letters()] == ["deferred"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "last_look", broken)
        async with desk.delivering():
            await desk.until(deferred)
    assert desk.smtp.taken == []


async def test_looks_asked_together_share_a_statement_and_are_never_older_than_their_question(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[tuple[int, int]]] = []

    async def look(database: Any, worker_id: UUID, attempts: list[tuple[int, int]], left: float) -> dict[int, str]:
        asked.append(attempts)
        await asyncio.sleep(0.01)
        return dict.fromkeys((letter_id for letter_id, _ in attempts if letter_id != 7), "")

    monkeypatch.setattr(claims, "last_look", look)
    last_look = LastLook(desk.pool, uuid4(), margin=5)
    first = asyncio.create_task(last_look.ask((1, 1)))
    await asyncio.sleep(0.005)
    others = [asyncio.create_task(last_look.ask((number, 1))) for number in (2, 3, 7)]
    assert await asyncio.gather(first, *others) == [None, None, None, "not ours any more"]
    assert asked == [[(1, 1)], [(2, 1), (3, 1), (7, 1)]]


async def test_members_who_said_how_it_went_are_not_asked(desk: Desk) -> None:
    introduction = uuid4()
    await desk.heard(
        world.reminder(subject_id=introduction), world.reminder(subject_id=introduction, member_id=INES.profile.id, about_id=ANA.profile.id)
    )
    await desk.heard(world.revealed(introduction, {ANA.profile.id: "worthwhile"}))
    assert {row["recipient_id"]: row["state"] for row in await desk.letters()} == {ANA.profile.id: "suppressed", INES.profile.id: "queued"}
