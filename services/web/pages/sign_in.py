"""One door: an address, a code, and the profile for whoever is new."""

import re
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import proxies, session
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.visit import Anyone, Visit
from shared.contracts.http.members.signing_in import LETTERS_AN_HOUR, WrongCode, bare_address
from shared.problems import Invalid

router = APIRouter()

_LOCAL = re.compile(r"/|(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9_.-]+)+")


def local_path(path: str) -> str:
    """The path if it may be one of our own pages, else an empty text: nobody is led away from here by a link.

    No segment is empty, `.` or `..`, so that it means what it says.
    """
    return path if len(path) <= 200 and _LOCAL.fullmatch(path) else ""


@router.get("/sign-in")
async def door(visit: Anyone) -> Response:
    """Ask for her address."""
    if visit.me is not None:
        return visit.go("/")
    return _door(visit, Form(), local_path(visit.request.query_params.get("next", "")))


def _door(visit: Visit, form: Form, following: str) -> Response:
    # What is wrong is said on the page where she wrote it.
    return visit.page("landing.html" if form.value("landing") else "sign_in.html", form.status, form=form, next=following)


def _browser(visit: Visit) -> dict[str, object]:
    return {
        "browser": session.browser_of(visit.request),
        "ip": proxies.client(visit.request, visit.request.app.state.trusted_proxies),
        "invitation": session.invitation_of(visit.request),
    }


@router.post("/sign-in")
async def ask_for_code(visit: Anyone) -> Response:
    """Have a code sent; the answer is the same for every address."""
    form = await visit.form()
    if visit.me and visit.secret and (back := visit.back(visit.me.id, visit.secret)):
        return back
    if visit.kept and "email" not in form.values:
        return _door(visit, Form(), local_path(form.value("next")))
    following, address = local_path(form.value("next")), bare_address(form.value("email"))
    browser = _browser(visit)
    try:
        challenge = await visit.members.sign_in(address, visit.language, browser)
    except ServiceProblem as refusal:
        return _door(visit, form.after(refusal, visit.language), following)
    done = "asked_again" if form.value("again") else ""
    if visit.kept:
        # What a link can't carry is carried by the page.
        response: Response = _code(visit, challenge.challenge_id, Form(), following, address)
        response.headers["HX-Push-Url"] = "false"
    else:
        response = visit.go(f"/sign-in/{challenge.challenge_id}", done=done, **({"next": following} if following else {}))
    session.asked_for_code(response, str(browser["browser"]), address)
    session.came_from(response, following)
    return response


@router.get("/sign-in/{challenge_id}")
async def code(visit: Anyone, challenge_id: UUID) -> Response:
    """Ask for the code."""
    if visit.me is not None:
        return visit.go("/")
    return _code(visit, challenge_id, Form(), local_path(visit.request.query_params.get("next", "")))


def _code(visit: Visit, challenge_id: UUID, form: Form, following: str, asked: str = "") -> Response:
    address = asked or session.address_of(visit.request)
    return visit.page("code.html", form.status, form=form, challenge_id=challenge_id, next=following, address=address, most=LETTERS_AN_HOUR)


@router.post("/sign-in/{challenge_id}")
async def enter(visit: Anyone, challenge_id: UUID) -> Response:
    """Check the code; she is signed in, or may try again."""
    form = await visit.form()
    if visit.me and visit.secret and (back := visit.back(visit.me.id, visit.secret)):
        return back
    following = local_path(form.value("next"))
    former = session.secret_of(visit.request) or ""
    try:
        opened = await visit.members.answer_with_code(challenge_id, form.value("code"), _browser(visit), former)
    except ServiceProblem as refusal:
        return _code(visit, challenge_id, _wrong(form, refusal, visit), following)
    if former:
        visit.tokens.forget(former)
    response = await _back(visit, opened.session) or visit.go((following or "/") if opened.joined else "/profile")
    session.sign_in(response, opened.session, opened.expires_at)
    return response


async def _back(visit: Visit, secret: str) -> Response | None:
    return visit.back((await visit.tokens.get(secret, "members")).member_id, secret) if visit.kept else None


def _wrong(form: Form, refusal: ServiceProblem, visit: Visit) -> Form:
    if refusal.code == WrongCode.code:
        return form.with_errors(visit.say(Invalid.sentence), code=visit.say(WrongCode.sentence))
    return form.after(refusal, visit.language)


@router.post("/sign-out")
async def leave(visit: Anyone) -> Response:
    """End the session there and here."""
    secret = session.secret_of(visit.request)
    done = "signed_out"
    if secret is not None:
        try:
            await visit.members.end_session(secret)
        except (ServiceDown, ServiceProblem):
            # The session goes on there, and she is told so; its secret goes from this browser all the same.
            done = "signed_out_here"
        visit.tokens.forget(secret)
    response = visit.go("/", done=done)
    session.sign_out(response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.get("/sign-out")
async def stay(visit: Anyone) -> Response:
    """A link can't sign anyone out."""
    return visit.go("/")
