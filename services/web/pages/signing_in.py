"""How she signs in: her passkeys, and where she is signed in."""

from uuid import UUID

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.web import session
from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.pages.sign_in import device, local_path
from services.web.visit import Visit
from services.web.visitors import SignedIn, Unsent

router = APIRouter()


@router.get("/me/signing-in")
async def show(visit: SignedIn, form: Unsent) -> Response:
    """All of it."""
    return visit.page("signing_in.html", form.status, form=form, mine=await visit.signing_in.mine(), device=device(visit))


@router.get("/me/passkey")
async def offer(visit: SignedIn) -> Response:
    """Offered once, after her first code."""
    following = local_path(visit.request.query_params.get("next", "")) or "/"
    return visit.page("passkey_offer.html", form=Form(), next=following, device=device(visit))


@router.post("/me/passkeys/options")
async def options(visit: SignedIn) -> Response:
    """For the script: what to ask the browser for. Raises StepUpNeeded."""
    browser = session.browser_of(visit.request)
    response = Response((await visit.signing_in.new_passkey(browser)).options, media_type="application/json")
    session.keep_browser(response, browser)
    return response


@router.post("/me/passkeys")
async def add(visit: SignedIn) -> Response:
    """Keep the passkey that her browser has made."""
    form = await visit.form()
    try:
        browser, label = session.browser_of(visit.request), form.value("label") or device(visit)
        await visit.signing_in.add_passkey(form.value("credential"), browser, label, key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, form.after(refusal, visit.language))
    return visit.go(local_path(form.value("next")) or "/me/signing-in", done="passkey_added")


@router.get("/me/passkeys/{passkey_id}/remove")
async def confirm_removal(visit: SignedIn, passkey_id: UUID, form: Unsent) -> Response:
    """What follows if she removes it."""
    return await _removal(visit, passkey_id, form)


async def _removal(visit: Visit, passkey_id: UUID, form: Form) -> Response:
    found = next((one for one in (await visit.signing_in.mine()).passkeys if one.id == passkey_id), None)
    if found is None:
        raise HTTPException(404)
    return visit.page("passkey_remove.html", form.status, form=form, passkey=found)


@router.post("/me/passkeys/{passkey_id}/remove")
async def remove(visit: SignedIn, passkey_id: UUID) -> Response:
    """Remove it."""
    form = await visit.form()
    await visit.signing_in.remove_passkey(passkey_id, key=form.key)
    return visit.go("/me/signing-in", done="passkey_removed")


@router.post("/me/sessions/end-others")
async def end_others(visit: SignedIn) -> Response:
    """Sign out everywhere else."""
    form = await visit.form()
    await visit.signing_in.end_others(key=form.key)
    return visit.go("/me/signing-in", done="sessions_ended")


@router.post("/me/sessions/{session_id}/end")
async def end(visit: SignedIn, session_id: UUID) -> Response:
    """Sign out there."""
    form = await visit.form()
    await visit.signing_in.end(session_id, key=form.key)
    return visit.go("/me/signing-in", done="session_ended")
