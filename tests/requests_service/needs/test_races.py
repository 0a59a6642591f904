"""Eight at once on an ask by need, each on a connection of its own: whoever comes first, no two ends are told."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.requests.needs import timers
from shared.postgres.database import transaction
from tests.requests_service.introductions.circle import Circle
from tests.requests_service.needs.test_api import END, answer, asked, read
from tests.requests_service.world import START, ok, problem

pytestmark = pytest.mark.servers

ROUNDS = 6
Send = Callable[[], Awaitable[httpx.Response]]


async def settled(send: Send) -> httpx.Response:
    """The answer, however long others hold what it needs: a machine that is busy turns it away for that alone."""
    while (answered := await send()).status_code == httpx.codes.SERVICE_UNAVAILABLE:
        await asyncio.sleep(0.05)
    return answered


async def piled_up(circle: Circle, need: str, sends: Sequence[Send]) -> list[httpx.Response]:
    """All sent while the need's row is held, so that each has come as far as it can before one goes on."""
    async with transaction(circle.world.pool) as tx:
        await tx.execute("select from needs where id = $1 for update", UUID(need))
        sent = [asyncio.create_task(settled(send)) for send in sends]
        for _ in range(10):  # not so long that one gives up
            if await tx.fetchval("select count(*) from pg_stat_activity where wait_event_type = 'Lock'") >= len(sends):
                break
            await asyncio.sleep(0.05)
    return await asyncio.gather(*sent)


async def of_need(circle: Circle, need: str) -> tuple[list[str], str, UUID | None]:
    """What was told of its end, and what its row says."""
    told = [event.reason for event in await circle.told("NeedClosed") if str(event.aggregate_id) == need]
    [row] = await circle.world.pool.fetch("select state, introduction_id from needs where id = $1", UUID(need))
    return told, row["state"], row["introduction_id"]


async def test_answered_and_withdrawn_at_once(circle: Circle) -> None:
    for _ in range(ROUNDS):
        need = await asked(circle)
        vouched = len(await circle.told("IntroductionVouched"))
        sends: list[Send] = [lambda: answer(circle, need), lambda: circle.world.post(circle.ana, f"/v1/needs/{need}/withdraw")]  # noqa: B023
        answers = await piled_up(circle, need, sends * 4)
        proposed, withdrawn = answers[0::2], answers[1::2]
        assert {one.status_code for one in withdrawn} == {204}, "to her it was open all the while"
        made = [ok(one, 201)["id"] for one in proposed if one.is_success]
        assert len(made) <= 1
        assert {problem(one) for one in proposed if not one.is_success} == {(409, "need_over")}
        assert len(await circle.told("IntroductionVouched")) - vouched == len(made)
        told, state, introduction_id = await of_need(circle, need)
        assert (told, state) == (["withdrawn"], "withdrawn")
        assert [str(introduction_id)] == made or (introduction_id, made) == (None, [])
        for id_ in made:
            ok(await circle.do(circle.vera, id_, "withdraw-vouch"))


async def test_the_counterparts_yes_and_the_needs_end_at_once(circle: Circle) -> None:
    for _ in range(ROUNDS):
        begin = circle.world.clock.at = circle.world.clock.at + timedelta(days=366)  # nobody is introduced again within a year
        need = await asked(circle)
        intro = str(ok(await answer(circle, need), 201)["id"])
        circle.world.clock.at = begin + (END - START)

        async def ends() -> Any:
            await timers.announce_ends(circle.world.pool)

        yes = (settled(lambda: circle.do(circle.carla, intro, "confirm")) for _ in range(4))  # noqa: B023
        answers = await asyncio.gather(*(one for pair in zip(yes, (ends() for _ in range(4)), strict=True) for one in pair))
        assert {one.status_code for one in answers[0::2]} == {204}
        told, state, _ = await of_need(circle, need)
        assert told in (["met"], ["expired"]), "once, whichever came first"
        assert state == "met"
        assert (await read(circle, circle.ana, need))["introduction_id"] == intro
        assert [event.to for event in await circle.told("IntroductionVouched")][-1] == (circle.ana,)
        ok(await circle.do(circle.ana, intro, "confirm"))
