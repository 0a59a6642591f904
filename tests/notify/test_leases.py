"""What several workers, dead ones and stopping ones do with a letter: never twice but after an unknown."""

import asyncio
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from services import cli
from services.notify.delivery import in_flight
from services.notify.delivery.dispatch import Pace
from services.notify.delivery.in_flight import InFlight
from services.notify.delivery.talkers import Manners
from services.notify.queue import claims, metrics, store
from services.notify.queue.domain import Deferred, Rejected, Sent, after
from shared.postgres.database import transaction
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.world import ANA, INES

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("members")]

TO_ANA, TO_INES = ANA.address, INES.address


async def test_a_letter_that_may_have_left_is_sent_once_more_with_the_same_bytes(desk: Desk) -> None:
    desk.smtp.will(("words", "take_and_drop"))
    await desk.heard(world.reminder())
    async with desk.delivering():
        await desk.until(desk.over)
    assert desk.smtp.recipients == [TO_ANA, TO_ANA]
    assert desk.smtp.taken[0].content == desk.smtp.taken[1].content
    row = (await desk.letters())[0]
    assert (row["state"], row["attempts"], row["unknowns"]) == ("sent", 2, 1)


async def test_a_letter_that_may_have_left_twice_is_parked_and_listed(desk: Desk) -> None:
    desk.smtp.will(("words", "take_and_drop"), ("words", "drop"))
    await desk.heard(world.reminder())
    async with desk.delivering():
        await desk.until(desk.over)
        await asyncio.sleep(0.4)
        assert len(desk.smtp.taken) == 1
        row = (await desk.letters())[0]
        assert (row["state"], row["unknowns"], row["message"] is None) == ("unknown", 2, False)
        async with transaction(desk.pool) as tx:
            assert [parked["letter_id"] for parked in await store.to_decide(tx)] == [row["letter_id"]]
        await metrics.count(desk.pool)
        assert (metrics.PARKED._value.get(), metrics.OPEN.labels("queued")._value.get()) == (1, 0)
        async with transaction(desk.pool) as tx:
            assert await store.send_again(tx, [row["letter_id"], 999]) == 1
        await desk.until(lambda: len(desk.smtp.taken) == 2)
        await desk.until(desk.over)
    assert desk.smtp.taken[0].content == desk.smtp.taken[1].content
    assert (await desk.letters())[0]["state"] == "sent"


async def test_parked_letters_are_listed_to_the_last(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        await desk.heard(world.reminder())
    await desk.pool.execute("update letters set state = 'unknown', unknowns = 2, due_at = null")
    monkeypatch.setattr(store, "PAGE", 2)
    monkeypatch.setenv("NOTIFY_DATABASE_URL", desk.url)
    assert await asyncio.to_thread(cli.main, ["letters", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [int(line.split()[0]) for line in lines[:-1]] == [row["letter_id"] for row in await desk.letters()]
    assert lines[-1] == "5 letters wait for a decision."


async def test_what_a_killed_worker_was_sending_is_unknown_when_its_lease_runs_out(desk: Desk) -> None:
    await desk.heard(world.reminder())
    assert len(await claims.claim(desk.pool, uuid4(), 10, 0.5)) == 1
    async with desk.delivering():
        await asyncio.sleep(0.2)
        assert desk.smtp.taken == []
        await desk.until(desk.over)
    row = (await desk.letters())[0]
    assert (row["state"], row["attempts"], row["unknowns"]) == ("sent", 2, 1)
    assert len(desk.smtp.taken) == 1


async def test_a_worker_that_lost_its_lease_says_no_data(desk: Desk) -> None:
    await desk.heard(world.reminder())
    slow = asyncio.Event()
    original = claims.last_look

    async def stalled(*args: Any) -> dict[int, str]:
        # The worker stalls between RCPT and the look; meanwhile its lease runs out and another worker begins.
        await desk.pool.execute("update letters set attempts = attempts + 1, worker_id = $1", uuid4())
        slow.set()
        return await original(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "last_look", stalled)
        async with desk.delivering():
            await slow.wait()
            await asyncio.sleep(0.2)
    assert desk.smtp.taken == []
    assert "data" not in desk.smtp.commands
    assert (await desk.letters())[0]["state"] == "sending"


async def test_a_lease_about_to_end_is_no_lease(desk: Desk) -> None:
    await desk.heard(world.reminder())
    me = uuid4()
    letter = (await claims.claim(desk.pool, me, 1, 3))[0]
    key = [letter.attempt]
    assert await claims.last_look(desk.pool, me, key, 0.1) == {letter.letter_id: ""}
    assert await claims.last_look(desk.pool, me, key, 5) == {}
    assert await claims.last_look(desk.pool, uuid4(), key, 0.1) == {}
    await claims.renew(desk.pool, me, [letter.letter_id], 60)
    assert await claims.last_look(desk.pool, me, key, 5) == {letter.letter_id: ""}


async def test_an_attempt_whose_lease_ran_out_has_no_say_in_the_next_one(desk: Desk) -> None:
    await desk.heard(world.reminder())
    me = uuid4()

    async def claimed() -> claims.Claimed:
        await desk.pool.execute("update letters set due_at = clock_timestamp()")
        async with transaction(desk.pool) as tx:
            await claims.end_leases(tx)
        await desk.pool.execute("update letters set due_at = clock_timestamp()")
        return (await claims.claim(desk.pool, me, 1, 60))[0]

    first, second = await claimed(), await claimed()
    assert await claims.last_look(desk.pool, me, [first.attempt], 1) == {}
    for result in (Sent(), Rejected("rcpt: 550"), Deferred("rcpt: 450")):
        status = after(result, unknowns=0, deferrals=0, waited=first.waited, wait=15)
        before = await desk.letters()
        await claims.record(desk.pool, [(first.attempt, status)])
        assert await desk.letters() == before
    assert await claims.last_look(desk.pool, me, [second.attempt], 1) == {second.letter_id: ""}
    assert [row["state"] for row in await desk.letters()] == ["sending"]


async def test_a_letter_that_was_sent_is_known_to_be_though_the_lease_ran_out_meanwhile(desk: Desk) -> None:
    await desk.heard(world.reminder())
    me = uuid4()
    letter = (await claims.claim(desk.pool, me, 1, 0))[0]
    async with transaction(desk.pool) as tx:
        assert [status.state for _, status in await claims.end_leases(tx)] == ["unknown"]
    for result, state in ((Deferred("rcpt: 450"), "unknown"), (Sent(), "sent")):
        status = after(result, unknowns=0, deferrals=0, waited=letter.waited, wait=15)
        await claims.record(desk.pool, [(letter.attempt, status)])
        assert [row["state"] for row in await desk.letters()] == [state]


async def test_two_workers_at_once_never_send_a_letter_twice(desk: Desk) -> None:
    for _ in range(60):
        await desk.heard(world.confirmed())
    # Nothing runs out however slow the machine is: all that is left is who claims what.
    pace, server = Pace(lease=60, poll=0.05), desk.smtp.settings(timeout=30)
    async with desk.delivering(pace, server=server), desk.delivering(pace, server=server), desk.delivering(pace, server=server):
        await desk.until(desk.over, 60)
    ids = [taken.content.partition(b"Message-ID: ")[2].partition(b"\r\n")[0] for taken in desk.smtp.taken]
    assert len(ids) == len(set(ids)) == 120
    assert {(row["state"], row["attempts"]) for row in await desk.letters()} == {("sent", 1)}


async def test_a_stop_in_the_middle_of_a_claim_leaves_no_letter_in_nobodys_hands(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.heard(world.confirmed())
    statement, done, go_on = claims.claim, asyncio.Event(), asyncio.Event()

    async def slow(*args: Any) -> list[claims.Claimed]:
        found = await statement(*args)
        done.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(claims, "claim", slow)
    async with desk.delivering():
        await done.wait()
        asyncio.get_running_loop().call_later(0.1, go_on.set)
    assert [(row["state"], row["reason"]) for row in await desk.letters()] == [("deferred", "given back")] * 2
    assert desk.smtp.taken == []


async def test_a_stop_while_letters_are_given_back_lets_that_be_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.heard(world.confirmed())
    me, statement, begun, go_on = uuid4(), claims.give_back, asyncio.Event(), asyncio.Event()
    letters = await claims.claim(desk.pool, me, 2, 10)

    async def slow(*args: Any) -> None:
        begun.set()
        await go_on.wait()
        await statement(*args)

    monkeypatch.setattr(claims, "give_back", slow)
    giving = asyncio.create_task(InFlight(desk.pool, me).give_back(letters))
    await begun.wait()
    giving.cancel()
    asyncio.get_running_loop().call_later(0.1, go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await giving
    assert [row["state"] for row in await desk.letters()] == ["deferred"] * 2


async def test_stopping_lets_a_conversation_end_and_gives_the_rest_back(desk: Desk) -> None:
    for _ in range(4):
        await desk.heard(world.confirmed())
    began, go_on = asyncio.Event(), asyncio.Event()

    async def wait(recipient: str) -> None:
        began.set()
        await go_on.wait()

    desk.smtp.before_words = wait
    running = desk.delivering(Pace(poll=0.05, stop=5), Manners(connections=1))
    async with running:
        await began.wait()
        asyncio.get_running_loop().call_later(0.2, go_on.set)
    rows = await desk.letters()
    assert [row["state"] for row in rows].count("sent") == 1
    assert {row["state"] for row in rows} <= {"sent", "deferred", "queued"}
    assert len(desk.smtp.taken) == 1
    async with desk.delivering():
        await desk.until(desk.over)
    assert len(desk.smtp.taken) == 8


async def test_what_became_of_a_letter_is_stored_though_the_database_was_away_for_a_while(desk: Desk) -> None:
    await desk.heard(world.confirmed())
    original, failures = claims.record, 0

    async def sometimes(*args: Any) -> None:
        nonlocal failures
        failures += 1
        if failures < 4:
            raise ConnectionError("gone")
        await original(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "record", sometimes)
        async with desk.delivering():
            await desk.until(desk.over)
    assert len(desk.smtp.taken) == 2
    assert {row["state"] for row in await desk.letters()} == {"sent"}


async def test_who_misses_its_cancellation_is_cancelled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_flight, "STOP_SECONDS", -0.4)

    async def takes_the_first_for_its_own() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    task = asyncio.create_task(takes_the_first_for_its_own())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait_for(in_flight.over([task]), 10)
    assert task.cancelled()
