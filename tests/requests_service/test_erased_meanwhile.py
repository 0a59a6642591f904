"""She is erased at the very moment at which something of hers is being written: whatever comes first, none of her words stay."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from services.requests.worker import FEATURES
from shared.contracts.events.members import MemberErased
from shared.messaging import acknowledged
from shared.postgres import sweep
from shared.postgres.database import transaction
from tests.requests_service.calls import REACH
from tests.requests_service.world import HANDLERS, World, why

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]
WORDS = "Of boats and how one mends them I know zarzamora"


async def _asks(world: World, her: UUID, vera: UUID, olga: UUID) -> None:
    await world.ask(her, olga, where_we_met=WORDS, why_now=f"{why(olga)} zarzamora")


async def _looks(world: World, her: UUID, vera: UUID, olga: UUID) -> None:
    await world.post(her, "/v1/needs", {"voucher_id": str(vera), "looking_for": WORDS})


async def _asks_for_an_introduction(world: World, her: UUID, vera: UUID, olga: UUID) -> None:
    await world.post(her, "/v1/introductions/asks", {"voucher_id": str(vera), "counterpart_id": str(olga), "why_her": WORDS})


async def _proposes(world: World, her: UUID, vera: UUID, olga: UUID) -> None:
    words = {str(vera): WORDS, str(olga): WORDS}
    await world.connect(her, olga)
    await world.post(her, "/v1/introductions/proposals", {"side_ids": list(words), "words_for": words})


async def _allows(world: World, her: UUID, vera: UUID, olga: UUID) -> None:
    await world.put(her, "/v1/reach", {**REACH, "question": "Which boat is zarzamora"})


async def _excludes(world: World, her: UUID, vera: UUID, olga: UUID) -> None:
    await world.post(her, "/v1/reach/exclusions", {"organisation": "Zarzamora"})


async def _says_her_way(world: World, her: UUID, vera: UUID, olga: UUID) -> None:
    await world.put(her, f"/v1/connections/{vera}/provenance", {"how_met": "event", "where_we_met": WORDS})


Act = Callable[[World, UUID, UUID, UUID], Awaitable[None]]
ACTS: tuple[Act, ...] = (_asks, _looks, _asks_for_an_introduction, _proposes, _allows, _excludes, _says_her_way)


async def erase(world: World, her: UUID, *, hold: float) -> None:
    async with transaction(world.pool) as tx:
        await HANDLERS.handle([MemberErased(aggregate_id=her, aggregate_version=9, occurred_at=world.clock.at)], tx)
        await asyncio.sleep(hold)


async def left(world: World) -> dict[str, int]:
    """Where her words are once all that looked open has shown its end, and everything was sent."""
    world.clock.move(days=40)
    for timer in (timer for feature in FEATURES for timer in feature.timers):
        await timer.work(world.pool)
    async with transaction(world.pool) as tx:
        rows = await tx.fetch("select event_id from outbox where sent_at is null")
        await acknowledged.stored(tx, "REQUESTS", sent=[row["event_id"] for row in rows], again=[], last_seq=0)
    return await sweep.find(world.pool, ["zarzamora"])


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_without_it_they_are_there(world: World, act: Act) -> None:
    her, vera, olga = await world.join("Her", "Vera", "Olga")
    await world.connect(her, vera)
    await world.connect(vera, olga)
    await act(world, her, vera, olga)
    assert await sweep.find(world.pool, ["zarzamora"])


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_whatever_comes_first_none_of_her_words_stay(world: World, act: Act) -> None:
    for first in (0.0, 0.005, 0.01, 0.02, 0.05, 0.1):  # how long before her erasure she begins
        her, vera, olga = await world.join(f"Her {uuid4()}", "Vera", "Olga")
        await world.connect(her, vera)
        await world.connect(vera, olga)
        doing = asyncio.ensure_future(act(world, her, vera, olga))
        await asyncio.sleep(first)
        await asyncio.gather(erase(world, her, hold=0.05), doing, return_exceptions=True)
    assert await left(world) == {}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_what_she_begins_while_her_erasure_is_under_way_is_not_kept(world: World, act: Act) -> None:
    her, vera, olga = await world.join("Her", "Vera", "Olga")
    await world.connect(her, vera)
    await world.connect(vera, olga)
    erasing = asyncio.ensure_future(erase(world, her, hold=0.4))
    await asyncio.sleep(0.2)
    await asyncio.gather(act(world, her, vera, olga), erasing, return_exceptions=True)
    assert await left(world) == {}
