"""One door: an address, a code, and the profile for whoever is new."""

import re
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import session
from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.visit import Anyone, Visit
from shared.contracts.http.members import CodeExpired, WrongCode
from shared.problems import Invalid

router = APIRouter()

_LOCAL = re.compile(r"/(?![/\\])[A-Za-z0-9/_.-]*")


def local_path(path: str) -> str:
    """The path if it is one of our own pages, else an empty text: nobody is led away from here by a link."""
    return path if len(path) <= 200 and _LOCAL.fullmatch(path) else ""


@router.get("/sign-in")
async def door(visit: Anyone) -> Response:
    """Ask for her address."""
    if visit.me is not None:
        return visit.go("/")
    return _door(visit, Form(), local_path(visit.request.query_params.get("next", "")))


def _door(visit: Visit, form: Form, following: str) -> Response:
    return visit.page("sign_in.html", form.status, form=form, next=following)


@router.post("/sign-in")
async def ask_for_code(visit: Anyone) -> Response:
    """Have a code sent; the answer is the same for every address."""
    form = await visit.form()
    if visit.me and visit.secret and (back := visit.back(visit.me.id, visit.secret)):
        return back
    if visit.kept and "email" not in form.values:
        return _door(visit, Form(), local_path(form.value("next")))
    following, address = local_path(form.value("next")), form.value("email").strip()
    browser = session.browser_of(visit.request)
    try:
        challenge = await visit.members.sign_in(address, visit.language, browser)
    except ServiceProblem as refusal:
        return _door(visit, form.after(refusal, visit.language), following)
    if visit.kept:
        # What a link can't carry is carried by the page.
        response: Response = _code(visit, challenge.challenge_id, Form(), following)
        response.headers["HX-Push-Url"] = "false"
    else:
        response = visit.go(f"/sign-in/{challenge.challenge_id}", **({"next": following} if following else {}))
    session.asked_for_code(response, browser, address)
    return response


@router.get("/sign-in/{challenge_id}")
async def code(visit: Anyone, challenge_id: UUID) -> Response:
    """Ask for the code."""
    if visit.me is not None:
        return visit.go("/")
    return _code(visit, challenge_id, Form(), local_path(visit.request.query_params.get("next", "")))


def _code(visit: Visit, challenge_id: UUID, form: Form, following: str) -> Response:
    return visit.page(
        "code.html", form.status, form=form, challenge_id=challenge_id, next=following, address=session.address_of(visit.request)
    )


@router.post("/sign-in/{challenge_id}")
async def enter(visit: Anyone, challenge_id: UUID) -> Response:
    """Check the code; she is signed in, or may try again."""
    form = await visit.form()
    if visit.me and visit.secret and (back := visit.back(visit.me.id, visit.secret)):
        return back
    following = local_path(form.value("next"))
    digits, browser = re.sub(r"\D", "", form.value("code")), session.browser_of(visit.request)
    try:
        opened = await visit.members.answer_with_code(challenge_id, digits, browser)
    except ServiceProblem as refusal:
        return _code(visit, challenge_id, _wrong(form, refusal, visit), following)
    response = await _back(visit, opened.session) or visit.go((following or "/") if opened.joined else "/profile")
    session.sign_in(response, opened.session, opened.expires_at)
    return response


async def _back(visit: Visit, secret: str) -> Response | None:
    return visit.back((await visit.tokens.get(secret, "members")).member_id, secret) if visit.kept else None


def _wrong(form: Form, refusal: ServiceProblem, visit: Visit) -> Form:
    if refusal.status == 422:
        return form.with_errors(visit.say(Invalid.sentence), code=visit.say(WrongCode.sentence))
    if refusal.status == 404:
        return form.with_errors(visit.say(CodeExpired.sentence))
    return form.after(refusal, visit.language)


@router.post("/sign-out")
async def leave(visit: Anyone) -> Response:
    """End the session there and here."""
    response = visit.go("/", done="signed_out")
    if visit.secret is not None:
        # If members is down the session goes on there, but this browser no longer has its secret.
        await visit.part(visit.members.end_session(visit.secret))
        visit.tokens.forget(visit.secret)
    session.sign_out(response)
    return response


@router.get("/sign-out")
async def stay(visit: Anyone) -> Response:
    """A link can't sign anyone out."""
    return visit.go("/")
