"""A mail server that doesn't want us, wants less of us, or hangs: letters wait unharmed, and leave once it does."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.notify.delivery import domain as answers
from services.notify.delivery import in_flight
from services.notify.delivery import store as pauses
from services.notify.delivery.circuit import Circuit
from services.notify.delivery.dispatch import Pace
from services.notify.delivery.talkers import Manners
from services.notify.queue import metrics
from services.notify.queue.domain import Untried
from tests.notify import world
from tests.notify.conftest import Desk
from tests.notify.smtp_servers import Scripted
from tests.notify.world import ANA, INES

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("members")]

PACE = Pace(lease=3, margin=0.5, keep=0.05, poll=0.05, stop=1)


def at(point: str, answer: str) -> Callable[[str, str], str | None]:
    """A rule: always that answer at that point."""
    return lambda where, _: answer if where == point else None


def each_once(smtp: Scripted, count: int) -> bool:
    return len(smtp.taken) == len({taken.content for taken in smtp.taken}) == count


@pytest.mark.parametrize(
    ("point", "answer", "why"),
    [
        ("connect", "421 4.7.0", "busy"),
        ("connect", "554", "unwelcome"),
        ("connect", "hang", "connect"),
        ("ehlo", "421", "busy"),
        ("mail", "450 4.7.1", "busy"),
        ("mail", "550 5.7.1", "unwelcome"),
        ("mail", "530 5.7.0", "login"),
        ("rcpt", "554 5.7.1", "refusing"),
        ("rcpt", "550", "refusing"),
        ("rcpt", "450 4.7.1", "refusing"),
        ("rcpt", "drop", "refusing"),
        ("data", "554 5.7.1", "refusing"),
        ("words", "554 5.7.0", "refusing"),
        ("words", "554 5.7.1", "refusing"),
        ("words", "552 5.3.4", "refusing"),
        ("words", "451 4.3.0", "refusing"),
    ],
)
async def test_what_is_said_of_us_costs_no_letter_anything(desk: Desk, point: str, answer: str, why: str) -> None:
    await desk.write_to(12)
    desk.smtp.rule = at(point, answer)
    server = replace(desk.smtp.settings(timeout=1.0), tls="none")
    async with desk.delivering(server=server):

        async def paused() -> bool:
            return (await pauses.standing(desk.pool)).why == why

        await desk.until(paused)
        await asyncio.sleep(0.5)
        rows = await desk.letters()
        assert {row["state"] for row in rows} <= {"queued", "deferred", "sending"}
        assert all(row["message"] for row in rows)
        assert max(row["deferrals"] for row in rows) <= 1
        assert sum(row["unknowns"] for row in rows) == 0
        assert metrics.MAIL_SERVER_UP.labels(why)._value.get() == 0
        desk.smtp.rule = None
        await desk.until(desk.all_sent)
        await desk.until(lambda: metrics.MAIL_SERVER_UP.labels(why)._value.get() == 1)
    assert each_once(desk.smtp, 12)


async def test_while_it_refuses_it_is_asked_seldom_and_by_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PAUSES", dict.fromkeys(answers.PAUSES, (60,)))
    await desk.write_to(30)
    desk.smtp.rule = at("mail", "450 4.7.1")
    async with desk.delivering(), desk.delivering():
        await desk.until(lambda: desk.smtp.commands.count("mail") >= 1)
        await asyncio.sleep(0.5)
        begun = desk.smtp.commands.count("mail")
        assert begun <= 4, "what both workers' conversations had in hand"
        await asyncio.sleep(0.5)
        assert desk.smtp.commands.count("mail") == begun


@pytest.mark.parametrize(("told", "before", "after"), [("fail", None, "busy"), ("go_on", "busy", None)])
async def test_what_this_process_has_just_heard_no_look_undoes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, told: str, before: str | None, after: str | None
) -> None:
    circuit, no, attempt = Circuit(desk.pool, 60), Untried("mail: 450", why="busy"), (1, 1)
    if before:
        await circuit.refused(no, None)
        await pauses.hurry(desk.pool)
        assert await circuit.take_turn()
        circuit.tries(attempt)
    store, telling, go_on = getattr(pauses, told), asyncio.Event(), asyncio.Event()

    async def slow(*args: Any, **kwargs: Any) -> Any:
        telling.set()
        await go_on.wait()
        return await store(*args, **kwargs)

    monkeypatch.setattr(pauses, told, slow)
    hears = asyncio.create_task(circuit.answered(attempt, taken=True) if before else circuit.refused(no, None))
    await telling.wait()
    await circuit.look()
    assert circuit.why == after
    go_on.set()
    await hears
    await circuit.look()
    assert circuit.why == after


async def test_a_wrong_password_is_tried_once_a_worker_and_by_one_after_that(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PAUSES", {**answers.PAUSES, "login": (60,)})
    await desk.write_to(20)
    known = {"ehlo": "250-fine\r\n250 AUTH PLAIN LOGIN", "auth": "535 5.7.8"}
    desk.smtp.rule = lambda point, _: known.get(point)
    server = replace(desk.smtp.settings(), user="madrina", password="wrong")
    async with desk.delivering(server=server), desk.delivering(server=server):
        await desk.until(lambda: "auth" in desk.smtp.commands)
        await asyncio.sleep(0.5)
        assert desk.smtp.commands.count("auth") <= 2
        tried = desk.smtp.commands.count("auth")
    assert (await pauses.standing(desk.pool)).reason == "connect: auth 535 5.7.8"
    assert {row["state"] for row in await desk.letters()} == {"queued"}
    known["auth"] = "235"  # and whoever starts anew, perhaps with the right one, waits for no pause
    async with desk.delivering(server=server):
        await desk.until(desk.all_sent)
    assert desk.smtp.commands.count("auth") >= tried + 1


async def test_a_pause_outlives_the_worker_that_began_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.write_to(8)
    desk.smtp.rule = at("rcpt", "550")
    for _ in range(3):  # a process that knew of no pause would take the next three for good
        async with desk.delivering():
            await asyncio.sleep(0.4)
    assert {row["state"] for row in await desk.letters()} <= {"queued", "deferred"}
    assert (await pauses.standing(desk.pool)).why == "refusing"


async def test_one_who_is_refused_stops_nobody_else(desk: Desk) -> None:
    for _ in range(6):
        await desk.heard(world.reminder())
    await desk.write_to(6)
    desk.smtp.rule = lambda point, to: "554 5.7.1" if point == "rcpt" and to == ANA.address else None
    async with desk.delivering():
        await desk.until(lambda: len(desk.smtp.taken) == 6)
        await asyncio.sleep(0.3)
        assert (await pauses.standing(desk.pool)).why is None
    hers = [row for row in await desk.letters() if row["recipient_id"] == ANA.profile.id]
    assert {row["state"] for row in hers} <= {"deferred", "sending"}
    assert all(row["message"] for row in hers)


async def test_many_who_are_refused_stop_nobody_else_for_long(desk: Desk) -> None:
    await desk.write_to(12)
    desk.smtp.rule = lambda point, to: "550" if point == "rcpt" and to != ANA.address else None

    def taken(count: int) -> bool:
        return len(desk.smtp.taken) == count

    async with desk.delivering():
        for number in range(1, 8):  # each that is taken shows that it isn't about us
            await desk.heard(world.reminder())
            await desk.until(partial(taken, number))
            await asyncio.sleep(0.5)
    assert {row["state"] for row in await desk.letters()} == {"sent", "rejected"}


async def test_after_a_pause_codes_leave_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PAUSES", dict.fromkeys(answers.PAUSES, (60,)))
    await desk.write_to(10)
    desk.smtp.rule = at("mail", "451")

    async def pauses_with_none_in_hand() -> bool:
        held = any(row["state"] == "sending" for row in await desk.letters())
        return not held and (await pauses.standing(desk.pool)).why is not None

    async with desk.delivering():
        await desk.until(pauses_with_none_in_hand)
        await desk.heard(world.code_issued())
        desk.smtp.rule = None
        await pauses.hurry(desk.pool)
        await desk.until(lambda: desk.smtp.taken)
        assert desk.smtp.recipients[0] == "new@example.test"


async def test_a_server_that_allows_two_connections_gets_two(desk: Desk) -> None:
    await desk.write_to(40)
    desk.smtp.rule = lambda point, _: "421 4.7.0" if point == "connect" and desk.smtp.open > 2 else None
    # As many letters a connection as there are: if both were made anew at once, the old ones might still be open to the server.
    async with desk.delivering(manners=Manners(connections=8, letters=40, rest=60)):
        await desk.until(desk.all_sent)
        assert (await pauses.standing(desk.pool)).why is None
    assert each_once(desk.smtp, 40)
    assert {row["attempts"] for row in await desk.letters()} == {1}


async def test_a_server_that_leaves_a_connection_hanging_holds_back_no_letter(desk: Desk) -> None:
    await desk.write_to(25)
    desk.smtp.slots = asyncio.Semaphore(1)
    async with desk.delivering(manners=Manners(connections=8), server=desk.smtp.settings(timeout=60)):
        await desk.until(desk.all_sent)
    assert {row["attempts"] for row in await desk.letters()} <= {1, 2}


async def test_without_a_greeting_no_letter_is_claimed(desk: Desk) -> None:
    await desk.write_to(3)
    desk.smtp.rule = at("connect", "hang")
    async with desk.delivering(server=desk.smtp.settings(timeout=60)):
        await desk.until(lambda: desk.smtp.connections)
        await asyncio.sleep(0.3)
        assert {(row["state"], row["attempts"]) for row in await desk.letters()} == {("queued", 0)}
        assert desk.smtp.connections == 1


@pytest.mark.parametrize(("manners", "most"), [(Manners(connections=1), 10), (Manners(connections=2, letters=3), 3)])
async def test_a_connection_carries_only_so_many_letters(desk: Desk, manners: Manners, most: int) -> None:
    await desk.write_to(25)
    async with desk.delivering(manners=manners):
        await desk.until(desk.all_sent)
    assert max(desk.smtp.mails) == most
    assert each_once(desk.smtp, 25)


@pytest.mark.parametrize("how", ["421", "drop"])
async def test_a_connection_that_the_server_ends_earlier_delays_no_letter(desk: Desk, how: str) -> None:
    await desk.write_to(12)
    desk.smtp.letters_a_connection, desk.smtp.rule = 3, at("too many", how)
    async with desk.delivering(replace(PACE, keep=60), Manners(connections=1)):
        await desk.until(desk.all_sent)
    assert {(row["attempts"], row["deferrals"]) for row in await desk.letters()} == {(1, 0)}


@pytest.mark.parametrize("point", ["connect", "ehlo", "mail", "rcpt", "data"])
async def test_a_stop_before_the_first_word_leaves_the_letter_as_it_was(desk: Desk, point: str) -> None:
    await desk.heard(world.reminder())
    for _ in range(2):
        desk.smtp.will((point, "hang"))
        async with desk.delivering(PACE, server=desk.smtp.settings(timeout=60)):
            await desk.until(lambda: not desk.smtp.script)
        row = (await desk.letters())[0]
        assert (row["state"] in ("queued", "deferred"), row["unknowns"], row["deferrals"]) == (True, 0, 0)
        assert (await pauses.standing(desk.pool)).why is None
    async with desk.delivering():
        await desk.until(desk.over)
    assert desk.smtp.recipients == [ANA.address]


async def test_a_stop_after_the_first_word_is_an_unknown(desk: Desk) -> None:
    await desk.heard(world.reminder())
    desk.smtp.will(("words", "hang"))
    async with desk.delivering(PACE, server=desk.smtp.settings(timeout=60)):
        await desk.until(lambda: not desk.smtp.script)
    row = (await desk.letters())[0]
    assert (row["state"], row["reason"], row["unknowns"]) == ("unknown", "stopped", 1)


async def test_a_server_slower_than_a_lease_takes_each_letter_once(desk: Desk) -> None:
    async def slow(_: str) -> None:
        await asyncio.sleep(1.5)

    desk.smtp.before_words = slow
    await desk.heard(world.confirmed())
    async with desk.delivering(replace(PACE, lease=0.6, margin=0.1)), desk.delivering(replace(PACE, lease=0.6, margin=0.1)):
        await desk.until(desk.all_sent)
    assert sorted(desk.smtp.recipients) == sorted([ANA.address, INES.address])


async def test_a_server_that_never_answers_words_doubts_few_letters(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PAUSES", dict.fromkeys(answers.PAUSES, (60,)))
    await desk.write_to(20)
    desk.smtp.rule = at("words", "drop")
    async with desk.delivering():
        await desk.until(lambda: desk.smtp.commands.count("data") >= answers.RUN)
        await asyncio.sleep(0.5)
    # Those that were being spoken on other connections as the last of the run failed.
    assert sum(row["unknowns"] for row in await desk.letters()) < answers.RUN + Manners().connections


async def test_greylisting_holds_back_nobody_else(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_flight, "FIRST_WAIT", 0.5)
    await desk.write_to(10)
    seen: set[str] = set()

    def greylists(point: str, to: str) -> str | None:
        if point != "rcpt" or to in seen:
            return None
        seen.add(to)
        return "450 4.2.0"

    desk.smtp.rule = greylists
    async with desk.delivering():
        await desk.until(lambda: len(seen) == 10)
        assert (await pauses.standing(desk.pool)).why is None
        await desk.until(desk.all_sent)
    assert {row["deferrals"] for row in await desk.letters()} == {1}


async def test_one_worker_has_the_turn_in_a_pause(desk: Desk) -> None:
    await pauses.fail(desk.pool, "busy", "mail: 451", was_trying=False)
    await desk.pool.execute("update mail_server set try_at = clock_timestamp()")
    assert [await pauses.take_turn(desk.pool, "login", 1) for _ in range(3)] == [True, False, False]


async def test_letters_for_which_there_is_no_connection_go_back_to_others(desk: Desk) -> None:
    await desk.write_to(4)
    desk.smtp.letters_a_connection = 1
    known = {"too many": "drop"}
    desk.smtp.rule = lambda point, _: known.get(point) or ("hang" if point == "connect" and desk.smtp.taken else None)

    async def nobody_holds_any() -> bool:
        # One may never have been claimed: a claim leaves out what something else is just writing.
        states = Counter(row["state"] for row in await desk.letters())
        return states["sent"] == 1 and states["deferred"] + states["queued"] == 3

    async with desk.delivering(manners=Manners(connections=1), server=desk.smtp.settings(timeout=60)):
        await desk.until(nobody_holds_any)
