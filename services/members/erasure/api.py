"""Leaving, and staying after all."""

from fastapi import APIRouter, Depends

from services.members.erasure.commands import Keep, Leave
from services.members.visibility import has_account
from shared.contracts.http.members.erasure import KEEP, LEAVE, LeaveBody
from shared.http.commands import Run, runs
from shared.http.routing import serve
from shared.http.tokens import Fresh

router = APIRouter(dependencies=[Depends(has_account)])


@serve(router, LEAVE)
async def leave(body: LeaveBody, run: Run, me: Fresh) -> None:
    """Her account ends in seven days; her sessions end now. Raises StepUpNeeded."""
    await run(Leave(body.language))


runs(router, KEEP, Keep)
