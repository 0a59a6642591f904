"""She is erased at the very moment at which something of hers is being written: whatever comes first, nothing of hers stays in members."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from services.members.erasure.commands import erase
from services.members.erasure.operator import TOMBSTONES
from shared import clock
from shared.messaging import acknowledged
from shared.postgres import sweep
from shared.postgres.database import transaction
from tests.members.conftest import PROFILE, Members, confirmed, hear
from tests.members.test_photos import drawn, show

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]
Act = Callable[[Members, str, UUID, UUID], Awaitable[object]]


async def _post(members: Members, session: str, path: str, body: object = None) -> None:
    await members.client.post(path, json=body, headers=await members.headers(session))


ACTS: dict[str, Act] = {
    "her profile": lambda members, hers, me, other: members.write(hers, **{**PROFILE, "name": "Zarzamora", "findable": True}),
    "her photo": lambda members, hers, me, other: show(members, hers, drawn("PNG")),
    "an export": lambda members, hers, me, other: _post(members, hers, "/v1/me/exports"),
    "an invitation": lambda members, hers, me, other: _post(members, hers, "/v1/invitations"),
    "a report": lambda members, hers, me, other: _post(
        members, hers, f"/v1/members/{other}/reports", {"kind": "spam", "what_happened": "Zarzamora zarzamora"}
    ),
    "leaving": lambda members, hers, me, other: _post(members, hers, "/v1/me/leaving", {"language": "en"}),
    "a confirmed introduction": lambda members, hers, me, other: hear(members, confirmed(str(me), str(other))),
}


async def left(members: Members, me: UUID) -> object:
    async with transaction(members.pool) as tx:
        rows = await tx.fetch("select event_id from outbox where sent_at is null")
        await acknowledged.stored(tx, "MEMBERS", sent=[row["event_id"] for row in rows], again=[], last_seq=0)
        await tx.execute("update outbox set body = '' where type like 'private.%'")  # her last letter, blanked after a day
    ids = await sweep.find(members.pool, [str(me)])
    return ids.keys() - TOMBSTONES["members"], await sweep.find(members.pool, ["zarzamora"])


@pytest.mark.parametrize("act", ACTS)
async def test_whatever_comes_first_nothing_of_hers_stays(members: Members, act: str) -> None:
    for first in (0.0, 0.01, 0.03, 0.1, -0.1):  # how long before her erasure she begins
        session, hers = await members.join(f"{uuid4().hex}@zarzamora.example")
        _, other = await members.join(f"{uuid4().hex}@other.example")
        me = UUID(hers)

        async def erasing(me: UUID = me, hold: float = 0.05 if first >= 0 else 0.3) -> None:
            async with transaction(members.pool) as tx:
                await erase(tx, me, clock.now())
                await asyncio.sleep(hold)

        begun = [asyncio.ensure_future(erasing())] if first < 0 else []
        await asyncio.sleep(max(0, -first))
        doing = asyncio.ensure_future(ACTS[act](members, session, me, UUID(other)))
        await asyncio.sleep(max(0, first))
        await asyncio.gather(*(begun or [asyncio.ensure_future(erasing())]), doing, return_exceptions=True)
        assert await members.pool.fetchval("select count(*) from accounts where member_id = $1", me) == 0
        assert await left(members, me) == (set(), {}), first
