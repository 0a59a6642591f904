"""The synthetic community, and that every read that a page makes finds an index, whatever the community's size."""

from typing import Any
from uuid import UUID

import pytest

from benchmarks.graph import report
from benchmarks.graph.loading import load
from benchmarks.graph.reading import READS, Reader, reader
from benchmarks.graph.town import NOW, Town
from services.requests import visibility
from services.requests.people import around
from services.requests.reach import store as reach
from services.requests.suggestions import domain, store
from shared.postgres.database import Tx, transaction
from tests.backends.base import as_owner
from tests.conftest import MakeDatabase

MEMBERS = 2000


def test_the_community_is_the_same_each_time_and_no_two_have_two_connections() -> None:
    town, again = Town(MEMBERS), Town(MEMBERS)
    made = list(town.connections())
    assert made == list(again.connections())
    assert town.ids == again.ids
    assert len({frozenset(pair) for pair in made}) == len(made) == sum(town.degrees) // 2
    assert all(one != other for one, other in made)


def test_it_is_clustered_and_has_a_heavy_tail() -> None:
    town = Town(MEMBERS)
    knows: dict[int, set[int]] = {place: set() for place in range(MEMBERS)}
    for one, other in town.connections():
        knows[one].add(other)
        knows[other].add(one)
    mean = sum(town.degrees) / MEMBERS
    assert 30 < mean < 45
    assert max(town.degrees) > 10 * mean
    # Of two women whom she knows, many know each other; of any two, hardly any.
    friends = [(a, b) for place in range(0, MEMBERS, 20) for a in knows[place] for b in knows[place] if a < b]
    assert sum(b in knows[a] for a, b in friends) / len(friends) > 5 * mean / MEMBERS


@pytest.mark.servers
async def test_no_page_reads_a_whole_table(make_database: MakeDatabase) -> None:
    url, town = as_owner(await make_database("requests")), Town(MEMBERS)
    await load(url, town)
    async with reader(url, town) as reads:
        pairs = await reads.pairs([*town.ordinary(2), *town.best_connected(1)])
        found = await reads.plans(pairs, must_not_scan=True)
        assert dict(found.scans) == {}
        assert found.buffers.keys() == READS.keys()
        # One that is gone is seen.
        await reads.pool.execute("drop index connections_newest; alter table connections drop constraint connections_pkey cascade")
        assert "my people: connections" in (await reads.plans(pairs[:1], must_not_scan=True)).scans


ROUND_TRIPS = {"home": 4, "my people": 7, "member page": 4, "paths": 5, "suggestions": 7}
"""At most, with those that begin and end the transaction."""


@pytest.mark.servers
async def test_every_read_makes_few_round_trips_and_suggests_what_could_be_done(make_database: MakeDatabase) -> None:
    url, town = await make_database("requests"), Town(MEMBERS)
    await load(as_owner(url), town)
    async with reader(url, town) as reads:
        pairs = await reads.pairs([*town.ordinary(25), *town.best_connected(5)])
        await reads.times(pairs[-3:])  # what is learnt on first use is learnt here
        trips = await reads.round_trips(pairs)
        assert {name: most for name, most in trips.items() if most > ROUND_TRIPS[name]} == {}
        found = [await _suggested(reads, me) for me, _ in pairs]
    assert len([known for known, _ in found if known]) > len(found) // 2
    assert len([pair for _, pair in found if pair]) > len(found) // 2


async def _suggested(reads: Reader, me: UUID) -> tuple[bool, bool]:
    """Whether anybody is suggested to her, and a pair; each as its own page has it, and the pair the first that she tries to propose."""
    found = await reads.call("GET", "/v1/suggestions", me)
    for one in found["might_know"]:
        her = one["member"]["id"]
        assert (await reads.call("GET", f"/v1/members/{her}", me))["can_request"]
        if one["through"]:
            await reads.call("PUT", f"/v1/members/{her}/look-up", me)
            assert one["through"] in (await reads.call("GET", f"/v1/members/{her}/paths", me))["vouchers"]
    async with transaction(reads.pool) as tx:
        tried = await _tried(tx, me)
    possible = [ids for ids in tried if not (await reads.call("GET", "/v1/connections/{}/proposals/{}".format(*ids), me))["cannot_propose"]]
    pair = found["introduce"] and tuple(UUID(side["id"]) for side in found["introduce"]["sides"])
    assert pair == next(iter(possible), None)
    return bool(found["might_know"]), bool(pair)


async def _tried(tx: Tx, me: UUID) -> list[tuple[UUID, UUID]]:
    """The first pairs of the day's lot that she may be shown, found one by one."""
    contacts = await around.recent(tx, me, domain.MOST_CONTACTS)
    suggestible = [one for one in contacts if domain.suggestible((await reach.of(tx, [one.member_id]))[one.member_id], NOW)]
    tried: list[tuple[UUID, UUID]] = []
    for one, other in domain.pairs(suggestible, me, NOW.date())[:20]:
        ids = (one.member_id, other.member_id)
        if len(await visibility.seen(tx, me, ids)) == 2 and not await store.dismissed(tx, me, [ids]):
            tried.append(ids)
    return tried[:3]


def test_what_is_not_as_it_should_be_is_said() -> None:
    took = {"home": {"p50": 1.0, "p99": 2.0, "count": 3}}
    small: dict[str, Any] = {"members": 10, "connections": 200, "most_connections": 5, "load_seconds": 1.0}
    small |= {"bare_ms": took, "ordinary_ms": took, "best_connected_ms": took, "statements_ms": took, "best_connected_statements_ms": took}
    small |= {"buffers": {"home": 10}, "scans": {}}
    results = {"machine": {"load_before": 0.1}, "small": small, "large": small}
    assert report.problems(results) == []
    wrong: list[tuple[str, Any, str]] = [
        ("ordinary_ms", {"home": {"p50": 1.0, "p99": 20.1, "count": 3}}, "takes 20.1 ms at p99 for ordinary members"),
        ("best_connected_ms", {"home": {"p50": 1.0, "p99": 100.1, "count": 3}}, "takes 100.1 ms at p99 for the best-connected"),
        ("buffers", {"home": 21}, "touches 21 buffers, 2.1 times as many"),
        ("scans", {"home: connections": 1}, "a whole table is read: home: connections"),
        ("load_seconds", 901.0, "loading took 901 s"),
    ]
    for name, value, said in wrong:
        [problem] = report.problems({**results, "large": {**small, name: value}})
        assert said in problem
        assert problem in report.table({**results, "large": {**small, name: value}})
