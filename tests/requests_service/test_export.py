"""What of requests a member is given as hers: nothing in it tells more than her pages, whose silence tests read it as well."""

import re
from datetime import timedelta

import pytest

from tests.requests_service.calls import WORDS
from tests.requests_service.introductions.circle import ID
from tests.requests_service.test_invisible import OPEN, SETTLED, History, cast, i_ask_for_her, i_introduced_her
from tests.requests_service.world import START, WHERE, WHY, World, ok

pytestmark = pytest.mark.servers


async def exported(world: World, history: History, case: str, days: int = 0) -> str:
    world.clock.at = START
    who = await cast(world, history, case)
    world.clock.move(days=days)
    found = str(await world.export(who.me))
    assert not re.search(f"'{ID}'", found), "an id says nothing to her"
    return re.sub(ID, "", found)  # the words of `asking` end in one


@pytest.mark.parametrize("days", [0, 20, 120])
async def test_it_is_the_same_whatever_took_the_other_away(days: int, world: World) -> None:
    for history in (*SETTLED, *OPEN):
        cases = ["suspended", "blocked by her", *(["blocked by me"] if history in SETTLED else [])]
        expected = await exported(world, history, "erased", days)
        for case in cases:
            assert await exported(world, history, case, days) == expected, f"{history.__name__}, {case}, {days} days later"


@pytest.mark.parametrize("case", ["erased", "suspended", "blocked by her", "blocked by me"])
async def test_whoever_is_gone_is_not_named_in_what_is_over(case: str, world: World) -> None:
    for history in SETTLED:
        assert "Her" not in await exported(world, history, case), history.__name__


async def test_what_lies_between_her_and_one_who_is_gone_is_left_out(world: World) -> None:
    me, her, friend = await world.join("Me", "Her", "Friend")
    await world.asked(me, her)
    await world.connect(me, friend)
    ok(await world.post(me, "/v1/needs", {"voucher_id": str(friend), "looking_for": WORDS}), 201)
    before = await world.export(me)
    for other in (her, friend):
        await world.block(other, me)
    after = await world.export(me)
    assert all(words in str(before) for words in (WHERE, WHY, WORDS))
    assert not any(words in str(after) for words in (WHERE, WHY, WORDS))
    assert "Friend" not in str(after) and after["connections"] == []


async def test_a_voucher_and_a_side_each_take_their_own_words(world: World) -> None:
    vera, ana, bea = await world.join("Vera", "Ana", "Bea")
    await world.connect(vera, bea)
    await i_introduced_her(world, vera, ana, bea)
    hers, anas, beas = [(await world.export(who))["introductions"][0] for who in (vera, ana, bea)]
    assert hers["my_words"] == [WORDS, WORDS] and anas["my_words"] == [WORDS] and "my_words" not in beas
    assert {who["my_role"] for who in (hers, anas, beas)} == {"voucher", "asker", "counterpart"}
    assert [one["for"] for one in beas["words"]] == ["Bea", "Ana"]


async def test_a_counterpart_who_was_never_asked_takes_nothing(world: World) -> None:
    world.clock.at = START - timedelta(days=1)
    who = await cast(world, i_ask_for_her, "as before")
    ana, vera = who.me, who.friend
    (zoe,) = await world.join("Zoe")
    await world.connect(vera, zoe)
    ok(await world.post(ana, "/v1/introductions/asks", {"voucher_id": str(vera), "counterpart_id": str(zoe), "why_her": WORDS}), 201)
    assert (await world.export(zoe))["introductions"] == []
