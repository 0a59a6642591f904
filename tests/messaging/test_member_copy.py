"""A service's copy of members: the same rows whatever the order and repetition, and each feature's part in each change."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import (
    MemberBlocked,
    MemberErased,
    MemberJoined,
    MemberReinstated,
    MemberSuspended,
    MemberUnblocked,
    ProfileChanged,
)
from shared.messaging import member_copy
from shared.messaging.feature import Feature
from shared.messaging.processor import DONE, Delivery, EventProcessor
from shared.messaging.registry import Handlers
from shared.postgres.database import Pool, Tx, create_pool, transaction
from tests.backends import owner
from tests.conftest import MakeDatabase
from tests.messaging.events import AT

pytestmark = pytest.mark.servers

CARD = ("name", "headline", "language", "time_zone", "visibility")
SHUFFLED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)


def life(ana: UUID, bea: UUID) -> list[Event]:
    """What may be heard of Ana, and of blocks between her and Bea."""
    profile = {"headline": "Mends nets", "language": "es", "time_zone": "Europe/Lisbon"}
    about: dict[str, Any] = {"aggregate_id": ana, "occurred_at": AT}
    hers: dict[str, Any] = {"aggregate_id": uuid4(), "blocker_id": ana, "blocked_id": bea, "occurred_at": AT}
    beas: dict[str, Any] = {"aggregate_id": uuid4(), "blocker_id": bea, "blocked_id": ana, "occurred_at": AT}
    return [
        MemberJoined(**about, aggregate_version=1, name="Ana", **profile),
        ProfileChanged(**about, aggregate_version=2, name="Ana Sol", **profile),
        ProfileChanged(**about, aggregate_version=5, name="Ana Mar", visibility="connections", **profile),
        MemberSuspended(**about, aggregate_version=1),
        MemberReinstated(**about, aggregate_version=2),
        MemberSuspended(**about, aggregate_version=3),
        MemberBlocked(**hers, aggregate_version=1),
        MemberUnblocked(**hers, aggregate_version=2),
        MemberBlocked(**beas, aggregate_version=1),
    ]


LENGTH = len(life(uuid4(), uuid4()))
ORDERS = st.builds(lambda once, again: [*once, *again], st.permutations(range(LENGTH)), st.lists(st.integers(0, LENGTH - 1), max_size=4))
"""The places of events in `life`, each at least once."""


def erased(member: UUID) -> MemberErased:
    return MemberErased(aggregate_id=member, aggregate_version=4, occurred_at=AT)


async def hear(pool: Pool, copy: Feature, events: Sequence[Event]) -> None:
    """As a worker does, but without the inbox: nothing here rests on its claims."""
    for event in events:
        async with transaction(pool) as tx:
            await copy.handlers.handle([event], tx)


async def row(pool: Pool | Tx, member: UUID) -> dict[str, Any]:
    found = await pool.fetchrow("select * from members where member_id = $1", member)
    assert found is not None
    return dict(found)


async def blocks_of(pool: Pool, member: UUID) -> list[tuple[Any, ...]]:
    statement = "select blocker_id, blocked_id, version, active from blocks where $1 in (blocker_id, blocked_id) order by version"
    return [tuple(found) for found in await pool.fetch(statement, member)]


AFTER = {
    "name": "Ana Mar",
    "headline": "Mends nets",
    "language": "es",
    "time_zone": "Europe/Lisbon",
    "visibility": "connections",
    "profile_version": 5,
    "status_version": 3,
    "suspended": True,
    "erased": False,
}
BARE = {**dict.fromkeys(CARD), "profile_version": 0, "status_version": 0, "suspended": False, "erased": True}


@given(ORDERS)
@SHUFFLED
async def test_any_order_and_repetition_gives_the_same_rows(pool: Pool, order: list[int]) -> None:
    ana, bea = uuid4(), uuid4()
    events = life(ana, bea)
    await hear(pool, member_copy.feature("requests", CARD, ()), [events[place] for place in order])
    found = await row(pool, ana)
    assert found == {**found, "member_id": ana, **AFTER}
    assert await blocks_of(pool, ana) == [(bea, ana, 1, True), (ana, bea, 2, False)]


@given(ORDERS, st.integers(0, LENGTH))
@SHUFFLED
async def test_an_erased_member_stays_a_bare_id_whatever_came_before_or_comes_later(pool: Pool, order: list[int], at: int) -> None:
    ana, bea = uuid4(), uuid4()
    events = [life(ana, bea)[place] for place in order]
    await hear(pool, member_copy.feature("requests", CARD, ()), [*events[:at], erased(ana), *events[at:], erased(ana)])
    found = await row(pool, ana)
    assert found == {**found, "member_id": ana, **BARE}
    assert await blocks_of(pool, ana) == []


class Recording:
    """Two features that note each of their parts, and write it down in the transaction they are called in."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []
        self.features = [self._feature("first"), self._feature("second")]
        self.copy = member_copy.feature("requests", CARD, self.features)

    def _feature(self, name: str) -> Feature:
        def part(hook: str) -> Any:
            async def note(tx: Tx, *about: Any) -> None:
                self.heard.append((name, hook, *about))
                await tx.execute("insert into heard values ($1, $2)", name, hook)

            return note

        return Feature(name, on_block=part("block"), on_suspend=part("suspend"), on_reinstate=part("reinstate"), on_erase=part("erase"))

    def expected(self, *hooks: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """Each hook in each feature, in the order in which the features were listed."""
        return [(feature.name, *hook, AT) for hook in hooks for feature in self.features]


@pytest.fixture
async def recording(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Recording:
    monkeypatch.setattr(clock, "now", lambda: AT)
    await owner.execute(pool, "create table heard (feature text, hook text)")
    return Recording()


async def test_each_feature_takes_part_once_a_change_in_their_order(pool: Pool, recording: Recording) -> None:
    ana, bea = uuid4(), uuid4()
    events = life(ana, bea)
    await hear(pool, recording.copy, [event for event in [*events, erased(ana)] for _ in range(2)])
    assert recording.heard == recording.expected(
        ("suspend", ana), ("reinstate", ana), ("suspend", ana), ("block", ana, bea), ("block", bea, ana), ("erase", ana)
    )


async def test_what_is_older_than_applied_or_about_an_erased_member_is_no_change(pool: Pool, recording: Recording) -> None:
    ana, bea = uuid4(), uuid4()
    _, _, _, suspended, reinstated, again, blocked, unblocked, by_bea = life(ana, bea)
    await hear(pool, recording.copy, [reinstated, suspended, unblocked, blocked])
    assert recording.heard == recording.expected(("reinstate", ana))
    await hear(pool, recording.copy, [erased(ana), again, by_bea])
    assert recording.heard == recording.expected(("reinstate", ana), ("erase", ana))


async def test_the_change_and_what_features_do_are_one_transaction(pool: Pool, recording: Recording) -> None:
    ana, bea = uuid4(), uuid4()
    joined, _, _, suspended, reinstated, _, blocked, _, _ = life(ana, bea)

    async def broken(tx: Tx, *about: Any) -> None:
        raise OSError

    breaking = Feature("broken", on_block=broken, on_suspend=broken, on_reinstate=broken, on_erase=broken)
    copy = member_copy.feature("requests", CARD, [*recording.features, breaking])
    await hear(pool, copy, [joined])
    before = await row(pool, ana)
    for event in (suspended, reinstated, blocked, erased(ana)):
        with pytest.raises(OSError):
            await hear(pool, copy, [event])
    assert await row(pool, ana) == before
    assert await blocks_of(pool, ana) == []
    assert await pool.fetchval("select count(*) from heard") == 0
    await hear(pool, recording.copy, [suspended])
    changed = "select xmin::text from members where member_id = $1 union select xmin::text from heard"
    assert len(await pool.fetch(changed, ana)) == 1


async def test_an_erasure_reaches_features_before_her_card_is_blanked_and_with_her_row_locked(pool: Pool) -> None:
    ana, seen = uuid4(), []

    async def look(tx: Tx, member: UUID, at: datetime) -> None:
        here = await row(tx, member)
        async with pool.acquire() as other:
            free = await other.fetch("select from members where member_id = $1 for update skip locked", member)
        seen.append((here["erased"], here["name"], len(free)))

    joined = life(ana, uuid4())[0]
    await hear(pool, member_copy.feature("requests", CARD, [Feature("looking", on_erase=look)]), [joined, erased(ana)])
    assert seen == [(True, "Ana", 0)]
    assert (await row(pool, ana))["name"] is None


async def test_a_block_reaches_features_with_the_pair_held(pool: Pool) -> None:
    ana, bea = uuid4(), uuid4()
    held: list[bool] = []

    async def look(tx: Tx, blocker: UUID, blocked: UUID, at: datetime) -> None:
        async with pool.acquire() as other, other.transaction():
            low, high = sorted((blocker, blocked))
            held.append(not await other.fetchval("select pg_try_advisory_xact_lock(hashtextextended($1, 0))", f"{low}/{high}"))

    copy = member_copy.feature("requests", CARD, [Feature("looking", on_block=look)])
    await hear(pool, copy, [event for event in life(ana, bea) if isinstance(event, MemberBlocked)])
    assert held == [True, True]


@pytest.mark.parametrize("erased_first", [True, False])
async def test_a_block_and_an_erasure_take_turns(pool: Pool, erased_first: bool) -> None:
    ana, bea = uuid4(), uuid4()
    copy = member_copy.feature("requests", CARD, ())
    joined, block = life(ana, bea)[0], life(ana, bea)[6]
    await hear(pool, copy, [joined])
    first, second = (erased(ana), block) if erased_first else (block, erased(ana))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group, transaction(pool) as tx:
        await copy.handlers.handle([first], tx)
        group.create_task(hear(pool, copy, [second]))
        while not await pool.fetchval("select count(*) from pg_locks where not granted"):
            await asyncio.sleep(0)
    assert await blocks_of(pool, ana) == []
    assert (await row(pool, ana))["erased"] is True


async def test_redelivery_through_a_worker_changes_nothing(pool: Pool, recording: Recording) -> None:
    ana = uuid4()
    handlers = Handlers()
    handlers.include(recording.copy.handlers)
    processor = EventProcessor(handlers, pool)
    events = [event for event in life(ana, uuid4()) if event.aggregate_id == ana] * 2
    deliveries = [Delivery(event.type, event.to_json(), datetime.now(UTC)) for event in events]
    assert await processor.batch(deliveries) == [DONE] * len(events)
    assert recording.heard == recording.expected(("suspend", ana), ("reinstate", ana), ("suspend", ana))
    assert (await row(pool, ana))["name"] == "Ana Mar"


async def test_what_was_told_of_an_erased_member_is_emptied_once_it_is_sent(make_database: MakeDatabase) -> None:
    pool, ana, bea = await create_pool(await make_database("notify")), uuid4(), uuid4()
    rows = [(ana, True), (ana, False), (bea, True)]
    for member, sent in rows:
        await pool.execute(
            "insert into outbox (event_id, type, aggregate_id, body, correlation_id, traceparent, sent_at)"
            " values (gen_random_uuid(), 'x', gen_random_uuid(), convert_to($1, 'UTF8'), '', '', case when $2 then now() end)",
            f'{{"voucher_id": "{member}"}}',
            sent,
        )
    await hear(pool, member_copy.feature("notify", ("name", "headline", "language", "time_zone"), []), [erased(ana)])
    left = [row["body"] != b"" for row in await pool.fetch("select body from outbox where type = 'x' order by position")]
    await pool.close()
    assert left == [False, True, True]
