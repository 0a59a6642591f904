"""The routes of paths and suggestions."""

from uuid import UUID

from fastapi import APIRouter

from services.requests.suggestions import commands, views
from shared import clock
from shared.contracts.http.requests import suggestions as http
from shared.contracts.http.requests.suggestions import PathsView, SuggestionsView
from shared.http.commands import Run, runs
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, http.LOOK_UP)
async def look_up(member_id: UUID, run: Run) -> None:
    """Look up who could introduce me to her, for a day."""
    await run(commands.LookUp(member_id))


@serve(router, http.PATHS)
async def paths(member_id: UUID, me: CurrentMember, pool: Pool_) -> PathsView:
    async with transaction(pool) as tx:
        return await views.paths(tx, me, member_id, clock.now())


@serve(router, http.SUGGESTIONS)
async def suggestions(me: CurrentMember, pool: Pool_) -> SuggestionsView:
    async with transaction(pool) as tx:
        return await views.suggestions(tx, me, clock.now())


runs(router, http.DISMISS, commands.Dismiss)
