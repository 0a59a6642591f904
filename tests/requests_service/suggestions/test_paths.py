"""Who could introduce her: by consent of both ends, and by as many look-ups as fit into a day."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.requests.suggestions.domain import LOOK_UPS_A_DAY
from shared.contracts.events.members import MemberErased, MemberSuspended
from tests.requests_service.calls import WORDS
from tests.requests_service.suggestions.conftest import Neighbourhood
from tests.requests_service.world import START, ok, problem

pytestmark = pytest.mark.servers

Change = Callable[[Neighbourhood, UUID], Awaitable[object]]
PAUSE = {"paused_from": START, "paused_until": START + timedelta(days=14)}


async def _both(one: Awaitable[object], other: Awaitable[object]) -> None:
    await one
    await other


async def _ask(around: Neighbourhood, her: UUID) -> int:
    body = {"voucher_id": str(around.friend), "counterpart_id": str(her), "why_her": WORDS}
    return (await around.world.post(around.me, "/v1/introductions/asks", body)).status_code


OPEN: dict[str, Change] = {
    "both allow it": lambda around, her: around.world.open(),
    "the contact said so of her alone": lambda around, her: _both(
        around.world.open(around.friend, open_to_asks=False), around.change(around.friend, around.me, open_to_asks=True)
    ),
    "however little each knows the other": lambda around, her: _both(
        around.change(around.friend, her, closeness="not_met"), around.change(around.friend, around.me, closeness="met")
    ),
}
CLOSED: dict[str, Change] = {
    "the contact isn't open to asks": lambda around, her: around.world.open(around.friend, open_to_asks=False),
    "nor to those of this one": lambda around, her: around.change(around.friend, around.me, open_to_asks=False),
    "she can't be reached": lambda around, her: around.world.open(her, reachable=False),
    "the contact pauses": lambda around, her: around.world.open(around.friend, **PAUSE),
    "she pauses": lambda around, her: around.world.open(her, **PAUSE),
    "as many asks as she allows have reached the contact": lambda around, her: around.world.open(around.friend, asks_in_30_days=0),
    "as many introductions as she allows have reached her": lambda around, her: around.world.open(her, introductions_in_30_days=0),
    "she excludes the reader": lambda around, her: around.exclude(her, member_id=str(around.me)),
    "the reader excludes her": lambda around, her: around.exclude(around.me, member_id=str(her)),
    "she excludes where the reader works": lambda around, her: _both(
        around.works_at(around.me, "Taller Sur"), around.exclude(her, organisation="taller sur")
    ),
    "the contact is suspended": lambda around, her: around.world.status(MemberSuspended, around.friend),
    "the contact left": lambda around, her: around.world.status(MemberErased, around.friend),
    "the contact blocked the reader": lambda around, her: around.world.block(around.friend, around.me),
    "the reader blocked the contact": lambda around, her: around.world.block(around.me, around.friend),
    "the contact blocked her": lambda around, her: around.world.block(around.friend, her),
    "she blocked the contact": lambda around, her: around.world.block(her, around.friend),
    "the reader is suspended": lambda around, her: around.world.status(MemberSuspended, around.me),
    "an ask of the reader's is open": _ask,
}
"""Each is enough."""
UNSEEN = {"the contact blocked her", "she blocked the contact"}
"""An ask is taken all the same, and reaches nobody: it must not tell that these two are apart."""


@pytest.mark.parametrize("case", [*OPEN, *CLOSED])
async def test_a_path_is_an_ask_that_could_be_made(case: str, around: Neighbourhood) -> None:
    [her] = await around.world.join("Her")
    await around.knows(her)
    assert await around.paths(her) == [around.friend]
    await {**OPEN, **CLOSED}[case](around, her)
    found = ok(await around.world.get(around.me, f"/v1/members/{her}/paths"))["vouchers"]
    assert [UUID(card["id"]) for card in found] == ([around.friend] if case in OPEN else [])
    assert (await _ask(around, her) == 201) == (case in OPEN or case in UNSEEN)


async def test_only_who_knows_both_is_a_path(around: Neighbourhood) -> None:
    her, hers, mine = await around.world.join("Her", "Hers", "Mine")
    await around.knows(her, hers)
    await around.knows(around.me, mine)
    assert await around.paths(her) == []
    await around.knows(her, mine)
    assert await around.paths(her) == [mine]


async def test_none_looks_as_none_allowed(around: Neighbourhood) -> None:
    far, closed = await around.world.join("Her", "Her")
    await around.knows(closed)
    await around.world.open(closed, reachable=False)
    answers = []
    for her in (far, closed):
        ok(await around.world.put(around.me, f"/v1/members/{her}/look-up", None))
        answers.append((await around.world.get(around.me, f"/v1/members/{her}/paths")).text)
    assert answers[0] == answers[1] == '{"looked_up":true,"vouchers":[]}'


async def test_nothing_shows_without_a_look_up_and_a_day_later(around: Neighbourhood) -> None:
    [her] = await around.world.join("Her")
    await around.knows(her)
    path = f"/v1/members/{her}/paths"
    assert ok(await around.world.get(around.me, path)) == {"looked_up": False, "vouchers": []}
    assert await around.paths(her) == [around.friend]
    around.world.clock.move(hours=24)
    assert ok(await around.world.get(around.me, path)) == {"looked_up": False, "vouchers": []}


async def test_twenty_look_ups_a_day(around: Neighbourhood) -> None:
    women = await around.world.join(*(f"Woman {number}" for number in range(LOOK_UPS_A_DAY + 1)))
    first = around.world.clock.at
    for her in women[:LOOK_UPS_A_DAY]:
        await around.paths(her)
        around.world.clock.move(minutes=1)
    await around.paths(women[0])  # the same woman again is no other look-up
    refused = await around.world.put(around.me, f"/v1/members/{women[-1]}/look-up", None)
    assert problem(refused) == (409, "too_many_look_ups")
    assert refused.json()["again_at"] == (first + timedelta(days=1)).isoformat()
    around.world.clock.at = first + timedelta(days=1)
    await around.paths(women[-1])
    assert problem(await around.world.put(around.me, f"/v1/members/{women[0]}/look-up", None)) == (409, "too_many_look_ups")


async def test_whoever_is_gone_costs_no_look_up(around: Neighbourhood) -> None:
    [her] = await around.world.join("Her")
    await around.world.block(her, around.me)
    for gone in (her, uuid4(), around.me):
        assert problem(await around.world.put(around.me, f"/v1/members/{gone}/look-up", None)) == (404, "not_found")
    assert await around.world.pool.fetchval("select count(*) from look_ups") == 0


async def test_her_leaving_takes_look_ups_and_dismissals_along(around: Neighbourhood) -> None:
    her, other = await around.world.join("Her", "Other")
    await around.paths(her)
    await around.paths(around.me, reader=other)
    await around.paths(other, reader=her)
    await around.dismiss(her)
    await around.dismiss(around.me, her, reader=other)
    await around.dismiss(around.friend, other, reader=her)
    await around.dismiss(around.friend, around.me, reader=other)
    await around.world.status(MemberErased, her)
    assert [tuple(row) for row in await around.world.pool.fetch("select member_id, about_id from look_ups")] == [(other, around.me)]
    assert [tuple(row) for row in await around.world.pool.fetch("select member_id from dismissals")] == [(other,)]
