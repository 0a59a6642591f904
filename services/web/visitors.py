"""For whom a page is: anyone, whoever is signed in, a member; and which page she has to read before it."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.web import i18n
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.visit import Visit
from shared.contracts.http.members.profiles import Me, ProfileNeeded, TermsNeeded
from shared.problems import NotFound, NotSignedIn

BACK = i18n.N_("You are signed in again, and this is what you wrote. It hasn't been sent yet.")


class NotHers(Exception):
    """The form was shown to another member than the one who is signed in now."""


class Led(Exception):
    """Another page comes first: `to`."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


OPEN = (
    *("/address/", "/agree", "/rules", "/notice", "/me/data", "/me/leave", "/step-up", "/sign-out", "/language"),
    *("/about", "/help", "/privacy", "/terms", "/transparency"),
)
"""What a suspended member reaches, and whoever has a notice to acknowledge or terms to agree to; the services refuse her everything
else as well."""


def comes_first(me: Me, path: str) -> str:
    """The page that she has to read before this one; empty if none."""
    if path.startswith(OPEN):
        return ""
    if me.ends_at:
        return "/me/leave"
    if me.notice_id:
        return f"/notices/{me.notice_id}"
    if me.suspended:
        return "/notices"
    return "/agree" if me.terms_to_agree else ""


OF_OTHERS, HER_PHOTO = "/m/{member_id}/", "/m/{member_id}/photo"
"""Pages below a woman's own; the last is a picture, which she may see too."""


async def visiting(request: Request) -> Visit:
    """A visit by whoever comes, to any page; a session that has ended counts as none."""
    visit = request.state.visit = Visit(request)
    if request.method == "POST":
        await visit.form()
    visit.community = await request.app.state.community.get()
    if visit.secret is not None:
        try:
            visit.greet(await visit.members.me())
        except (NotSignedIn, ServiceProblem):
            visit.secret = None
        except ServiceDown:
            visit.missing.add("members")
    return visit


async def anyone(request: Request) -> Visit:
    """The same, unless another page comes first. What she sends is held up for new terms alone, and is kept meanwhile: nothing that she
    wrote may be lost. Raises Led, TermsNeeded."""
    visit = await visiting(request)
    if visit.me and request.method == "GET" and (to := comes_first(visit.me, request.url.path)):
        raise Led(to)
    if visit.me and visit.me.terms_to_agree and not request.url.path.startswith(OPEN):
        raise TermsNeeded
    return visit


Anyone = Annotated[Visit, Depends(anyone)]


async def signed_in(visit: Anyone) -> Visit:
    """A visit by someone who is signed in, with or without a profile. Raises NotSignedIn, NotHers, ServiceDown."""
    if visit.secret is None:
        raise NotSignedIn
    if visit.sent is not None and visit.sent.owner is not None:
        if visit.member_id is None:
            await visit.token("members")
        if visit.sent.owner != visit.member_id:
            raise NotHers
    return visit


SignedIn = Annotated[Visit, Depends(signed_in)]


async def member(visit: SignedIn) -> Visit:
    """A visit by a member. Raises NotSignedIn, NotHers, ProfileNeeded. If the members service is down, `me` is None.

    What stands below a woman's page is for others: of herself there is no such page, whatever the services would say. Raises HTTPException.
    """
    if visit.me is not None and not visit.me.joined:
        raise ProfileNeeded
    route, about = visit.request.scope["route"].path, str(visit.request.path_params.get("member_id"))
    if visit.me and about.replace("-", "").lower() == visit.me.id.hex and route.startswith(OF_OTHERS) and route != HER_PHOTO:
        raise HTTPException(NotFound.status)
    return visit


Member = Annotated[Visit, Depends(member)]


async def unsent(visit: Anyone) -> Form:
    """The form of a page that is opened: empty, or what she wrote before her session was over."""
    return Form() if visit.sent is None else replace(visit.sent, problem=visit.say(BACK))


Unsent = Annotated[Form, Depends(unsent)]
"""When she has sent it and it was refused, it is shown again by the same function."""
