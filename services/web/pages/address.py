"""Her addresses: the one she signs in with, the one that introductions pass on; and undoing a change from the mailbox she had before."""

from fastapi import APIRouter
from starlette.responses import Response

from services.web import session
from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.pages.sign_in import wrong
from services.web.visit import Visit
from services.web.visitors import Anyone, Member, Unsent
from shared.contracts.http.members.addresses import ChangeOver
from shared.contracts.http.members.signing_in import bare_address

router = APIRouter()


@router.get("/me/address")
async def show(visit: Member, form: Unsent) -> Response:
    """All of it."""
    return visit.page("address.html", form.status, form=form, mine=await visit.addresses.mine())


@router.post("/me/address")
async def name(visit: Member) -> Response:
    """Have a code sent to a new address; or, with `decision`, have introductions pass on the first again."""
    form = await visit.form()
    purpose = form.value("purpose")
    try:
        if purpose == "first":
            await visit.addresses.pass_on_first(key=form.key)
            return visit.go("/me/address", done="passed_on_first")
        await visit.addresses.name({"email": bare_address(form.value("email")), "purpose": purpose}, key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, form.after(refusal, visit.language).said_at("email"))
    return visit.go("/me/address")


@router.post("/me/address/confirm")
async def confirm(visit: Member) -> Response:
    """With the code from the new mailbox."""
    form = await visit.form()
    try:
        await visit.addresses.confirm(form.value("code"), key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, wrong(form, refusal, visit).said_at("code"))
    if form.value("purpose") == "passed_on":
        return visit.go("/me/address", done="passed_on")
    # There she ends her other sessions with one press, if somebody else could be in one.
    return visit.go("/me/signing-in", done="address_changed")


@router.get("/me/address/confirm")
async def nothing(visit: Anyone) -> Response:
    """An address that a reload may come to."""
    return visit.go("/me/address")


@router.get("/address/{token}")
async def ask_first(visit: Anyone, token: str) -> Response:
    """What the link in the letter would do: it does nothing by itself."""
    try:
        return _undoing(visit, token, made=(await visit.addresses.change(token[:64])).made)
    except ServiceProblem as gone:
        return _over(visit, gone)


def _undoing(visit: Visit, token: str, *, made: bool | None) -> Response:
    return visit.page("address_undo.html", 200 if made is not None else ChangeOver.status, form=Form(), token=token, made=made)


def _over(visit: Visit, gone: ServiceProblem) -> Response:
    if gone.code != ChangeOver.code:
        raise gone
    return _undoing(visit, "", made=None)


@router.post("/address/{token}")
async def undo(visit: Anyone, token: str) -> Response:
    """Her former address is back, and she is signed out everywhere: here, too."""
    await visit.form()
    try:
        await visit.addresses.undo(token[:64])
    except ServiceProblem as gone:
        return _over(visit, gone)
    if visit.secret is not None:
        visit.tokens.forget(visit.secret)
    response = visit.go("/sign-in", done="address_back")
    session.sign_out(response)
    return response
