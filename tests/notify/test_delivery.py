"""Delivery on a real PostgreSQL, against mail servers that fail at every point."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.delivery.dispatch import Pace
from services.notify.delivery.talkers import Manners
from services.notify.queue import store
from shared.postgres.database import transaction
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.world import ANA, INES
from tests.observed import Observed, observed

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("members")]

TO_ANA, TO_INES = ANA.address, INES.address


async def test_an_introduction_reaches_both_and_its_bytes_are_gone_then(desk: Desk) -> None:
    await desk.heard(world.confirmed())
    written = {row["recipient_id"]: bytes(row["message"]) for row in await desk.letters()}
    async with desk.delivering():
        await desk.until(desk.over)
    assert sorted(desk.smtp.recipients) == sorted([TO_ANA, TO_INES])
    assert {letter.recipient: letter.content for letter in desk.smtp.taken} == {
        TO_ANA: written[ANA.profile.id],
        TO_INES: written[INES.profile.id],
    }
    for row in await desk.letters():
        assert (row["state"], row["attempts"], row["unknowns"]) == ("sent", 1, 0)
        assert (row["message"], row["address"], row["due_at"]) == (None, None, None)


async def test_a_letter_is_written_once_for_ever(desk: Desk) -> None:
    event = world.confirmed()
    await desk.heard(event)
    async with desk.delivering():
        await desk.until(desk.over)
        await desk.heard(event)
        await desk.heard(event)
        await asyncio.sleep(0.2)
    assert len(desk.smtp.taken) == 2
    assert len(await desk.letters()) == 2


async def test_when_a_code_leaves_says_nothing_of_when_it_was_asked_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "CODES_WITHIN", 1.0)
    for number in range(30):
        await desk.heard(world.code_issued(address=f"a{number}@example.test"))
    await desk.heard(world.reminder())
    waits = [(row["due_at"] - row["written_at"]).total_seconds() for row in await desk.letters()]
    *codes, ordinary = waits
    assert -0.01 < min(codes) < max(codes) - 0.5 < 0.51
    assert abs(ordinary) < 0.01


async def test_a_commit_wakes_delivery(desk: Desk) -> None:
    async with desk.delivering(Pace(poll=60)):
        await asyncio.sleep(0.3)
        began = asyncio.get_running_loop().time()
        await desk.heard(world.confirmed())
        await desk.until(lambda: len(desk.smtp.taken) == 2)
        assert asyncio.get_running_loop().time() - began < 5


async def test_a_mail_server_that_is_down_delays_letters_and_loses_none(desk: Desk) -> None:
    await desk.smtp.stop()
    for _ in range(20):
        await desk.heard(world.confirmed())
    async with desk.delivering():
        await asyncio.sleep(1)
        assert {row["state"] for row in await desk.letters()} <= {"queued", "deferred", "sending"}
        await desk.smtp.start()
        await desk.until(desk.over)
    assert len(desk.smtp.taken) == 40
    assert {(row["state"], row["unknowns"]) for row in await desk.letters()} == {("sent", 0)}


@pytest.mark.parametrize(
    "step",
    [("rcpt", "450"), ("rcpt", "drop"), ("rcpt", "554 5.7.1"), ("data", "drop"), ("data", "451"), ("words", "451"), ("words", "552")],
)
async def test_a_letter_that_certainly_did_not_leave_waits_and_keeps_its_bytes(step: tuple[str, str], desk: Desk) -> None:
    desk.smtp.will(step)
    await desk.heard(world.reminder())

    async def deferred() -> bool:
        return [row["state"] for row in await desk.letters()] == ["deferred"]

    async with desk.delivering():
        await desk.until(deferred)
        row = (await desk.letters())[0]
        assert row["due_at"] > datetime.now(UTC)
        assert (row["unknowns"], bool(row["message"])) == (0, True)
        assert desk.smtp.taken == []
        await desk.pool.execute("update letters set due_at = clock_timestamp()")
        await desk.until(desk.over)
    assert desk.smtp.recipients == [TO_ANA]


async def test_the_days_that_a_letter_waited_for_the_server_are_not_held_against_it(desk: Desk) -> None:
    await desk.heard(world.reminder())
    await desk.pool.execute("update letters set written_at = now() - interval '6 days', attempts = 40")
    desk.smtp.will(("rcpt", "450 4.2.0"))
    async with desk.delivering():
        await desk.until(lambda: desk.smtp.taken)
        await desk.until(desk.over)
    assert [(row["state"], row["deferrals"]) for row in await desk.letters()] == [("sent", 1)]


@pytest.mark.parametrize("step", [("rcpt", "550"), ("rcpt", "550 5.1.1"), ("words", "554 5.7.1")])
async def test_a_rejected_letter_is_over_and_keeps_its_bytes_for_a_person_to_send_again(step: tuple[str, str], desk: Desk) -> None:
    desk.smtp.will(step)
    await desk.heard(world.reminder())
    async with desk.delivering():
        await desk.until(desk.over)
        await asyncio.sleep(0.2)
        row = (await desk.letters())[0]
        assert (row["state"], row["reason"], row["address"]) == ("rejected", f"{step[0]}: {step[1]}", TO_ANA)
        assert desk.smtp.taken == []
        async with transaction(desk.pool) as tx:
            assert [found["letter_id"] for found in await store.to_decide(tx)] == [row["letter_id"]]
            assert await store.send_again(tx, [row["letter_id"]]) == 1
        await desk.until(lambda: desk.smtp.taken)
        await desk.until(desk.over)
    assert [taken.content for taken in desk.smtp.taken] == [bytes(row["message"])]
    assert [row["message"] for row in await desk.letters()] == [None]


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
async def test_a_rejected_letter_is_emptied_after_30_days(days: int, kept: bool, desk: Desk) -> None:
    await desk.heard(world.reminder())
    await desk.pool.execute(
        "update letters set state = 'rejected', reason = 'rcpt: 550', due_at = null, changed_at = now() - make_interval(days => $1)", days
    )
    await store.empty_rejected(desk.pool)
    row = (await desk.letters())[0]
    assert (row["state"], row["reason"], row["message"] is not None, row["address"] is not None) == ("rejected", "rcpt: 550", kept, kept)


async def test_a_rejected_letter_is_emptied_when_she_is_erased_and_a_code_when_it_is_over(desk: Desk) -> None:
    await desk.heard(world.reminder(), world.code_issued())
    await desk.pool.execute("update letters set state = 'rejected', reason = 'rcpt: 550', due_at = null")
    await desk.heard(world.erased(ANA))
    await desk.pool.execute("update letters set expires_at = now() where kind = 'code'")
    await store.empty_expired(desk.pool)
    assert {(row["state"], row["reason"], row["message"], row["address"]) for row in await desk.letters()} == {
        ("rejected", "rcpt: 550", None, None)
    }


async def test_a_code_jumps_the_queue(desk: Desk) -> None:
    for _ in range(5):
        await desk.heard(world.confirmed())
    await desk.heard(world.code_issued())
    async with desk.delivering(manners=Manners(connections=1)):
        await desk.until(desk.over)
    assert desk.smtp.recipients[0] == "new@example.test"
    assert len(desk.smtp.taken) == 11


async def test_a_code_that_is_over_is_not_sent_and_is_emptied(desk: Desk) -> None:
    await desk.smtp.stop()
    await desk.heard(world.code_issued(expires_at=datetime.now(UTC) + timedelta(seconds=0.6)))
    async with desk.delivering():
        await desk.until(desk.over)
        await desk.smtp.start()
        await asyncio.sleep(0.2)
    row = (await desk.letters())[0]
    assert (row["state"], row["reason"], row["message"], row["address"]) == ("suppressed", "expired", None, None)
    assert desk.smtp.taken == []


async def test_a_code_that_comes_late_is_not_even_written(desk: Desk) -> None:
    await desk.heard(world.code_issued(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert await desk.letters() == []


async def test_neither_a_number_nor_a_line_tells_what_a_letter_says(desk: Desk) -> None:
    found: list[Observed] = []
    for event in (world.connection_accepted(), world.connection_closed("declined")):
        with observed() as outside:
            await desk.heard(event)
            async with desk.delivering():
                await desk.until(desk.over)
        assert [line.pop("letter_id") for line in outside.lines]
        found.append(outside)
    assert found[0] == found[1]
