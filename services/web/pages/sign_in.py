"""One door: an address, a code, and the profile for whoever is new."""

import re
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import proxies, session
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.devices import device_of
from services.web.forms import Form
from services.web.visit import Visit
from services.web.visitors import Anyone
from shared.contracts.http.members.signing_in import LETTERS_AN_HOUR, WrongCode, bare_address
from shared.contracts.http.members.signing_in import SignedIn as Opened
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


def where(visit: Visit) -> dict[str, object]:
    """Her browser: its secret, and where it is on the internet."""
    return {
        "browser": session.browser_of(visit.request),
        "ip": proxies.client(visit.request, visit.request.app.state.trusted_proxies),
    }


def device(visit: Visit) -> str:
    """And what it is."""
    return device_of(visit.request.headers.get("user-agent", ""))


def _browser(visit: Visit) -> dict[str, object]:
    invitation = session.invitation_of(visit.request)
    # Only if there is one: while a release is replaced, the other side may not know the field yet.
    return where(visit) | ({"invitation": invitation} if invitation else {})


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


@router.post("/sign-in/passkey/options")
async def options(visit: Anyone) -> Response:
    """For the script: what to ask the browser for. The same for everyone."""
    browser = session.browser_of(visit.request)
    response = Response((await visit.signing_in.challenge(browser)).options, media_type="application/json")
    session.keep_browser(response, browser)
    return response


@router.post("/sign-in/passkey")
async def with_passkey(visit: Anyone) -> Response:
    """Sign in with what a passkey answered."""
    form = await visit.form()
    following, former = local_path(form.value("next")), session.secret_of(visit.request) or ""
    try:
        opened = await visit.signing_in.with_passkey(form.value("credential"), {**where(visit), "device": device(visit)}, former)
    except ServiceProblem as refusal:
        return _door(visit, form.after(refusal, visit.language), following)
    return await begun(visit, opened, (following or "/") if opened.joined else "/profile")


@router.post("/sign-in/{challenge_id}")
async def enter(visit: Anyone, challenge_id: UUID) -> Response:
    """Check the code; she is signed in, or may try again."""
    form = await visit.form()
    if visit.me and visit.secret and (back := visit.back(visit.me.id, visit.secret)):
        return back
    following = local_path(form.value("next"))
    former = session.secret_of(visit.request) or ""
    # What she wrote comes back first: a passkey isn't offered before it.
    able = form.value("passkeys") == "yes" and not visit.kept
    browser = {**_browser(visit), "device": device(visit), "passkeys": able}
    try:
        opened = await visit.members.answer_with_code(challenge_id, form.value("code"), browser, former)
    except ServiceProblem as refusal:
        return _code(visit, challenge_id, wrong(form, refusal, visit), following)
    then = (following or "/") if opened.joined else "/profile"
    return await begun(visit, opened, f"/me/passkey?next={quote(then)}" if opened.offer_passkey else then)


async def begun(visit: Visit, opened: Opened, then: str) -> Response:
    """She is signed in: back to what she wrote before, if it was kept, else on to `then`."""
    if former := session.secret_of(visit.request):
        visit.tokens.forget(former)
    back = visit.back((await visit.tokens.get(opened.session, "members")).member_id, opened.session) if visit.kept else None
    response = back or visit.go(then)
    session.sign_in(response, opened.session, opened.expires_at)
    return response


def wrong(form: Form, refusal: ServiceProblem, visit: Visit) -> Form:
    """The form of a code that wasn't taken."""
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
