"""What everybody may know of the community, for the web to show, and what a member agrees to, and what a steward settles."""

import asyncio
from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from services.members.community import store
from services.members.community.commands import Agree, Announce, Publish, Settle, ShowLogo
from services.members.community.domain import who_may_join
from services.members.community.funnel import shown
from services.members.photos import pictures
from services.members.photos.api import AT_ONCE
from services.members.sessions.api import from_web
from services.members.sessions.domain.challenge import SignInPolicy
from services.members.visibility import takes_part
from shared.contracts.http.members.community import (
    AGREE,
    ANNOUNCE,
    COMMUNITY,
    LOGO,
    PUBLISH,
    SETTLE,
    SHOW_LOGO,
    STEWARD,
    TEXT,
    AgreeBody,
    AnnounceBody,
    CommunityBody,
    CommunityView,
    Join,
    LogoBody,
    MonthView,
    PublishBody,
    StewardView,
    TextBody,
    TextView,
)
from shared.contracts.http.members.photos import PhotoView
from shared.http.commands import Run
from shared.http.routing import Pool_, serve
from shared.http.tokens import steward
from shared.problems import NotFound


async def _most(request: Request) -> Join:
    policy: SignInPolicy = request.app.state.sign_in_policy
    return policy.door.most


Most = Annotated[Join, Depends(_most)]
"""How many the operator lets join."""

open_router = APIRouter(dependencies=[Depends(from_web)])
router = APIRouter(dependencies=[Depends(takes_part)])
for_steward = APIRouter(dependencies=[Depends(takes_part), Depends(steward)])
routers = (open_router, router, for_steward)


@serve(open_router, COMMUNITY)
async def read_community(pool: Pool_, most: Most) -> CommunityView:
    """Its name, who may join and what is announced, as its steward settled it."""
    found = await store.read(pool)
    return CommunityView(
        name=found.name,
        sender=found.sender,
        who_may_join=who_may_join(found.who_may_join, most),
        logo=found.tag,
        announcement=found.announcement,
        terms_version=await store.version(pool, "terms"),
    )


@serve(open_router, LOGO)
async def read_logo(pool: Pool_) -> PhotoView:
    """The community's logo, if it has one. Raises NotFound."""
    found = await store.read(pool)
    if found.logo is None:
        raise NotFound
    return PhotoView(picture=b64encode(found.logo).decode(), tag=found.tag)


@serve(open_router, TEXT)
async def read_text(body: TextBody, pool: Pool_) -> TextView:
    """A text of the community, as its steward wrote it. Raises NotFound."""
    if found := await store.find_text(pool, body.text, body.version):
        return found
    raise NotFound


@serve(router, AGREE)
async def agree(body: AgreeBody, run: Run) -> None:
    """She agrees to the terms: to the current version alone. Raises NewerTerms."""
    await run(Agree(body))


@serve(for_steward, STEWARD)
async def read_settled(pool: Pool_, most: Most) -> StewardView:
    """All that she settles, and what stewards did last."""
    found = await store.read(pool)
    return StewardView(
        version=found.version,
        name=found.name,
        sender=found.sender,
        who_may_join=who_may_join(found.who_may_join, most),
        most=most,
        announcement=found.announcement,
        changes=await store.changes(pool),
        months=[MonthView(month=month, counts=shown(counts)) for month, counts in (await store.months(pool)).items()],
    )


@serve(for_steward, SETTLE)
async def settle(body: CommunityBody, run: Run, most: Most) -> None:
    """What the community is called, in whose name letters leave, and who may join. Raises ChangedMeanwhile, MoreThanAllowed."""
    await run(Settle(body, most))


@serve(for_steward, ANNOUNCE)
async def announce(body: AnnounceBody, run: Run) -> None:
    """What is to be read on Today from one day to another. Raises ChangedMeanwhile."""
    await run(Announce(body))


@serve(for_steward, SHOW_LOGO)
async def show_logo(body: LogoBody, run: Run) -> None:
    """The community's logo, or none any more. Raises NotAPhoto."""
    picture = b""
    if body.picture is not None:
        async with AT_ONCE:
            picture = await asyncio.to_thread(pictures.kept, body.picture)
    await run(ShowLogo(b64encode(picture).decode()))


@serve(for_steward, PUBLISH)
async def publish(body: PublishBody, run: Run) -> None:
    """A new version of a text, in both languages. Raises ChangedMeanwhile."""
    await run(Publish(body))
