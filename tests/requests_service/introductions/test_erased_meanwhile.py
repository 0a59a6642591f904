"""A side is erased at the very moment of a vouch, or of the last yes: whichever comes first, nobody is introduced to her from then on."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Literal
from uuid import uuid4

import pytest

from services.notify import worker
from services.notify.queue import claims
from shared.contracts.events.base import Event
from shared.contracts.events.members import AddressSet, MemberErased
from shared.messaging.registry import of_service
from shared.postgres.database import Pool, create_pool, transaction
from tests.conftest import MakeDatabase
from tests.notify.world import SENDER
from tests.requests_service.introductions.circle import Circle
from tests.requests_service.world import HANDLERS, joined, ok

pytestmark = pytest.mark.servers
NOTIFY = of_service("notify", [feature.handlers for feature in worker.features(SENDER)])
Who = Literal["ana", "carla"]
VOUCH, YES_OF_THE_OTHER, HER_OWN_YES = "vouch", "the other's yes", "her own yes"


def act(circle: Circle, what: str, id_: str, her: Who) -> Coroutine[Any, Any, Any]:
    """Vera vouches, or the last yes is said."""
    if what == VOUCH:
        return circle.vouch(id_)
    other = circle.carla if her == "ana" else circle.ana
    return circle.do(getattr(circle, her) if what == HER_OWN_YES else other, id_, "confirm")


async def prepared(circle: Circle, what: str, her: Who) -> str:
    """What the act waits for has been said: an ask, or a proposal and one yes."""
    if what == VOUCH:
        return await circle.asked()
    id_ = await circle.proposed()
    said = {YES_OF_THE_OTHER: getattr(circle, her), HER_OWN_YES: circle.carla if her == "ana" else circle.ana}[what]
    ok(await circle.do(said, id_, "confirm"))
    return id_


@asynccontextmanager
async def hearing(circle: Circle, event: Event) -> AsyncIterator[None]:
    """The event has been heard, and isn't committed yet."""
    async with transaction(circle.world.pool) as tx:
        await HANDLERS.handle([event], tx)
        yield


@asynccontextmanager
async def nothing_is_told(circle: Circle) -> AsyncIterator[None]:
    """Whoever wants to store an event waits, with all that she has locked and written by then."""
    async with transaction(circle.world.pool) as tx:
        await tx.execute("lock table outbox in share mode")
        yield


async def waits(circle: Circle, number: int, *tasks: "asyncio.Task[Any]") -> None:
    """Until so many wait for a lock; none of these tasks is done by then."""
    look = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        while await circle.world.pool.fetchval(look) < number:
            await asyncio.sleep(0.01)
    assert not any(task.done() for task in tasks)


async def both(circle: Circle, first: str, erased: Event, doing: Coroutine[Any, Any, Any]) -> None:
    """The erasure and the act, the second of which meets the first before that is committed."""
    if first == "erasure":
        async with hearing(circle, erased):
            acting = asyncio.create_task(doing)
            await waits(circle, 1, acting)
        await acting
        return
    async with nothing_is_told(circle):
        acting = asyncio.create_task(doing)
        await waits(circle, 1, acting)
        erasing = asyncio.create_task(circle.world.hear(erased))
        await waits(circle, 2, acting, erasing)
    ok(await acting)
    await erasing


@pytest.mark.parametrize("first", ["erasure", "act"])
@pytest.mark.parametrize("her", ["ana", "carla"])
@pytest.mark.parametrize("what", [VOUCH, YES_OF_THE_OTHER, HER_OWN_YES])
async def test_nobody_is_introduced_to_her(circle: Circle, make_database: MakeDatabase, what: str, her: Who, first: str) -> None:
    id_, gone = await prepared(circle, what, her), getattr(circle, her)
    erased = MemberErased(aggregate_id=gone, aggregate_version=9, occurred_at=circle.world.clock.at)
    await both(circle, first, erased, act(circle, what, id_, her))
    for one in {circle.ana, circle.carla} - {gone}:
        await circle.do(one, id_, "confirm")
    # A last yes that came before her erasure was true when it was said.
    confirmed = len(await circle.told("IntroductionConfirmed"))
    assert confirmed == (what != VOUCH and first == "act")
    async with await create_pool(await make_database("notify"), size=1) as pool:
        letters = {when: await leaving(pool, circle, erased, when) for when in ("never", "first", "once told", "once claimed")}
    assert letters.pop("never").count("introduction") == 2 * confirmed, "or the rest shows nothing"
    assert not any("introduction" in kinds for kinds in letters.values())


async def leaving(pool: Pool, circle: Circle, erased: Event, when: str) -> list[str]:
    """The kinds of the letters that would leave, by when notify hears that she is erased. Nothing of it is kept."""
    told = [event for event in await circle.told() if event.type in NOTIFY.types]
    async with pool.acquire() as tx:
        kept = tx.transaction()
        await kept.start()
        for event in [*joining(circle), *[erased] * (when == "first"), *told, *[erased] * (when == "once told")]:
            await NOTIFY.handle([event], tx)
        claimed = await claims.claim(tx, by := uuid4(), 100, 60.0)
        if when == "once claimed":
            await NOTIFY.handle([erased], tx)
        looked = await claims.last_look(tx, by, [letter.attempt for letter in claimed], 1.0)
        await kept.rollback()
    return [letter.kind for letter in claimed if looked[letter.letter_id] == ""]


def joining(circle: Circle) -> list[Event]:
    """What notify hears of the three when they join."""
    at = circle.world.clock.at
    addresses = [AddressSet(aggregate_id=who, aggregate_version=1, occurred_at=at, address=f"{who}@example.test") for who in circle.three]
    return [*(joined(who, "Eva", at) for who in circle.three), *addresses]
