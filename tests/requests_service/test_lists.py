"""Lists are read page by page: nothing is cut, nothing twice, and a page shows no gap where something doesn't exist for her."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from tests.requests_service.introductions.circle import ROOT
from tests.requests_service.test_invisible import introduce
from tests.requests_service.world import World, ok, problem

pytestmark = pytest.mark.servers


async def read_all(world: World, me: UUID, path: str, limit: int) -> list[list[Any]]:
    """The pages of a list, each with at most `limit` items."""
    pages, after = [], ""
    while True:
        page = ok(await world.get(me, f"{path}?limit={limit}{after}"))
        pages.append(page["items"])
        if page["next"] is None:
            return pages
        after = f"&after={page['next']}"


def ids(pages: list[list[Any]]) -> list[str]:
    return [item.get("id") or item["member"]["id"] for page in pages for item in page]


async def a_request(world: World, me: UUID, other: UUID) -> str:
    return await world.asked(me, other)


async def a_connection(world: World, me: UUID, other: UUID) -> str:
    await world.connect(me, other)
    return str(other)


async def an_introduction(world: World, me: UUID, other: UUID) -> str:
    (friend,) = await world.join("Friend")
    await world.connect(me, friend)
    await world.connect(friend, other)
    return await introduce(world, me, friend, other, vouched=False)


@pytest.mark.parametrize(
    ("path", "make", "when"),
    [
        ("/v1/connection-requests", a_request, "asked_at"),
        ("/v1/connections", a_connection, "since"),
        (ROOT, an_introduction, "asked_at"),
    ],
)
async def test_every_page_together_is_the_list_newest_first(
    world: World, path: str, make: Callable[[World, UUID, UUID], Awaitable[str]], when: str
) -> None:
    me, *others = await world.join("Me", *(f"Other {number}" for number in range(5)))
    made = []
    for number, other in enumerate(others):
        world.clock.move(hours=number % 2)  # some at the same moment
        made.append(await make(world, me, other))
    for limit in (1, 2, 3, 5, 50):
        pages = await read_all(world, me, path, limit)
        assert set(made) <= set(ids(pages))
        assert len(set(ids(pages))) == len(ids(pages))
        assert all(len(page) == limit for page in pages[:-1])
        times = [item[when] for page in pages for item in page]
        assert times == sorted(times, reverse=True)


async def test_what_does_not_exist_for_her_leaves_no_gap_in_a_page(world: World) -> None:
    me, friend, *others = await world.join("Me", "Friend", *(f"Other {number}" for number in range(6)))
    await world.connect(me, friend)
    made = []
    for other in others:
        world.clock.move(hours=1)
        await world.connect(friend, other)
        made.append(await introduce(world, me, friend, other, vouched=True, confirmed=True))
    for other in others[1:4]:
        await world.block(other, me)
    pages = await read_all(world, me, ROOT, 2)
    assert [len(page) for page in pages] == [2, 1]
    assert ids(pages) == [made[5], made[4], made[0]]


async def test_the_first_page_holds_fifty_and_a_page_at_most_a_hundred(world: World) -> None:
    me, *others = await world.join("Me", *(f"Other {number}" for number in range(51)))
    for other in others:
        await world.asked(other, me)
    first = ok(await world.get(me, "/v1/connection-requests"))
    assert (len(first["items"]), first["next"]) == (50, first["items"][-1]["id"])
    waiting = ok(await world.get(me, "/v1/todo"))["connection_requests"]
    assert (len(waiting["items"]), waiting["next"]) == (50, waiting["items"][-1]["id"])
    for limit in (0, 101):
        assert problem(await world.get(me, f"/v1/connection-requests?limit={limit}")) == (422, "invalid")


async def test_after_somebody_elses_row_there_is_nothing(world: World) -> None:
    me, her, third = await world.join("Me", "Her", "Third")
    foreign = await world.asked(her, third)
    await world.asked(me, her)
    assert ok(await world.get(me, f"/v1/connection-requests?after={foreign}")) == {"items": [], "next": None}
