"""Blocked, suspended and absent can't be told apart: not by status, headers or body of any call, nor by the statements that ran."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from shared.contracts.events.members import MemberErased, MemberSuspended
from tests.conftest import MakeDatabase
from tests.requests_service.calls import WORDS, Call, Cast, calls, routes
from tests.requests_service.conftest import settings
from tests.requests_service.world import Clock, World, ok

pytestmark = pytest.mark.servers

Answer = tuple[int, str, str, tuple[str, ...]]
History = Callable[[World, UUID, UUID, UUID], Awaitable[tuple[str | None, str | None]]]
_NOTHING_TO_READ = {"date", "traceparent", "content-length"}


class Statements:
    """What ran on the pool's one connection."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def __call__(self, record: asyncpg.connection.LoggedQuery) -> None:
        # The relay is woken after a commit, and the pool tidies up a connection, by statements that may fall anywhere.
        if "notify outbox" not in record.query and "pg_advisory_unlock_all" not in record.query:
            self.ran.append(record.query)


@pytest.fixture
async def world(make_database: MakeDatabase, clock: Clock) -> AsyncIterator[World]:
    """The api on a pool of one connection, so that all statements run where they are listened to."""
    from services.requests.app import create  # noqa: PLC0415 — as in conftest

    app = create(settings(await make_database("requests"), size=1))
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://r") as http:
        yield World(app, http, clock)


async def nothing(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    return None, None


async def i_asked(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    return await world.asked(me, her), None


async def she_asked(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    return await world.asked(her, me), None


async def she_declined(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    request_id = await world.asked(me, her)
    ok(await world.answer(her, request_id, "decline"))
    return request_id, None


async def i_withdrew(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    request_id = await world.asked(me, her)
    ok(await world.answer(me, request_id, "withdraw"))
    return request_id, None


async def connected(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    return await world.connect(me, her), None


async def introduce(world: World, asker: UUID, voucher: UUID, counterpart: UUID, *, vouched: bool, confirmed: bool = False) -> str:
    """An introduction up to the point that is asked for."""
    body = {"voucher_id": str(voucher), "counterpart_id": str(counterpart), "why_her": WORDS}
    made = str(ok(await world.post(asker, "/v1/introductions/asks", body), 201)["id"])
    if vouched:
        words = {str(asker): WORDS, str(counterpart): WORDS}
        ok(await world.post(voucher, f"/v1/introductions/{made}/vouch", {"words_for": words, "show_why_her": True}))
    if confirmed:
        ok(await world.post(counterpart, f"/v1/introductions/{made}/confirm"))
    return made


async def i_met_her(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    await world.connect(her, friend)
    return None, await introduce(world, me, friend, her, vouched=True, confirmed=True)


async def she_met_me(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    await world.connect(her, friend)
    return None, await introduce(world, her, friend, me, vouched=True, confirmed=True)


async def i_introduced_her(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    request_id = await world.connect(me, her)
    return request_id, await introduce(world, her, me, friend, vouched=True, confirmed=True)


async def she_introduced_me(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    request_id = await world.connect(me, her)
    await world.connect(her, friend)
    return request_id, await introduce(world, me, her, friend, vouched=True, confirmed=True)


async def i_ask_for_her(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    await world.connect(her, friend)
    return None, await introduce(world, me, friend, her, vouched=True)


async def she_asks_for_me(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    await world.connect(her, friend)
    return None, await introduce(world, her, friend, me, vouched=True)


async def she_asks_me(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    request_id = await world.connect(me, her)
    return request_id, await introduce(world, her, me, friend, vouched=False)


async def i_ask_her(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    request_id = await world.connect(me, her)
    await world.connect(her, friend)
    return request_id, await introduce(world, me, her, friend, vouched=False)


async def _need(world: World, asker: UUID, voucher: UUID) -> str:
    return str(ok(await world.post(asker, "/v1/needs", {"voucher_id": str(voucher), "looking_for": WORDS}), 201)["id"])


async def i_asked_her_by_need(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    request_id = await world.connect(me, her)
    ok(await world.post(me, f"/v1/needs/{await _need(world, me, her)}/withdraw"))
    return request_id, None


async def i_ask_her_by_need(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    request_id = await world.connect(me, her)
    await _need(world, me, her)
    return request_id, None


async def she_asks_me_by_need(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
    request_id = await world.connect(me, her)
    await _need(world, her, me)
    return request_id, None


SETTLED: list[History] = [
    nothing,
    i_asked,
    she_asked,
    she_declined,
    i_withdrew,
    connected,
    i_met_her,
    she_met_me,
    i_introduced_her,
    she_introduced_me,
    i_asked_her_by_need,
    she_asks_me_by_need,
]
# While an introduction is open, another member's block or departure looks like silence: both alike, but not as if there were none.
OPEN: list[History] = [i_ask_for_her, she_asks_for_me, she_asks_me, i_ask_her, i_ask_her_by_need]


async def cast(world: World, history: History, case: str) -> Cast:
    """A caller and the other one, who is gone for her in the way of `case`; where she was never here, nothing lies between them."""
    if case == "unknown":
        me, friend = await world.join("Me", "Friend")
        return Cast(me, uuid4(), friend, str(uuid4()), str(uuid4()), str(uuid4()), await world.connect(me, friend))
    me, her, friend = await world.join("Me", "Her", "Friend")
    friends_request = await world.connect(me, friend)
    request, introduction = await history(world, me, her, friend)
    match case:
        case "erased":
            await world.status(MemberErased, her)
        case "suspended":
            await world.status(MemberSuspended, her)
        case "blocked by her":
            await world.block(her, me)
        case "blocked by me":
            await world.block(me, her)
    need = await world.pool.fetchval("select id from needs where (asker_id, voucher_id) in (($1, $2), ($2, $1))", me, her)
    ids = (request or str(uuid4()), introduction or str(uuid4()), str(need or uuid4()))
    return Cast(me, her, friend, *ids, friends_request)


async def answers(world: World, history: History, case: str) -> list[tuple[Call, Answer]]:
    """Every call's answer, with names instead of ids, and the statements that ran for it."""
    who = await cast(world, history, case)
    listened = Statements()
    async with world.pool.acquire() as connection:
        connection.add_query_logger(listened)
    found: list[tuple[Call, Answer]] = []
    for call in calls(who):
        listened.ran.clear()
        response = await call.send(world, who.me)
        headers = str(sorted((name, value) for name, value in response.headers.items() if name not in _NOTHING_TO_READ))
        found.append((call, (response.status_code, headers, who.named(response.text), tuple(listened.ran))))
    async with world.pool.acquire() as connection:
        connection.remove_query_logger(listened)
    return found


async def test_every_route_is_walked(world: World) -> None:
    walked = {(call.method, call.path) for call in calls(await cast(world, nothing, "unknown"))}
    assert walked == routes(world.app)


@pytest.mark.parametrize("case", ["erased", "suspended", "blocked by her", "blocked by me"])
async def test_blocked_and_absent_are_one(case: str, world: World) -> None:
    unknown = await unknown_answers(world)
    for history in SETTLED:
        same(unknown, await answers(world, history, case), f"{history.__name__}, {case}")


async def test_whom_i_block_is_gone_for_me_even_while_an_introduction_is_open(world: World) -> None:
    unknown = await unknown_answers(world)
    for history in OPEN:
        same(unknown, await answers(world, history, "blocked by me"), history.__name__)


@pytest.mark.parametrize("case", ["blocked by her", "suspended"])
async def test_a_block_by_her_and_a_suspension_answer_like_her_leaving_while_an_introduction_is_open(case: str, world: World) -> None:
    for history in OPEN:
        erased = [(call, (*answer[:3], ())) for call, answer in await answers(world, history, "erased")]
        gone = [(call, (*answer[:3], ())) for call, answer in await answers(world, history, case)]
        same(erased, gone, history.__name__)


async def unknown_answers(world: World) -> list[tuple[Call, Answer]]:
    """What a caller is told of somebody who was never here."""
    await answers(world, nothing, "unknown")  # what the connection learns of types on first use is learnt here
    return await answers(world, nothing, "unknown")


def same(expected: Sequence[tuple[Call, Answer]], found: Sequence[tuple[Call, Answer]], what: str) -> None:
    """Every call got one answer, in every part."""
    for (call, one), (_, other) in zip(expected, found, strict=True):
        for part, left, right in zip(("status", "headers", "body", "statements"), one, other, strict=True):
            assert left == right, f"{call.method} {call.path}: its {part} gives away: {what}"


async def test_the_statements_that_ran_are_seen(world: World) -> None:
    """The comparison above is worth something only where statements are heard of."""
    for _, (_, _, _, ran) in await answers(world, nothing, "erased"):
        assert any("begin" in statement.lower() for statement in ran)
        assert len(ran) > 2
