"""Asks by need over the real api: who may be asked, what each of the three sees, and that nobody can tell a no from silence."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.requests.introductions import known
from services.requests.needs import timers
from shared.contracts.events.members import MemberErased, MemberSuspended
from shared.postgres.database import transaction
from tests.observed import observed
from tests.requests_service.introductions.circle import ID, ROOT, WORDS, Circle, make, statements
from tests.requests_service.world import START, World, ok, problem

pytestmark = pytest.mark.servers

LOOKING = "I look for a woman who has opened a branch in Mexico, and would do it again."
END = START.replace(minute=0) + timedelta(days=4, hours=1)


async def ask(circle: Circle, voucher: UUID | None = None, days: int = 4) -> httpx.Response:
    return await circle.world.post(
        circle.ana, "/v1/needs", {"voucher_id": str(voucher or circle.vera), "looking_for": LOOKING, "days": days}
    )


async def asked(circle: Circle) -> str:
    return str(ok(await ask(circle), 201)["id"])


async def answer(circle: Circle, need: str, **more: Any) -> httpx.Response:
    words = {str(circle.ana): WORDS, str(circle.carla): WORDS}
    return await circle.world.post(
        circle.vera, f"/v1/needs/{need}/proposals", {"counterpart_id": str(circle.carla), "words_for": words, **more}
    )


async def read(circle: Circle, member: UUID, need: str) -> Any:
    return ok(await circle.world.get(member, f"/v1/needs/{need}"))


async def _answers(circle: Circle, member: UUID) -> list[tuple[Any, bool]]:
    async with transaction(circle.world.pool) as tx:
        return await known.answers(tx, member, START - timedelta(days=30))


async def until(circle: Circle, days: float) -> None:
    circle.world.clock.at = START + timedelta(days=days)
    await circle.pass_time()
    await timers.announce_ends(circle.world.pool)


async def test_from_the_need_to_the_introduction_with_the_counterpart_asked_first(circle: Circle) -> None:
    need = await asked(circle)
    world = circle.world
    assert [one["looking_for"] for one in ok(await world.get(circle.vera, "/v1/todo"))["needs"]["items"]] == [LOOKING]
    assert (await read(circle, circle.vera, need))["actions"] == ["propose", "decline"]
    assert problem(await world.get(circle.carla, f"/v1/needs/{need}")) == (404, "not_found")
    intro = str(ok(await answer(circle, need, show_need=True), 201)["id"])
    assert problem(await circle.read(circle.ana, intro)) == (404, "not_found")
    assert problem(await circle.do(circle.ana, intro, "confirm")) == (404, "not_found")
    assert (await read(circle, circle.ana, need))["state"] == "open"
    hers = ok(await circle.read(circle.carla, intro))
    assert (hers["answers_need"], hers["why_her"], hers["actions"][:2]) == (True, LOOKING, ["confirm", "pass"])
    [vouched] = await circle.told("IntroductionVouched")
    assert vouched.to == (circle.carla,)
    ok(await circle.do(circle.carla, intro, "confirm"))
    assert [event.to for event in await circle.told("IntroductionVouched")] == [(circle.carla,), (circle.ana,)]
    mine = await read(circle, circle.ana, need)
    assert (mine["state"], mine["introduction_id"]) == ("answered", intro)
    assert ok(await circle.read(circle.ana, intro))["words_for"][str(circle.ana)] == WORDS
    ok(await circle.do(circle.ana, intro, "confirm"))
    [confirmed] = await circle.told("IntroductionConfirmed")
    assert confirmed.writes_first == circle.ana
    assert [event.reason for event in await circle.told("NeedClosed")] == ["met"]


Act = Callable[[Circle, str], Awaitable[object]]


async def silent(circle: Circle, need: str) -> None: ...


async def declines(circle: Circle, need: str) -> None:
    ok(await circle.world.post(circle.vera, f"/v1/needs/{need}/decline"))


async def proposes(circle: Circle, need: str) -> None:
    ok(await answer(circle, need), 201)


async def proposes_and_she_passes(circle: Circle, need: str) -> None:
    intro = str(ok(await answer(circle, need), 201)["id"])
    ok(await circle.do(circle.carla, intro, "pass"))


async def proposes_and_she_blocks(circle: Circle, need: str) -> None:
    ok(await answer(circle, need), 201)
    await circle.world.block(circle.carla, circle.ana)
    await circle.world.unblock(circle.carla, circle.ana)


async def proposes_and_withdraws_her_word(circle: Circle, need: str) -> None:
    intro = str(ok(await answer(circle, need), 201)["id"])
    ok(await circle.do(circle.vera, intro, "withdraw-vouch"))


async def she_hears(world: World, act: Act, *, withdraws: bool) -> tuple[list[Any], list[str], Any]:
    """All that the asker is answered and told, with names for ids."""
    world.clock.at = START
    circle = await make(world)
    need = await asked(circle)
    await act(circle, need)
    answers: list[httpx.Response] = []
    async with statements(world) as ran:
        with observed() as outside:
            for days in (0, 3.9, 4.1, 15, 40):
                world.clock.at = START + timedelta(days=days)
                if withdraws and days == 0:
                    answers.append(await world.post(circle.ana, f"/v1/needs/{need}/withdraw"))
                paths = [f"/v1/needs/{need}", "/v1/todo", ROOT, f"/v1/connections/{circle.vera}/need", "/v1/connections"]
                paths += [f"/v1/members/{her}" for her in (circle.vera, circle.carla)]
                answers += [await world.get(circle.ana, path) for path in paths]
                answers.append(await circle.ask())
                answers.append(await ask(circle))
    await until(circle, 40)
    told = [event for event in await circle.told() if getattr(event, "asker_id", None) == circle.ana and "Need" in type(event).__name__]
    told_plain = [(type(event).__name__, event.occurred_at, getattr(event, "shown_at", None)) for event in told]
    closed = [event for event in await circle.told("IntroductionClosed", "VouchWithdrawn") if event.asker_id is None]
    assert all(circle.ana in event.not_for for event in closed), "no letter tells her of an introduction that she never saw"
    names = dict(zip(map(str, circle.three), ("ana", "vera", "carla"), strict=True)) | {need: "this"}

    def plain(text: str) -> str:
        for id_, name in names.items():
            text = text.replace(id_, name)
        return re.sub(ID, "another", text)

    return [*((one.status_code, plain(one.text)) for one in answers), *told_plain], ran, outside


ACTS = (declines, proposes, proposes_and_she_passes, proposes_and_she_blocks, proposes_and_withdraws_her_word)


@pytest.mark.parametrize("withdraws", [False, True])
@pytest.mark.parametrize("act", ACTS)
async def test_whatever_they_do_before_the_counterparts_yes_is_silence_to_the_asker(world: World, act: Act, withdraws: bool) -> None:
    said, nothing = await she_hears(world, act, withdraws=withdraws), await she_hears(world, silent, withdraws=withdraws)
    assert said[0] == nothing[0]
    assert said[1] == nothing[1]
    assert said[2] == nothing[2]


async def test_one_is_open_at_a_time_and_it_counts_among_her_asks(circle: Circle) -> None:
    need = await asked(circle)
    assert problem(await ask(circle)) == (409, "one_need_at_a_time")
    assert ok(await circle.world.get(circle.ana, f"/v1/connections/{circle.vera}/need"))["cannot_ask"]["code"] == "one_need_at_a_time"
    for name in ("Dora", "Eva", "Fe", "Gala"):
        [other] = await circle.world.join(name)
        await circle.world.connect(circle.vera, other)
        ok(await circle.ask(counterpart=other), 201)
    assert problem(await circle.ask()) == (409, "too_many_open_asks")
    ok(await circle.world.post(circle.ana, f"/v1/needs/{need}/withdraw"))
    ok(await ask(circle), 201)


async def refusal(circle: Circle) -> tuple[int, bytes, list[str]]:
    async with statements(circle.world) as ran:
        answered = await ask(circle)
    return answered.status_code, answered.content, ran


async def closed(circle: Circle) -> None:
    await circle.world.open(circle.vera, open_to_asks=False)


async def closed_to_her(circle: Circle) -> None:
    ok(await circle.world.put(circle.vera, f"/v1/connections/{circle.ana}/openness", {"open_to_asks": False}))


async def paused(circle: Circle) -> None:
    await circle.world.open(circle.vera, paused_from=START - timedelta(days=1), paused_until=START + timedelta(days=9))


async def full(circle: Circle) -> None:
    await circle.world.open(circle.vera, asks_in_30_days=0)


async def blocked(circle: Circle) -> None:
    await circle.world.block(circle.vera, circle.ana)


async def suspended(circle: Circle) -> None:
    await circle.world.status(MemberSuspended, circle.vera)


async def erased(circle: Circle) -> None:
    await circle.world.status(MemberErased, circle.vera)


@pytest.mark.parametrize("why", [closed, closed_to_her, paused, full, blocked, suspended, erased])
async def test_whatever_stands_in_the_way_answers_alike(circle: Circle, why: Callable[[Circle], Awaitable[None]]) -> None:
    other = await make(circle.world)
    [stranger] = await circle.world.join("Dora")
    other.vera = stranger  # nobody she is connected to
    await why(circle)
    assert await refusal(circle) == await refusal(other)
    assert problem(await ask(circle)) == (409, "cannot_ask")


async def test_asks_by_need_count_to_what_may_reach_the_voucher(circle: Circle) -> None:
    await circle.world.open(circle.vera, asks_in_30_days=1)
    await asked(circle)
    [dora] = await circle.world.join("Dora")
    await circle.world.connect(dora, circle.vera)
    other = Circle(circle.world, dora, circle.vera, circle.carla)
    assert problem(await ask(other)) == (409, "cannot_ask")
    await until(circle, 31)
    ok(await ask(other), 201)


async def test_what_answers_her_own_need_counts_neither_to_her_limit_nor_among_what_she_left_unanswered(circle: Circle) -> None:
    await circle.world.open(circle.ana, introductions_in_30_days=0)
    need = await asked(circle)
    ok(await answer(circle, need), 201)
    await until(circle, 20)
    assert await _answers(circle, circle.ana) == [], "she never saw it"
    assert len(await _answers(circle, circle.carla)) == 1


async def test_the_voucher_proposes_only_whom_she_knows_and_only_while_it_is_open(circle: Circle) -> None:
    need = await asked(circle)
    [dora] = await circle.world.join("Dora")
    words = {str(circle.ana): WORDS, str(dora): WORDS}
    stranger = {"counterpart_id": str(dora), "words_for": words}
    assert problem(await circle.world.post(circle.vera, f"/v1/needs/{need}/proposals", stranger)) == (409, "cannot_propose")
    assert (await read(circle, circle.vera, need))["state"] == "open"
    assert problem(await circle.world.post(circle.carla, f"/v1/needs/{need}/decline")) == (404, "not_found")
    ok(await answer(circle, need), 201)
    assert problem(await answer(circle, need)) == (409, "need_over")
    assert (await read(circle, circle.vera, need))["state"] == "answered"


async def test_a_block_takes_it_from_both_and_a_departure_takes_her_words(circle: Circle) -> None:
    need = await asked(circle)
    await circle.world.block(circle.vera, circle.ana)
    for member in (circle.ana, circle.vera):
        assert problem(await circle.world.get(member, f"/v1/needs/{need}")) == (404, "not_found")
    await circle.world.unblock(circle.vera, circle.ana)
    assert (await read(circle, circle.ana, need))["state"] == "open", "nobody told her"
    assert problem(await answer(circle, need)) == (409, "need_over")
    await circle.world.status(MemberErased, circle.ana)
    assert await circle.world.pool.fetchval("select looking_for from needs where id = $1", UUID(need)) == ""
