"""The service's copy of members, fed out of order and twice."""

import random
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberBlocked, MemberErased, MemberReinstated, MemberSuspended, MemberUnblocked, ProfileChanged
from shared.contracts.events.reputation import BandChanged
from shared.messaging.processor import Delivery, EventProcessor
from shared.postgres.database import transaction
from tests.requests_service.world import HANDLERS, START, World, joined, ok, problem

pytestmark = pytest.mark.servers


def life(member: UUID) -> list[Event]:
    """What may be heard of a member, each in its version's place."""
    about: dict[str, Any] = {"aggregate_id": member, "occurred_at": START}
    profile = {"headline": "Mends nets", "language": "es", "time_zone": "Europe/Lisbon"}
    return [
        joined(member, "Ana", START),
        ProfileChanged(**about, aggregate_version=2, name="Ana Sol", **profile),
        ProfileChanged(**about, aggregate_version=5, name="Ana Mar", visibility="connections", **profile),
        MemberSuspended(**about, aggregate_version=1),
        MemberReinstated(**about, aggregate_version=2),
        BandChanged(**about, aggregate_version=1, band="building"),
        BandChanged(**about, aggregate_version=4, band="established"),
    ]


async def row(world: World, member: UUID) -> dict[str, Any]:
    found = await world.pool.fetchrow("select * from members where member_id = $1", member)
    assert found is not None
    return {name: value for name, value in found.items() if name != "member_id"}


AFTER = {
    "name": "Ana Mar",
    "headline": "Mends nets",
    "language": "es",
    "time_zone": "Europe/Lisbon",
    "visibility": "connections",
    "profile_version": 5,
    "status_version": 2,
    "suspended": False,
    "erased": False,
    "organisation": "",
    "organisation_key": "",
    "band": "established",
    "band_version": 4,
    "joined_at": START,
}
ERASED = {"name": None, "headline": None, "language": None, "time_zone": None, "visibility": None, "joined_at": None, "erased": True}


async def test_any_order_and_repetition_gives_one_copy(world: World) -> None:
    chance = random.Random(7)
    for _ in range(25):
        member = uuid4()
        events = life(member) * 2
        chance.shuffle(events)
        await world.hear(*events)
        assert await row(world, member) == AFTER


async def test_an_erased_member_stays_erased_whatever_comes_later(world: World) -> None:
    chance = random.Random(11)
    for _ in range(15):
        member = uuid4()
        events = [*life(member), MemberErased(aggregate_id=member, aggregate_version=3, occurred_at=START)] * 2
        chance.shuffle(events)
        await world.hear(*events)
        assert ERASED.items() <= (await row(world, member)).items()
        (reader,) = await world.join("Bea")
        assert problem(await world.get(reader, f"/v1/members/{member}")) == (404, "not_found")


async def test_a_status_or_a_band_before_the_profile_leaves_her_absent_and_is_kept(world: World) -> None:
    (bea,) = await world.join("Bea")
    member = uuid4()
    _, _, _, suspended, _, building, _ = life(member)
    await world.hear(suspended, building)
    assert problem(await world.get(bea, f"/v1/members/{member}")) == (404, "not_found")
    await world.hear(joined(member, "Ana", START))
    assert problem(await world.get(bea, f"/v1/members/{member}")) == (404, "not_found")
    kept = await row(world, member)
    assert (kept["name"], kept["suspended"], kept["band"]) == ("Ana", True, "building")


async def test_a_block_and_its_taking_back_in_any_order(world: World) -> None:
    about: dict[str, Any] = {"occurred_at": START}
    for order in permutations(range(3)):
        ana, bea = await world.join("Ana", "Bea")
        pair = {"aggregate_id": uuid4(), "blocker_id": ana, "blocked_id": bea, **about}
        events = [
            MemberBlocked(aggregate_version=1, **pair),
            MemberUnblocked(aggregate_version=2, **pair),
            MemberBlocked(aggregate_version=3, **pair),
        ]
        await world.hear(*(events[place] for place in order), events[1])
        assert problem(await world.get(bea, f"/v1/members/{ana}")) == (404, "not_found")
        await world.hear(MemberUnblocked(aggregate_version=4, **pair), *events)
        ok(await world.get(bea, f"/v1/members/{ana}"))


async def test_a_block_heard_after_its_taking_back_ends_nothing(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    pair: dict[str, Any] = {"aggregate_id": uuid4(), "blocker_id": bea, "blocked_id": ana, "occurred_at": START}
    await world.hear(MemberUnblocked(aggregate_version=2, **pair), MemberBlocked(aggregate_version=1, **pair))
    assert ok(await world.get(bea, f"/v1/connection-requests/{request_id}"))["state"] == "pending"


async def test_two_blocks_are_two(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.block(ana, bea)
    await world.block(bea, ana)
    await world.unblock(ana, bea)
    assert problem(await world.get(ana, f"/v1/members/{bea}")) == (404, "not_found")
    await world.unblock(bea, ana)
    ok(await world.get(ana, f"/v1/members/{bea}"))


async def test_delivered_events_go_through_the_inbox_and_broken_ones_become_dead_letters(world: World) -> None:
    member = uuid4()
    processor = EventProcessor(HANDLERS, world.pool)
    good = joined(member, "Ana", START)
    deliveries = [
        Delivery(good.type, body, START) for body in (good.to_json(), b"{", good.to_json(), good.to_json().replace(b'"name":"Ana",', b""))
    ]
    verdicts = await processor.batch(deliveries)
    assert [verdict.what for verdict in verdicts] == ["done", "dead", "done", "dead"]
    assert (await row(world, member))["name"] == "Ana"
    async with transaction(world.pool) as tx:
        reasons = [found["reason"] for found in await tx.fetch("select reason from dead_letters order by id")]
    assert reasons == ["malformed", "malformed"]
