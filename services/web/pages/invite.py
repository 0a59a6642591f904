"""Her invitations, and the page on which one opens."""

from uuid import UUID

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.responses import Response

from services.web import session
from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.visit import Visit
from services.web.visitors import Anyone, Member, Unsent
from shared.contracts.http.members.joining import InvitationGone
from shared.contracts.http.members.signing_in import bare_address

router = APIRouter()
_MODULE = 4
"""Pixels that one square of a QR code is wide."""


def _qr(link: str) -> Markup:
    """The link as a picture that a telephone's camera reads, dark on light by day and by night."""
    return Markup(segno.make(link, micro=False).svg_inline(scale=_MODULE, dark="#000", light="#fff", svgclass=None, lineclass=None))  # noqa: S704 — made of the link's squares alone


@router.get("/invite")
async def show(visit: Member, form: Unsent) -> Response:
    """What she can give, what is open, and who came."""
    found = await visit.joining.invitations()
    links = {one.id: f"{visit.web_url}/i/{one.token}" for one in found.open}
    codes = {id_: _qr(link) for id_, link in links.items()}
    return visit.page("invite.html", form.status, form=form, invitations=found, links=links, codes=codes)


@router.post("/invite")
async def invite(visit: Member) -> Response:
    """One more."""
    form = await visit.form()
    try:
        await visit.joining.invite(key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, form.after(refusal, visit.language))
    return visit.go("/invite", done="invited")


@router.post("/invite/letter")
async def invite_by_letter(visit: Member) -> Response:
    """One more, which goes by email; what she reads is the same whatever the address is."""
    form = await visit.form()
    try:
        await visit.joining.invite_by_letter(bare_address(form.value("email")), form.value("language"), key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, form.after(refusal, visit.language))
    return visit.go("/invite", done="invited_by_letter")


@router.get("/invite/letter")
async def letter(visit: Member, form: Unsent) -> Response:
    """The form of one."""
    return await show(visit, form)


@router.post("/invite/{invitation_id}")
async def take_back(visit: Member, invitation_id: UUID) -> Response:
    """It lets nobody in any more."""
    form = await visit.form()
    await visit.joining.take_back(invitation_id, key=form.key)
    return visit.go("/invite", done="invitation_taken_back")


@router.post("/invite/of/{member_id}")
async def release(visit: Member, member_id: UUID) -> Response:
    """She is her sponsor no longer."""
    form = await visit.form()
    await visit.joining.release(member_id, key=form.key)
    return visit.go("/invite", done="released")


@router.post("/invite/named/{join_request_id}")
async def recommend(visit: Member, join_request_id: UUID) -> Response:
    """What she says of a woman who named her."""
    form = await visit.form()
    await visit.joining.recommend(join_request_id, {"recommends": form.value("answer") == "recommend"}, key=form.key)
    return visit.go("/invite", done="recommended")


@router.get("/invite/named/{_id}")
@router.get("/invite/{_id}")
@router.get("/invite/of/{_id}")
async def nothing(visit: Anyone, _id: UUID) -> Response:
    """An address that a reload may come to."""
    return visit.go("/invite")


@router.get("/i/{token}")
async def opened(visit: Anyone, token: str) -> Response:
    """Who invites her, and the door; the invitation goes with her through it. One that doesn't work any more is one page."""
    if visit.me is not None and visit.me.joined:
        return visit.go("/")
    # Without a profile she comes in anew, with the invitation.
    visit.me = visit.secret = visit.member_id = None
    try:
        inviting = await visit.joining.opened(token[:64])
    except ServiceProblem as gone:
        if gone.code != InvitationGone.code:
            raise
        return _page(visit, None)
    response = _page(visit, inviting.name)
    session.invited(response, token)
    return response


def _page(visit: Visit, name: str | None) -> Response:
    response = visit.page("invitation.html", 200 if name is not None else InvitationGone.status, name=name, form=Form(), next="")
    session.sign_out(response)
    return response
