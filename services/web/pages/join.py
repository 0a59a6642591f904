"""Asking to join, where the community lets in whom a moderator answers yes; and the page to which she comes back until then."""

from uuid import UUID

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.visitors import Anyone, Member, SignedIn, Unsent
from shared.contracts.http.members.joining import ANSWER_DAYS, JoinRequestBody
from shared.problems import NotFound

router = APIRouter()


@router.get("/join")
async def join(visit: Anyone, form: Unsent) -> Response:
    """Her request, or the form of one; for whoever isn't signed in what it comes to, and the door."""
    if visit.me and visit.me.joined:
        return visit.go("/")
    by_request = visit.community.who_may_join == "by_request"
    found = await visit.found(visit.joining.request()) if visit.me else None
    if found is None and not (by_request and (visit.me is None or visit.me.asks_to_join)):
        raise HTTPException(NotFound.status)
    template = "join.html" if visit.me else "join_door.html"
    return visit.page(template, form.status, form=form, asked=found, days=ANSWER_DAYS, next="/join")


@router.post("/join")
async def ask(visit: SignedIn) -> Response:
    """She asks. Whether there is a member with the address that she named isn't told."""
    form = await visit.form()
    own = {"adult": form.value("adult") == "yes", "terms": form.value("terms") or None, "language": visit.language}
    try:
        await visit.joining.ask({**form.typed(JoinRequestBody), **own}, key=form.key)
    except ServiceProblem as refusal:
        return await join(visit, form.after(refusal, visit.language))
    return visit.go("/join", done="asked_to_join")


@router.get("/moderation/joining")
@router.get("/moderation/joining/{_id}")
async def queue(visit: Member, form: Unsent, after: UUID | None = None) -> Response:
    """For moderators: who waits for an answer, the earliest first."""
    return visit.page("moderation_joining.html", requests=await visit.joining.requests(after=after), form=form)


@router.post("/moderation/joining/{join_request_id}")
async def answer(visit: Member, join_request_id: UUID) -> Response:
    """A moderator answers."""
    form = await visit.form()
    await visit.joining.answer(join_request_id, {"let_in": form.value("answer") == "let_in"}, key=form.key)
    return visit.go("/moderation/joining", done="decided")
