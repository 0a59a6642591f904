"""Which connections she is asked about because they have gone quiet: the rule, and that the rows are found by the same."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest

from services.requests.people import store
from services.requests.people.domain.connection import ConnectionSide
from services.requests.people.domain.keeping import spoke
from services.requests.people.domain.tidying import MOST_AT_ONCE, keep, quiet
from shared.contracts.http.requests.connections import Closeness, LastSpoke
from shared.postgres.database import transaction
from tests.requests_service.people.test_domain import AT, SIDE
from tests.requests_service.world import World, ok, problem

DAY = timedelta(days=1)
CLOSE: tuple[Closeness, ...] = ("met", "not_met", "know_well")
LAST: tuple[tuple[LastSpoke | None, int], ...] = (
    (None, 0),
    ("month", 364),
    ("month", 365),
    ("year", 0),
    ("year", 365),
    ("two_years", 0),
    ("longer", 0),
)


def side(closeness: Closeness, since: int, last: tuple[LastSpoke | None, int], kept: int | None) -> ConnectionSide:
    """Connected `since` days ago; what she said of when they last spoke, and that it is to stay, each so many days ago."""
    made = replace(SIDE, other_id=uuid4(), closeness=closeness, since=AT - since * DAY)
    said = spoke(made, last[0], AT - last[1] * DAY)
    return said if kept is None else keep(said, AT - kept * DAY)


@pytest.mark.parametrize(
    ("closeness", "since", "last", "kept", "expected"),
    [
        ("met", 365, (None, 0), None, True),
        ("not_met", 365, (None, 0), None, True),
        ("met", 364, (None, 0), None, False),
        ("know_well", 800, (None, 0), None, False),
        ("worked_together", 800, ("longer", 0), None, False),
        ("met", 800, ("month", 364), None, False),
        ("met", 800, ("month", 365), None, True),
        ("met", 800, ("year", 0), None, False),
        ("met", 31, ("two_years", 0), None, True),
        ("met", 30, ("longer", 0), None, True),
        ("met", 29, ("longer", 0), None, False),
        ("met", 800, ("longer", 0), 364, False),
        ("met", 800, ("longer", 0), 365, True),
    ],
)
def test_who_has_gone_quiet(closeness: Closeness, since: int, last: tuple[LastSpoke | None, int], kept: int | None, expected: bool) -> None:
    assert quiet(side(closeness, since, last, kept), AT) is expected


@pytest.mark.servers
async def test_the_rows_are_found_by_the_rule(world: World) -> None:
    [me] = await world.join("Me")
    every = [replace(side(*which), member_id=me) for which in product(CLOSE, (29, 30, 364, 365, 800), LAST, (None, 1, 364, 365))]
    assert {quiet(one, AT) for one in every} == {True, False}
    for one in every:
        async with transaction(world.pool) as tx:
            await tx.execute("insert into members (member_id, name, headline, profile_version) values ($1, 'Her', '', 1)", one.other_id)
            await store.connect(tx, [one])
            assert bool(await store.quiet(tx, me, AT)) is quiet(one, AT), one
            await tx.execute("delete from connections")


@pytest.mark.servers
async def test_a_few_at_a_time_until_she_has_said_what_is_to_become_of_each(world: World) -> None:
    me, *others = await world.join("Me", *(f"Other {number}" for number in range(MOST_AT_ONCE + 2)))
    for other in others:
        await world.connect(me, other, closeness="met")
        world.clock.move(minutes=1)
    assert ok(await world.get(me, "/v1/connections/tidy"))["items"] == []
    world.clock.move(days=365)
    asked = [view["member"]["id"] for view in ok(await world.get(me, "/v1/connections/tidy"))["items"]]
    assert asked == [str(other) for other in others[:MOST_AT_ONCE]], "the oldest first"
    better, keeps, goes, *rest = others
    ok(await world.put(me, f"/v1/connections/{better}/closeness", {"closeness": "know_well"}))
    ok(await world.post(me, f"/v1/connections/{keeps}/keep"))
    ok(await world.post(me, f"/v1/connections/{goes}/remove"))
    await world.block(rest[0], me)
    left = [view["member"]["id"] for view in ok(await world.get(me, "/v1/connections/tidy"))["items"]]
    assert left == [str(other) for other in rest[1:]]
    world.clock.move(days=366)
    assert str(keeps) in [view["member"]["id"] for view in ok(await world.get(me, "/v1/connections/tidy"))["items"]]
    assert problem(await world.post(me, f"/v1/connections/{goes}/keep")) == (404, "not_found")
