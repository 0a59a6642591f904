"""What one keeps of a connection is hers alone: whatever she says there, every call of the other gets the same answers."""

import re
from uuid import UUID

import pytest

from tests.requests_service import test_invisible as invisible
from tests.requests_service.calls import Call
from tests.requests_service.introductions.circle import ID
from tests.requests_service.test_invisible import (
    Answer,
    History,
    answers,
    connected,
    i_ask_her,
    i_introduced_her,
    same,
    she_asks_me,
    she_introduced_me,
)
from tests.requests_service.world import START, World, ok

pytestmark = pytest.mark.servers
world = invisible.world

EDITS = {
    "closeness": {"closeness": "not_met"},
    "closeness and last_spoke": {"closeness": "know_well", "last_spoke": "longer"},
    "provenance": {"how_met": "study", "where_we_met": "In the last row of the evening class", "met_at": "Escuela del Puerto"},
    "keep": {},
    "openness": {"open_to_asks": True},
}
"""Saying that she may be asked changes nothing, for everyone here may be; what the opposite changes is in introductions/test_reach.py."""


PAIR = re.compile(r'\[({"id":[^{}]*}),({"id":[^{}]*})\]')


def edited(history: History, what: str) -> History:
    """After that, she edits what she keeps of each of the two, if anything is to be edited."""

    async def and_then(world: World, me: UUID, her: UUID, friend: UUID) -> tuple[str | None, str | None]:
        world.clock.move(minutes=1)
        made = await history(world, me, her, friend)
        route = what.partition(" ")[0]
        for other in (me, friend):
            if route and (await world.get(her, f"/v1/connections/{other}")).status_code == 200:
                edit = world.post if route == "keep" else world.put
                ok(await edit(her, f"/v1/connections/{other}/{route}", EDITS[what]))
        return made

    return and_then


async def heard(world: World, history: History, what: str = "") -> list[tuple[Call, Answer]]:
    """Every call's answer after that, without the ids of what it made; two women of whom none comes first stand in one order."""
    world.clock.at = START
    found = await answers(world, edited(history, what), "there")
    return [(call, (status, headers, PAIR.sub(in_order, re.sub(ID, "<id>", body)), ran)) for call, (status, headers, body, ran) in found]


def in_order(pair: re.Match[str]) -> str:
    return f"[{','.join(sorted(pair.groups()))}]"


@pytest.mark.parametrize("history", [connected, i_introduced_her, she_introduced_me, i_ask_her, she_asks_me])
async def test_nothing_that_the_other_asks_tells_of_it(world: World, history: History) -> None:
    await heard(world, history)  # what the connection learns of types on first use is learnt here
    silence = await heard(world, history)
    for what in EDITS:
        same(silence, await heard(world, history, what), what)
