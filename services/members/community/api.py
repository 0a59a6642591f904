"""What everybody may know of the community, for the web to show, and what a member agrees to."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.members.community import store
from services.members.community.commands import Agree
from services.members.community.domain import who_may_join
from services.members.sessions.api import from_web
from services.members.visibility import takes_part
from shared.contracts.http.members.community import AGREE, COMMUNITY, TEXT, AgreeBody, CommunityView, Join, TextBody, TextView
from shared.http.commands import Run
from shared.http.routing import Pool_, serve
from shared.problems import NotFound


async def _most(request: Request) -> Join:
    most: Join = request.app.state.join
    return most


Most = Annotated[Join, Depends(_most)]
"""How many the operator lets join."""

open_router = APIRouter(dependencies=[Depends(from_web)])
router = APIRouter(dependencies=[Depends(takes_part)])
routers = (open_router, router)


@serve(open_router, COMMUNITY)
async def read_community(pool: Pool_, most: Most) -> CommunityView:
    """As its steward settled it."""
    found = await store.read(pool)
    return CommunityView(
        name=found.name,
        sender=found.sender,
        who_may_join=who_may_join(found.who_may_join, most),
        logo=hashlib.sha256(found.logo).hexdigest()[:16] if found.logo else "",
        announcement=found.announcement,
        terms_version=await store.version(pool, "terms"),
    )


@serve(open_router, TEXT)
async def read_text(body: TextBody, pool: Pool_) -> TextView:
    """As its steward wrote it. Raises NotFound."""
    if found := await store.find_text(pool, body.text, body.version):
        return found
    raise NotFound


@serve(router, AGREE)
async def agree(body: AgreeBody, run: Run) -> None:
    """To the current version alone. Raises NewerTerms."""
    await run(Agree(body))
