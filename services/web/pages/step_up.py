"""She shows that it is her, though she is signed in: for what matters so much. It is a sign-in in the place of the one she has."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import session
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.pages.sign_in import begun, device, local_path, where, wrong
from services.web.visit import Visit
from services.web.visitors import SignedIn
from shared.contracts.http.members.signing_in import LETTERS_AN_HOUR

router = APIRouter()


def _show(visit: Visit, form: Form, following: str) -> Response:
    return visit.page("step_up.html", form.status, form=form, next=following)


def _then(visit: Visit, form: Form) -> str:
    return local_path(form.value("next")) or "/me/signing-in"


@router.get("/step-up")
async def ask(visit: SignedIn) -> Response:
    """With a passkey, or with a code."""
    return _show(visit, Form(), local_path(visit.request.query_params.get("next", "")))


@router.post("/step-up")
async def send_code(visit: SignedIn) -> Response:
    """Have a code sent to her address."""
    form = await visit.form()
    if visit.me is None:
        raise ServiceDown("members")
    browser = where(visit)
    try:
        challenge = await visit.members.sign_in(visit.me.email, visit.language, browser)
    except ServiceProblem as refusal:
        return _show(visit, form.after(refusal, visit.language), local_path(form.value("next")))
    response = _code(visit, challenge.challenge_id, Form(), local_path(form.value("next")))
    response.headers["HX-Push-Url"] = "false"
    session.keep_browser(response, str(browser["browser"]))
    return response


def _code(visit: Visit, challenge_id: UUID, form: Form, following: str) -> Response:
    address = visit.me.email if visit.me else ""
    shown = {"challenge_id": challenge_id, "next": following, "address": address, "most": LETTERS_AN_HOUR, "at": "/step-up"}
    return visit.page("code.html", form.status, form=form, **shown)


@router.post("/step-up/passkey")
async def with_passkey(visit: SignedIn) -> Response:
    """Go on with what she wanted, once her passkey has answered."""
    form = await visit.form()
    browser = {**where(visit), "device": device(visit)}
    try:
        opened = await visit.signing_in.with_passkey(form.value("credential"), browser, visit.secret or "")
    except ServiceProblem as refusal:
        return _show(visit, form.after(refusal, visit.language), local_path(form.value("next")))
    return await begun(visit, opened, _then(visit, form))


@router.post("/step-up/{challenge_id}")
async def with_code(visit: SignedIn, challenge_id: UUID) -> Response:
    """Go on with it, once the code is right."""
    form = await visit.form()
    browser = {**where(visit), "device": device(visit)}
    try:
        opened = await visit.members.answer_with_code(challenge_id, form.value("code"), browser, visit.secret or "")
    except ServiceProblem as refusal:
        return _code(visit, challenge_id, wrong(form, refusal, visit), local_path(form.value("next")))
    return await begun(visit, opened, _then(visit, form))
