"""What can't be made is refused in one way, whatever stands in its way: the same status, headers, bytes and statements for every cause."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.events.members import MemberErased, MemberSuspended, ProfileChanged
from tests.requests_service import test_invisible as invisible
from tests.requests_service.calls import WORDS
from tests.requests_service.test_invisible import Statements
from tests.requests_service.world import World, asking, ok

pytestmark = pytest.mark.servers
world = invisible.world

Three = tuple[UUID, UUID, UUID]
"""I, my friend, and the woman it is about."""
Cause = Callable[[World, Three], Awaitable[UUID | None]]
"""Lets something stand in the way; the id that I try with, if it isn't hers."""
_NOTHING_TO_READ = {"date", "traceparent", "content-length"}


async def never_here(world: World, three: Three) -> UUID:
    return uuid4()


async def erased(world: World, three: Three) -> None:
    await world.status(MemberErased, three[2])


async def suspended(world: World, three: Three) -> None:
    await world.status(MemberSuspended, three[2])


async def blocked_by_her(world: World, three: Three) -> None:
    await world.block(three[2], three[0])


async def blocked_by_me(world: World, three: Three) -> None:
    await world.block(three[0], three[2])


async def she_excludes(world: World, three: Three, whom: int = 0) -> None:
    ok(await world.post(three[2], "/v1/reach/exclusions", {"member_id": str(three[whom])}), 201)


async def she_excludes_my_friend(world: World, three: Three) -> None:
    await she_excludes(world, three, 1)


async def i_exclude_her(world: World, three: Three) -> None:
    ok(await world.post(three[0], "/v1/reach/exclusions", {"member_id": str(three[2])}), 201)


async def my_friend_excludes_her(world: World, three: Three) -> None:
    ok(await world.post(three[1], "/v1/reach/exclusions", {"member_id": str(three[2])}), 201)


async def where_she_works_is_excluded(world: World, three: Three, by: int = 0) -> None:
    profile = {"name": "Her", "headline": "", "language": "en", "time_zone": "UTC", "organisation": "Astilleros del Norte, S.A."}
    await world.hear(ProfileChanged(aggregate_id=three[2], aggregate_version=2, occurred_at=world.clock.at, **profile))
    ok(await world.post(three[by], "/v1/reach/exclusions", {"organisation": "astilleros del norte"}), 201)


async def my_friend_excludes_where_she_works(world: World, three: Three) -> None:
    await where_she_works_is_excluded(world, three, 1)


def she_allows(who: int = 2, **changes: Any) -> Cause:
    """One of the three has said so."""

    async def cause(world: World, three: Three) -> None:
        await world.open(three[who], **changes)

    return cause


def paused(who: int = 2) -> Cause:
    """One of the three is."""

    async def cause(world: World, three: Three) -> None:
        since = world.clock.at - timedelta(hours=1)
        await world.open(three[who], paused_from=since, paused_until=since + timedelta(days=14))

    return cause


async def my_friend_is_closed_to_me(world: World, three: Three) -> None:
    ok(await world.put(three[1], f"/v1/connections/{three[0]}/openness", {"open_to_asks": False}))


async def my_friend_has_enough(world: World, three: Three) -> None:
    [other] = await world.join("Other")
    await world.connect(other, three[1])
    await _ask(world, other, three[1], three[2])
    await world.open(three[1], asks_in_30_days=1)


async def enough_reach_her(world: World, three: Three) -> None:
    ada, eva = await world.join("Ada", "Eva")
    for other in (ada, three[2]):
        await world.connect(eva, other)
    words = {str(ada): WORDS, str(three[2]): WORDS}
    ok(await world.post(eva, "/v1/introductions/proposals", {"side_ids": [str(ada), str(three[2])], "words_for": words}), 201)
    await world.open(three[2], introductions_in_30_days=1)


async def i_asked_another(world: World, three: Three) -> None:
    [other] = await world.join("Other")
    await world.connect(three[0], other)
    await world.connect(other, three[2])
    await _ask(world, three[0], other, three[2])


async def it_rests(world: World, three: Three) -> None:
    made = await _ask(world, three[0], three[1], three[2])
    words = {str(three[0]): WORDS, str(three[2]): WORDS}
    ok(await world.post(three[1], f"/v1/introductions/{made}/vouch", {"words_for": words}))
    ok(await world.post(three[0], f"/v1/introductions/{made}/withdraw"))


async def my_friend_left(world: World, three: Three) -> None:
    await world.status(MemberErased, three[1])


async def others_introduced_them(world: World, three: Three) -> None:
    [other] = await world.join("Other")
    await world.connect(other, three[1])
    await world.connect(other, three[2])
    words = {str(three[1]): WORDS, str(three[2]): WORDS}
    body = {"side_ids": [str(three[1]), str(three[2])], "words_for": words}
    made = ok(await world.post(other, "/v1/introductions/proposals", body), 201)["id"]
    for side in three[1:]:
        ok(await world.post(side, f"/v1/introductions/{made}/confirm"))


async def i_asked_her(world: World, three: Three) -> None:
    await world.asked(three[0], three[2])


async def i_withdrew(world: World, three: Three) -> None:
    ok(await world.answer(three[0], await world.asked(three[0], three[2]), "withdraw"))


async def connected(world: World, three: Three) -> None:
    await world.connect(three[0], three[2])


async def _ask(world: World, asker: UUID, voucher: UUID, counterpart: UUID) -> str:
    body = {"voucher_id": str(voucher), "counterpart_id": str(counterpart), "why_her": WORDS}
    return str(ok(await world.post(asker, "/v1/introductions/asks", body), 201)["id"])


def ask_for_her(three: Three) -> tuple[str, Any]:
    _, friend, her = three
    return "/v1/introductions/asks", {"voucher_id": str(friend), "counterpart_id": str(her), "why_her": WORDS}


def propose_them(three: Three) -> tuple[str, Any]:
    _, friend, her = three
    words = {str(friend): WORDS, str(her): WORDS}
    return "/v1/introductions/proposals", {"side_ids": [str(friend), str(her)], "words_for": words}


def ask_to_connect(three: Three) -> tuple[str, Any]:
    return "/v1/connection-requests", asking(three[2])


GONE: tuple[Cause, ...] = (never_here, erased, suspended, blocked_by_her, blocked_by_me)
REFUSED: Mapping[str, tuple[Callable[[Three], tuple[str, Any]], tuple[Cause, ...]]] = {
    "cannot_ask": (
        ask_for_her,
        (
            *GONE,
            *(my_friend_left, my_friend_is_closed_to_me, my_friend_has_enough, paused(1), she_allows(1, open_to_asks=False)),
            *(paused(), she_allows(reachable=False), she_allows(introductions_in_30_days=0), enough_reach_her),
            *(she_excludes, i_exclude_her, where_she_works_is_excluded, i_asked_another, it_rests),
        ),
    ),
    "cannot_propose": (
        propose_them,
        (
            *GONE,
            *(my_friend_left, paused(), paused(1), she_allows(introductions_in_30_days=0), enough_reach_her, others_introduced_them),
            *(she_excludes_my_friend, my_friend_excludes_her, my_friend_excludes_where_she_works),
        ),
    ),
    "cannot_request": (ask_to_connect, (paused(), i_asked_her, i_withdrew, connected)),
}
"""The command, and what may stand in its way."""


async def refused(world: World, command: Callable[[Three], tuple[str, Any]], cause: Cause, code: str) -> tuple[Any, ...]:
    """What I am answered, and the statements that ran for it."""
    me, friend, her = await world.join("Me", "Friend", "Her")
    await world.connect(me, friend)
    if code != "cannot_request":
        await world.connect(friend, her)
    if code == "cannot_propose":
        await world.connect(me, her)
    tried = await cause(world, (me, friend, her)) or her
    listened = Statements()
    async with world.pool.acquire() as connection:
        connection.add_query_logger(listened)
    path, body = command((me, friend, tried))
    answer = await world.post(me, path, body)
    async with world.pool.acquire() as connection:
        connection.remove_query_logger(listened)
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in _NOTHING_TO_READ)
    assert answer.json()["code"] == code, f"{cause}: {answer.text}"
    return answer.status_code, headers, answer.content, listened.ran


@pytest.mark.parametrize("code", REFUSED)
async def test_a_refusal_tells_nothing_of_its_cause(world: World, code: str) -> None:
    command, causes = REFUSED[code]
    await refused(world, command, causes[0], code)  # what the connection learns of types on first use is learnt here
    first, *others = [await refused(world, command, cause, code) for cause in causes]
    for cause, other in zip(causes[1:], others, strict=True):
        for part, one, another in zip(("status", "headers", "body", "statements"), first, other, strict=True):
            assert one == another, f"{code}: its {part} tells {getattr(cause, '__qualname__', cause)}"
