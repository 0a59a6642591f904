"""Whom she might know and whom she could introduce: by what each allows, for a reason that tells nothing of others."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.events.members import MemberErased, MemberSuspended
from tests.requests_service.introductions.circle import Circle
from tests.requests_service.suggestions.conftest import FAIR, Neighbourhood
from tests.requests_service.suggestions.test_paths import CLOSED
from tests.requests_service.world import START, ok

pytestmark = pytest.mark.servers

PAUSE = {"paused_from": START, "paused_until": START + timedelta(days=14)}
Change = Callable[[Neighbourhood, UUID], Awaitable[object]]


async def test_who_was_at_the_same_place_however_each_spells_it(around: Neighbourhood) -> None:
    her, far = await around.world.join("Her", "Far")
    await around.knows(her, far)
    await around.was_at(around.me, around.friend, FAIR)
    await around.was_at(her, far, "Pycon-ES, 2024")
    assert await around.suggested() == {her: (FAIR, None)}
    assert await around.suggested(far) == {}  # she says nothing of where they met


@pytest.mark.parametrize("places", [(FAIR, "Museum"), ("Museum", FAIR)])
async def test_of_several_places_that_of_the_readers_newest_connection_is_named(places: tuple[str, str], around: Neighbourhood) -> None:
    her, newer, *far = await around.world.join("Her", "Newer", "Far", "Farther")
    around.world.clock.move(days=1)
    await around.knows(around.me, newer)
    for mine, hers, place in zip((around.friend, newer), far, places, strict=True):
        await around.knows(her, hers)
        await around.was_at(around.me, mine, place)
        await around.was_at(her, hers, place)
    assert await around.suggested() == {her: (places[1], None)}


async def test_who_shares_an_open_contact(around: Neighbourhood) -> None:
    [her] = await around.world.join("Her")
    await around.knows(her)
    assert await around.suggested() == {her: ("", "Friend")}
    assert await around.suggested(her) == {around.me: ("", "Friend")}


@pytest.mark.parametrize("case", [case for case in CLOSED if case != "an ask of the reader's is open"])
async def test_a_contact_is_named_only_as_a_path(case: str, around: Neighbourhood) -> None:
    [her] = await around.world.join("Her")
    await around.knows(her)
    await CLOSED[case](around, her)
    assert await around.suggested() == {}


async def _request(around: Neighbourhood, her: UUID, *then: str) -> None:
    asked = await around.world.asked(around.me, her)
    for answer in then:
        ok(await around.world.answer(around.me if answer == "withdraw" else her, asked, answer))


async def _hers(around: Neighbourhood, her: UUID, *then: str) -> None:
    asked = await around.world.asked(her, around.me)
    for answer in then:
        ok(await around.world.answer(around.me, asked, answer))


async def _introduction(around: Neighbourhood, her: UUID, *then: str) -> None:
    circle = Circle(around.world, around.me, around.friend, her)
    asked = await (circle.vouched() if then else circle.asked())
    for answer in then[1:]:
        ok(await circle.do(around.me if answer == "withdraw" else her, asked, answer))


NOT_NOW: dict[str, Change] = {
    "she doesn't allow it": lambda around, her: around.world.open(her, suggestible=False),
    "she pauses": lambda around, her: around.world.open(her, **PAUSE),
    **{case: CLOSED[case] for case in ("she excludes the reader", "the reader excludes her", "she excludes where the reader works")},
    "no note of the reader's can reach her": lambda around, her: around.world.open(her, bar="introduced"),
    "she is suspended": lambda around, her: around.world.status(MemberSuspended, her),
    "she left": lambda around, her: around.world.status(MemberErased, her),
    "she blocked the reader": lambda around, her: around.world.block(her, around.me),
    "the reader blocked her": lambda around, her: around.world.block(around.me, her),
    "the reader is suspended": lambda around, her: around.world.status(MemberSuspended, around.me),
    "they are connected": lambda around, her: around.knows(around.me, her),
    "a request is open": _request,
    "a request was declined, which looks open": lambda around, her: _request(around, her, "decline"),
    "a request is at rest": lambda around, her: _request(around, her, "withdraw"),
    "a request of hers is open": _hers,
    "the reader said not now to hers": lambda around, her: _hers(around, her, "decline"),
    "an ask is open": _introduction,
    "an introduction is open": lambda around, her: _introduction(around, her, "vouch"),
    "an introduction was passed on, which looks open": lambda around, her: _introduction(around, her, "vouch", "pass"),
    "they were introduced": lambda around, her: _introduction(around, her, "vouch", "confirm"),
    "the reader dismissed her": lambda around, her: around.dismiss(her),
}


@pytest.mark.parametrize("case", NOT_NOW)
async def test_nobody_is_suggested_who(case: str, around: Neighbourhood) -> None:
    [her] = await around.world.join("Her")
    await around.knows(her)
    await around.was_at(around.me, around.friend, FAIR)
    await around.was_at(her, around.friend, FAIR)
    assert await around.suggested() == {her: (FAIR, "Friend")}
    await NOT_NOW[case](around, her)
    assert await around.suggested() == {}


async def test_dismissed_is_for_ever_and_for_one_reader_alone(around: Neighbourhood) -> None:
    [her] = await around.world.join("Her")
    await around.knows(her)
    await around.dismiss(her)
    await around.dismiss(her)
    around.world.clock.move(days=4000)
    assert await around.suggested() == {}
    assert around.me in await around.suggested(her)


CHANGES_OF_OTHERS: list[dict[str, Any]] = [
    {"closeness": "not_met"},
    {"closeness": "worked_together"},
    {"where_we_met": "Somewhere else altogether", "how_met": "work"},
    {"last_spoke": "longer", "last_spoke_at": START},
    {"met_at": "Another place", "met_at_key": "another place"},
]


@pytest.mark.parametrize("kept", CHANGES_OF_OTHERS, ids=str)
async def test_what_others_keep_of_their_connections_changes_no_answer(kept: dict[str, Any], around: Neighbourhood) -> None:
    """Her friend's sides, of the reader and of her; and her side of the friend, which is no place of hers."""
    [her] = await around.world.join("Her")
    await around.knows(her)
    before = [await _all(around, her)]
    for one, other in ((around.friend, around.me), (around.friend, her), (her, around.friend)):
        await around.change(one, other, **kept)
        before.append(await _all(around, her))
    assert len(set(before)) == 1


async def _all(around: Neighbourhood, her: UUID) -> str:
    ok(await around.world.put(around.me, f"/v1/members/{her}/look-up", None))
    return "".join([(await around.world.get(around.me, path)).text for path in (f"/v1/members/{her}/paths", "/v1/suggestions")])


async def test_a_pair_she_knows_well_with_where_she_met_both(around: Neighbourhood) -> None:
    her, met = await around.world.join("Her", "Met")
    assert await around.pair() is None
    await around.knows(around.me, met, "met")
    assert await around.pair() is None
    await around.knows(around.me, her)
    assert await around.pair() == ({around.friend, her}, "")
    for one in (around.friend, her):
        await around.was_at(around.me, one, FAIR)
    assert await around.pair() == ({around.friend, her}, FAIR)


async def test_whether_the_two_know_each_other_makes_no_difference(around: Neighbourhood) -> None:
    """She would learn of their connection."""
    [her] = await around.world.join("Her")
    await around.knows(around.me, her)
    before = await around.pair()
    await around.knows(her)
    assert await around.pair() == before == ({around.friend, her}, "")


async def _propose(around: Neighbourhood, her: UUID) -> None:
    circle = Circle(around.world, around.friend, around.me, her)
    made = await circle.proposed()
    for side in (around.friend, her):
        ok(await circle.do(side, made, "confirm"))


NO_PAIR: dict[str, Change] = {
    "one doesn't allow it": lambda around, her: around.world.open(her, suggestible=False),
    "one pauses": lambda around, her: around.world.open(around.friend, **PAUSE),
    "one is suspended": lambda around, her: around.world.status(MemberSuspended, her),
    "one blocked the reader": lambda around, her: around.world.block(her, around.me),
    "she introduced them": _propose,
    "she dismissed the two": lambda around, her: around.dismiss(her, around.friend),
}


@pytest.mark.parametrize("case", NO_PAIR)
async def test_no_pair_if(case: str, around: Neighbourhood) -> None:
    [her] = await around.world.join("Her")
    await around.knows(around.me, her)
    assert await around.pair() == ({around.friend, her}, "")
    await NO_PAIR[case](around, her)
    assert await around.pair() is None
