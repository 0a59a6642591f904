"""How each block and each status stands is said again for services that didn't hear of it, by the same events: others find nothing new."""

from uuid import UUID

import pytest

from services.members.erasure.commands import erase
from services.members.safety import commands, timers
from services.reputation.features import FEATURES as REPUTATION
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberBlocked, MemberReinstated, MemberSuspended, MemberUnblocked
from shared.messaging import registry
from shared.messaging.processor import DONE, Delivery, EventProcessor
from shared.postgres.database import create_pool, transaction
from tests.conftest import MakeDatabase
from tests.members.conftest import Members
from tests.members.test_safety import told

pytestmark = pytest.mark.servers
KINDS = (MemberBlocked, MemberUnblocked, MemberSuspended, MemberReinstated)


@pytest.fixture
async def them(members: Members) -> list[UUID]:
    """Ana blocks Bea and no longer Carla, Bea is suspended, Carla is reinstated, and Dina, who blocked Ana, has left."""
    ana, bea, carla, dina = [UUID((await members.join(f"{name}@example.com"))[1]) for name in ("ana", "bea", "carla", "dina")]
    at = clock.now()
    async with transaction(members.pool) as tx:
        for blocker, blocked in ((ana, bea), (ana, carla), (dina, ana)):
            await commands.block(tx, blocker, blocked, at)
        await commands.unblock(tx, ana, carla, at)
        for suspended in (bea, carla, dina):
            await commands.suspend(tx, suspended, at)
        await commands.reinstate(tx, carla, at)
        await erase(tx, dina, at)
        await tx.execute("update outbox set sent_at = now()")
    return [ana, bea, carla, dina]


async def stand(members: Members, *gone: UUID) -> dict[UUID, type[Event]]:
    """The last that was told of each block and each status, but of who has left: the events' ids and types."""
    last = {event.aggregate_id: event for event in await told(members) if isinstance(event, KINDS) and not _named(event) & {*gone}}
    return {event.id: type(event) for event in last.values()}


def _named(event: Event) -> set[UUID]:
    return {event.blocker_id, event.blocked_id} if isinstance(event, MemberBlocked | MemberUnblocked) else {event.aggregate_id}


async def test_what_the_outbox_still_holds_is_published_again(members: Members, them: list[UUID]) -> None:
    for _ in range(2):
        await timers.say_again(members.pool)
    again = await members.pool.fetch("select stream, event_id from outbox_again")
    last = await stand(members, them[-1])
    assert sorted(last.values(), key=str) == sorted(KINDS, key=str)
    assert {row["event_id"] for row in again} == last.keys()
    assert {row["stream"] for row in again} == {"MEMBERS"}


async def test_what_it_holds_no_more_is_told_as_it_stands(members: Members, them: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    """In helpings, of which none is left out."""
    before = await stand(members, them[-1])
    await members.pool.execute("delete from outbox")
    monkeypatch.setattr(timers, "_AT_ONCE", 1)
    await timers.say_again(members.pool)
    assert await stand(members) == before
    assert await members.pool.fetchval("select count(*) from outbox_again") == 0


async def test_nothing_is_said_of_who_has_left_or_who_never_changed(members: Members, them: list[UUID]) -> None:
    await members.join("eva@example.com")
    await members.pool.execute("delete from outbox")
    await timers.say_again(members.pool)
    said = b"".join(row["body"] for row in await members.pool.fetch("select body from outbox")).decode()
    assert [str(member) in said for member in them] == [True, True, True, False]
    assert len(await told(members)) == 4


async def test_who_heard_nothing_of_it_knows_it_afterwards(members: Members, them: list[UUID], make_database: MakeDatabase) -> None:
    ana, bea, *_ = them
    await members.pool.execute("delete from outbox")
    await timers.say_again(members.pool)
    handlers = registry.of_service("reputation", [feature.handlers for feature in REPUTATION])
    async with await create_pool(await make_database("reputation")) as pool:
        processor = EventProcessor(handlers, pool)
        for event in await told(members):
            assert await processor.batch([Delivery(event.type, event.to_json(), clock.machine_now())]) == [DONE]
        blocks = await pool.fetch("select blocker_id, blocked_id from blocks where active")
        suspended = await pool.fetch("select member_id from members where suspended")
    assert [tuple(row) for row in blocks] == [(ana, bea)]
    assert [row["member_id"] for row in suspended] == [bea]
