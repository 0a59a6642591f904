"""The routes of whom it may reach."""

from fastapi import APIRouter

from services.requests.reach import commands, views
from shared import clock
from shared.contracts.http.base import Created
from shared.contracts.http.requests import reach as http
from shared.http.commands import Run, runs
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, http.REACH)
async def mine(me: CurrentMember, pool: Pool_) -> http.ReachView:
    async with transaction(pool) as tx:
        return await views.mine(tx, me, clock.now())


@serve(router, http.SET_REACH)
async def set_reach(body: http.ReachBody, run: Run) -> None:
    """Say what may reach me from now on."""
    allowed = body.model_dump(exclude={"version", "question"})
    await run(commands.SetReach(**allowed, question=body.question or None, seen=body.version))


@serve(router, http.EXCLUDE)
async def exclude(body: http.ExclusionBody, run: Run) -> Created:
    """Let nothing reach me from a member, or from an organisation."""
    return await run.create(commands.Exclude(body.member_id, body.organisation))


runs(router, http.PAUSE, commands.Pause)
runs(router, http.END_PAUSE, commands.EndPause)
runs(router, http.INCLUDE, commands.Include)
