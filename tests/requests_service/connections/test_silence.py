"""Nobody can tell a no from silence: the same script of the requester's calls, with and without it, gets the same answers."""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from services.requests.connections.timers import announce_ends
from shared.contracts.events.base import parse
from shared.contracts.events.requests import ConnectionClosed
from tests.observed import observed
from tests.requests_service.introductions.circle import statements
from tests.requests_service.world import START, World, ok

pytestmark = pytest.mark.servers

SCRIPTS = 4
Twist = Callable[[World, UUID, UUID, str], Awaitable[None]]
CALLS = ("member", "request", "requests", "todo", "connections", "ask", "accept", "decline", "closeness")
WAITS = ({"minutes": 20}, {"days": 1}, {"days": 11}, {"days": 29, "hours": 23}, {"days": 30, "minutes": 30}, {"days": 90})


async def silence(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    pass


async def a_decline(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.answer(bea, request_id, "decline")


async def she_does_not_know_her(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    ok(await world.answer(bea, request_id, "decline", how="unknown"))


async def two_declines(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await a_decline(world, ana, bea, request_id)
    await a_decline(world, ana, bea, request_id)


async def a_block_of_her_own(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.block(ana, bea)
    await world.unblock(ana, bea)


async def a_yes(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    ok(await world.answer(bea, request_id, "accept"))


def after_a_question(twist: Twist) -> Twist:
    """The recipient asked something before that."""

    async def both(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
        asking = {"clarifying_question": "Which of the two harbours do you mean?"}
        ok(await world.post(bea, f"/v1/connection-requests/{request_id}/question", asking))
        await twist(world, ana, bea, request_id)

    return both


def after_a_decline(twist: Twist) -> Twist:
    """The recipient declined before that."""

    async def both(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
        await a_decline(world, ana, bea, request_id)
        await twist(world, ana, bea, request_id)

    return both


async def a_block_taken_back(world: World, ana: UUID, bea: UUID, request_id: str) -> None:
    await world.block(bea, ana)
    await world.unblock(bea, ana)


def script(seed: int) -> list[str | dict[str, int]]:
    """The requester's calls and waits, in any order; one call of each kind at least comes after the request has been answered."""
    chance = random.Random(seed)
    choices: list[str | dict[str, int]] = [*CALLS, "withdraw", *WAITS]
    steps = [chance.choice(choices) for _ in range(8)]
    return [*chance.sample(CALLS, len(CALLS)), "answer", *steps, *(["withdraw"] if seed % 2 else []), {"days": 120}, "answer", *CALLS]


async def call(world: World, ana: UUID, bea: UUID, request_id: str, kind: str) -> str:
    """One call of the requester's: its status, headers that could tell, and body."""
    match kind:
        case "member":
            answer = await world.get(ana, f"/v1/members/{bea}")
        case "request":
            answer = await world.get(ana, f"/v1/connection-requests/{request_id}")
        case "requests":
            answer = await world.get(ana, "/v1/connection-requests")
        case "todo" | "connections":
            answer = await world.get(ana, f"/v1/{kind}")
        case "ask":
            answer = await world.ask(ana, bea)
        case "answer":
            said = {"clarifying_answer": "The one that has the museum in it."}
            answer = await world.post(ana, f"/v1/connection-requests/{request_id}/answer", said)
        case "closeness":
            answer = await world.put(ana, f"/v1/connections/{bea}/closeness", {"closeness": "met"})
        case _:
            answer = await world.answer(ana, request_id, kind)
    return f"{kind}: {answer.status_code} {answer.text}"


async def run(world: World, seed: int, twist: Twist) -> list[str]:
    """All that Ana gets to know in a script, with names instead of ids; and all that can be observed from outside."""
    world.clock.at = START + timedelta(days=365)
    await announce_ends(world.pool)  # what an earlier run left open isn't ended in the middle of this
    world.clock.at = START
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    names = {str(ana): "<ana>", str(bea): "<bea>", request_id: "<request>"}
    world.clock.move(hours=2)
    await twist(world, ana, bea, request_id)
    heard: list[str] = []
    async with statements(world) as ran:
        with observed() as outside:
            for step in script(seed):
                if isinstance(step, str):
                    answer = await call(world, ana, bea, request_id, step)
                    for made in await world.pool.fetch("select id::text from connection_requests where requester_id = $1", ana):
                        names.setdefault(made["id"], "<another request>")
                    heard += [answer, str(await world.export(ana))]
                else:
                    world.clock.move(**step)
                if seed % 3:  # where no timer runs, reads and commands answer the same all the same
                    await announce_ends(world.pool)
                heard.append(await told(world, request_id))
    heard += [str(outside), *ran]
    for id_, name in names.items():
        heard = [line.replace(id_, name) for line in heard]
    return heard


async def told(world: World, request_id: str) -> str:
    """Of the request's end: whether and when it is told of, the internal reason left out where it is a quiet one."""
    rows = await world.pool.fetch(
        "select body from outbox where aggregate_id = $1::text::uuid and type = $2", request_id, ConnectionClosed.type
    )
    ends = [event for row in rows if isinstance(event := parse(row["body"]), ConnectionClosed)]
    assert len(ends) == len(rows)
    return str([(one.shown_at, one.occurred_at, one.reason == "withdrawn") for one in ends])


async def test_the_requester_gets_the_answers_of_silence(world: World) -> None:
    heard: list[str] = []
    for seed in range(SCRIPTS):
        expected = await run(world, seed, silence)
        heard += expected
        for twist in (a_decline, she_does_not_know_her, two_declines, a_block_taken_back):
            assert await run(world, seed, twist) == expected, f"{twist.__name__}, script {seed}"
    # The comparison is worth something only where requests are withdrawn, ended by time, and asked anew.
    for part in ("withdraw: 204", "withdraw: 409", "ask: 409", "ask: 201", '"state":"pending"', '"state":"closed"', '"can_request":true'):
        assert any(part in line for line in heard), part


@pytest.mark.parametrize("then", [a_yes, a_block_of_her_own])
async def test_whatever_comes_after_a_decline_is_as_after_silence(world: World, then: Twist) -> None:
    """The recipient takes it back, or the requester blocks her for a while."""
    for seed in range(2):
        assert await run(world, seed, after_a_decline(then)) == await run(world, seed, then)


async def test_whatever_follows_her_question_is_as_silence_after_it(world: World) -> None:
    """The requester answers it, whether or not the other has said no meanwhile."""
    heard: list[str] = []
    for seed in range(2):
        expected = await run(world, seed, after_a_question(silence))
        heard += expected
        for twist in (a_decline, she_does_not_know_her):
            assert await run(world, seed, after_a_question(twist)) == expected, f"{twist.__name__}, script {seed}"
    assert any("answer: 204" in line for line in heard) and any("answer: 409" in line for line in heard)
