"""What went wrong, as a page: in her language, with the way back, and never more than she may know."""

import re

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from services.web import problems, session
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.kept import Kept
from services.web.pages import texts
from services.web.security import SAFE
from services.web.visit import Visit
from services.web.visitors import Led, NotHers, visiting
from shared.contracts.http.members.profiles import ProfileNeeded, TermsNeeded
from shared.http.follow import refused
from shared.problems import AccountLeaving, AccountSuspended, NotSignedIn, StepUpNeeded
from shared.telemetry.logs import log

_A_WOMAN = re.compile(r"/m/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)")
REFUSED = frozenset({400, 403, 411, 413})
"""What isn't let in: malformed, from elsewhere, of unknown length, too long."""


def _visit(request: Request) -> Visit:
    found = getattr(request.state, "visit", None)
    return found if isinstance(found, Visit) else Visit(request)


def not_found(request: Request, status: int = 404) -> Response:
    """One and the same page, whatever the cause: absent, blocked, not hers, never there."""
    visit, about = _visit(request), _A_WOMAN.match(request.url.path)
    # Whoever was blocked first comes here, and can still tell moderators: of any link, so that it tells nothing.
    return visit.page("errors/not_found.html", status, about=about[1] if about and visit.profile else None)


async def refuse(request: Request, status: int) -> Response:
    """A post that isn't let in."""
    if status == 403:
        refused(request.scope, status, "foreign_post")
    return _visit(request).page("errors/refused.html", status)


def unexpected(scope: Scope) -> Response:
    """A fault of ours."""
    visit = _visit(Request(scope))
    return _try_again(visit, visit.sent, 500) if visit.sent else visit.page("errors/unexpected.html", 500)


def _try_again(visit: Visit, sent: Form, status: int) -> Response:
    # Its key stays: if the command was done all the same, sending it again won't do it twice.
    return visit.page("errors/kept.html", status, form=sent)


async def _not_signed_in(request: Request, error: Exception) -> Response:
    refused(request.scope, NotSignedIn.status, NotSignedIn.code)
    visit, path = _visit(request), request.url.path
    visit.me = visit.secret = None
    query = {"next": path} if path != "/" else {}
    response = _door(visit, visit.sent) if visit.sent else visit.go("/sign-in", **query)
    session.sign_out(response)
    return response


async def _not_hers(request: Request, error: Exception) -> Response:
    visit = _visit(request)
    return _door(visit, visit.sent or Form())


def _door(visit: Visit, sent: Form) -> Response:
    """The door, with what was sent sealed in its form. Whose it is stands in the form, for the session can't say so any more."""
    if sent.owner:
        visit.kept = visit.keeper.seal(Kept(sent.owner, visit.request.url.path, sent))
    return visit.page("errors/signed_out.html", 401, form=Form(), next="", written=[] if visit.kept else sent.words)


async def _step_up(request: Request, error: Exception) -> Response:
    """She shows that it is her, and then what she sent goes on its way."""
    visit, path = _visit(request), request.url.path
    if visit.sent and visit.member_id:
        visit.kept = visit.keeper.seal(Kept(visit.member_id, path, visit.sent, go_on=True))
    return visit.page("step_up.html", StepUpNeeded.status, form=Form(), next="" if visit.kept else path)


async def _profile_needed(request: Request, error: Exception) -> Response:
    return _visit(request).go("/profile")


async def _terms_needed(request: Request, error: Exception) -> Response:
    visit = _visit(request)
    if visit.sent is None:
        return visit.go("/agree")
    if visit.sent.owner:
        visit.kept = visit.keeper.seal(Kept(visit.sent.owner, request.url.path, visit.sent))
    return await texts.asking(visit, Form(status=TermsNeeded.status), "")


async def _led(request: Request, error: Exception) -> Response:
    if isinstance(error, Led):
        return _visit(request).go(error.to)
    leaving = isinstance(error, ServiceProblem) and error.code == AccountLeaving.code
    return _visit(request).go("/me/leave" if leaving else "/notices")


async def _down(request: Request, error: Exception) -> Response:
    visit = _visit(request)
    if isinstance(error, ServiceDown):
        visit.missing.add(error.service)
    log.warning("part.missing", parts=sorted(visit.missing))
    if visit.sent is not None:
        return _try_again(visit, visit.sent, 503)
    return visit.page("errors/missing.html", 503)


async def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, ServiceProblem) or error.status == 404:
        return not_found(request)
    if error.code in {AccountSuspended.code, AccountLeaving.code}:
        return await _led(request, error)
    visit = _visit(request)
    status = error.status if 400 <= error.status < 500 else 500
    return visit.page("errors/problem.html", status, sentence=problems.sentence(error, visit.language))


async def _nothing_here(request: Request, error: Exception) -> Response:
    path = request.url.path
    if path != "/" and path.endswith("/") and request.method in SAFE:
        # One slash at the beginning: with two it would be the name of another host.
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/{path.strip('/')}{query}", 308)
    if not hasattr(request.state, "visit"):
        await visiting(request)
    status = error.status_code if isinstance(error, HTTPException) else 404
    return await refuse(request, status) if status in REFUSED else not_found(request, 405 if status == 405 else 404)


def install(app: FastAPI) -> None:
    """Let `app` answer every error as a page."""
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(NotHers, _not_hers)
    app.add_exception_handler(StepUpNeeded, _step_up)
    app.add_exception_handler(Led, _led)
    app.add_exception_handler(TermsNeeded, _terms_needed)
    app.add_exception_handler(ProfileNeeded, _profile_needed)
    app.add_exception_handler(ServiceDown, _down)
    app.add_exception_handler(ServiceProblem, _problem)
    app.add_exception_handler(RequestValidationError, _nothing_here)
    app.add_exception_handler(HTTPException, _nothing_here)
