"""One request to a page: who she is, her language and time zone, the services in her name, and the answer."""

from collections.abc import Awaitable, Mapping
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.web import i18n, session
from services.web.clients.http import Service, ServiceDown, ServiceProblem
from services.web.clients.members import Members
from services.web.clients.reputation import Reputation
from services.web.clients.requests import Requests
from services.web.forms import Form, posted
from services.web.labels import DONE
from services.web.rendering import Pages
from services.web.tokens import Tokens
from shared.contracts.http.members import Audience, Me, ProfileNeeded, ProfileView
from shared.problems import NotSignedIn

Part = TypeVar("Part")
RETRY_SECONDS = 5


class Visit:
    """A request, and what its page needs."""

    def __init__(self, request: Request) -> None:
        state = request.app.state
        services: Mapping[Audience, Service] = state.services
        self.request = request
        self.tokens: Tokens = state.tokens
        self.pages: Pages = state.pages
        self.web_url: str = state.web_url
        self.members = Members(services["members"], self)
        self.requests = Requests(services["requests"], self)
        self.reputation = Reputation(services["reputation"], self)
        self.secret = session.secret_of(request)
        self.missing: set[Audience] = set()
        self.sent: Form | None = None
        self.greet(None)

    def greet(self, me: Me | None) -> None:
        """Take her language and time zone from her profile, now that it is known."""
        self.me = me
        profile = me.profile if me else None
        accept = self.request.headers.get("accept-language", "")
        self.language = i18n.choose(profile.language if profile else None, session.language_of(self.request), accept)
        self.time_zone = (profile.time_zone if profile else "") or "UTC"

    @property
    def profile(self) -> ProfileView | None:
        """Her own page as others see it, for the top of every page; None before she has joined."""
        return ProfileView(id=self.me.id, **self.me.profile.model_dump()) if self.me and self.me.profile else None

    @property
    def done(self) -> str | None:
        """What to say, this once, of the command that led here."""
        sentence = DONE.get(session.done_of(self.request))
        return self.say(sentence) if sentence else None

    def say(self, text: str, **values: object) -> str:
        """The text in her language."""
        return i18n.translate(self.language, text, **values)

    async def token(self, service: Audience) -> str:
        """Her token for that service. Raises NotSignedIn, ProfileNeeded, ServiceDown."""
        if self.secret is None:
            raise NotSignedIn
        try:
            return await self.tokens.get(self.secret, service)
        except ServiceProblem as problem:
            raise _door(problem) from problem

    def refused(self, service: Audience) -> None:
        """The service no longer takes her token."""
        if self.secret is not None:
            self.tokens.forget_token(self.secret, service)

    async def part(self, reading: Awaitable[Part]) -> Part | None:
        """A part the page can do without: None if its service is down, and `missing` says which."""
        try:
            return await reading
        except ServiceDown as down:
            self.missing.add(down.service)
            return None

    async def form(self) -> Form:
        """The form she sent; kept, so that nothing she wrote is lost if a service is down."""
        self.sent = await posted(self.request)
        return self.sent

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """The page in her language."""
        shown = self.pages.render(self.language, template, {"visit": self, "status": status, **context})
        response = HTMLResponse(shown, status)
        response.headers["Vary"] = "Cookie, Accept-Language"
        response.headers["Content-Language"] = self.language
        if status >= 400:
            # htmx: the address stays that of the page she was on.
            response.headers["HX-Push-Url"] = "false"
        if status == 503:
            response.headers["Retry-After"] = str(RETRY_SECONDS)
        if self.done:
            session.told(response)
        return response

    def go(self, path: str, *, done: str = "", **query: str) -> Response:
        """Lead on to another page, which says what a command has `done`."""
        response = RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)
        if done:
            session.tell_done(response, done, path)
        return response


def _door(problem: ServiceProblem) -> Exception:
    if problem.code == ProfileNeeded.code:
        return ProfileNeeded()
    return NotSignedIn() if problem.status in {401, 404, 422} else problem


async def anyone(request: Request) -> Visit:
    """A visit by whoever comes; a session that has ended counts as none."""
    visit = request.state.visit = Visit(request)
    if visit.secret is not None:
        try:
            visit.greet(await visit.tokens.account(visit.secret, visit.members.me))
        except (NotSignedIn, ServiceProblem):
            visit.secret = None
        except ServiceDown:
            visit.missing.add("members")
    return visit


async def signed_in(request: Request) -> Visit:
    """A visit by someone who is signed in, with or without a profile. Raises NotSignedIn."""
    visit = await anyone(request)
    if visit.secret is None:
        raise NotSignedIn
    return visit


async def member(request: Request) -> Visit:
    """A visit by a member. Raises NotSignedIn, ProfileNeeded. If the members service is down, `me` is None."""
    visit = await signed_in(request)
    if visit.me is not None and not visit.me.joined:
        raise ProfileNeeded
    return visit


Anyone = Annotated[Visit, Depends(anyone)]
SignedIn = Annotated[Visit, Depends(signed_in)]
Member = Annotated[Visit, Depends(member)]
