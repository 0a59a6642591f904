"""One request to a page: who she is, her language and time zone, the services in her name, and the answer."""

from collections.abc import Awaitable, Mapping
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.web import i18n, session
from services.web.clients import ServiceDown, ServiceName, ServiceProblem, Services
from services.web.forms import Form, posted
from services.web.models import Card, Me
from services.web.rendering import Pages, Reader
from services.web.tokens import Tokens
from services.web.words import DONE

Model = TypeVar("Model", bound=BaseModel)
Part = TypeVar("Part")
RETRY_SECONDS = 5


class SignInNeeded(Exception):
    """The page is for members who are signed in."""


class ProfileNeeded(Exception):
    """She has signed in but hasn't made her profile yet."""


class Visit:
    """A request, and what its page needs."""

    def __init__(self, request: Request, me: Me | None = None) -> None:
        state = request.app.state
        self.request = request
        self.services: Services = state.services
        self.tokens: Tokens = state.tokens
        self.pages: Pages = state.pages
        self.web_url: str = state.web_url
        self.secret = session.secret_of(request)
        self.missing: set[ServiceName] = set()
        self.sent: Form | None = None
        self.greet(me)

    def greet(self, me: Me | None) -> None:
        """Take her language and time zone from her profile, now that it is known."""
        self.me = me
        profile = me.profile if me else None
        accept = self.request.headers.get("accept-language", "")
        self.language = i18n.choose(profile.language if profile else None, session.language_of(self.request), accept)
        self.time_zone = (profile.time_zone if profile else "") or "UTC"

    @property
    def profile(self) -> Card | None:
        """Her own card, for the top of the page."""
        return self.me.page if self.me else None

    @property
    def done(self) -> str | None:
        """What to say of the command that led here; only sentences of our own."""
        sentence = DONE.get(self.request.query_params.get("done", ""))
        return self.say(sentence) if sentence else None

    def say(self, text: str, **values: object) -> str:
        """The text in her language."""
        return i18n.translate(self.language, text, **values)

    async def read(self, service: ServiceName, path: str, model: type[Model], params: dict[str, str] | None = None) -> Model:
        """What the service answers her. Raises ServiceProblem, ServiceDown, SignInNeeded."""
        return _parsed(service, model, await self._call(service, "GET", path, params=params))

    async def command(
        self, service: ServiceName, path: str, form: Form, body: Mapping[str, Any], model: type[Model], *, method: str = "POST"
    ) -> Model:
        """A command in her name, once a form. Raises ServiceProblem, ServiceDown, SignInNeeded."""
        return _parsed(service, model, await self._call(service, method, path, body=dict(body), key=form.key))

    async def _call(self, service: ServiceName, method: str, path: str, **options: Any) -> Any:
        token = await self._token(service)
        client = getattr(self.services, service)
        try:
            return await client.call(method, path, token=token, **options)
        except ServiceProblem as problem:
            if problem.status != 401:
                raise
        # The token may have ended on its way: once more with a new one.
        self.tokens.forget_token(self.secret or "", service)
        return await client.call(method, path, token=await self._token(service), **options)

    async def _token(self, service: ServiceName) -> str:
        if self.secret is None:
            raise SignInNeeded
        try:
            return (await self.tokens.get(self.secret, service)).text
        except ServiceProblem as problem:
            raise _door(problem) from problem

    async def part(self, reading: Awaitable[Part]) -> Part | None:
        """A part the page can do without: None where its service is down, and `missing` says which."""
        try:
            return await reading
        except ServiceDown as down:
            self.missing.add(down.service)
            return None

    async def form(self) -> Form:
        """The form she sent; kept, so that nothing she wrote is lost where a service is down."""
        self.sent = await posted(self.request)
        return self.sent

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """The page in her language."""
        shown = self.pages.render(Reader(self.language, self.time_zone), template, {"visit": self, **context})
        response = HTMLResponse(shown, status)
        response.headers["Vary"] = "Cookie, Accept-Language"
        response.headers["Content-Language"] = self.language
        if status >= 400:
            # htmx: the address stays that of the page she was on.
            response.headers["HX-Push-Url"] = "false"
        if status == 503:
            response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def go(self, path: str, **query: str) -> Response:
        """Lead on to another page after a command."""
        return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)


def _parsed(service: ServiceName, model: type[Model], body: Any) -> Model:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        # An answer we can't read is as good as none.
        raise ServiceDown(service) from error


def _door(problem: ServiceProblem) -> Exception:
    if problem.code == "profile_needed":
        return ProfileNeeded()
    return SignInNeeded() if problem.status in {401, 404, 422} else problem


async def anyone(request: Request) -> Visit:
    """A visit by whoever comes; a session that has ended counts as none."""
    visit = request.state.visit = Visit(request)
    if visit.secret is not None:
        try:
            visit.greet(await visit.tokens.me(visit.secret))
        except ServiceProblem:
            visit.secret = None
        except ServiceDown:
            visit.missing.add("members")
    return visit


async def signed_in(request: Request) -> Visit:
    """A visit by someone who is signed in, with or without a profile. Raises SignInNeeded."""
    visit = await anyone(request)
    if visit.secret is None:
        raise SignInNeeded
    return visit


async def member(request: Request) -> Visit:
    """A visit by a member. Raises SignInNeeded, ProfileNeeded. Where the members service is down, `me` is None."""
    visit = await signed_in(request)
    if visit.me is not None and not visit.me.joined:
        raise ProfileNeeded
    return visit


Anyone = Annotated[Visit, Depends(anyone)]
SignedIn = Annotated[Visit, Depends(signed_in)]
Member = Annotated[Visit, Depends(member)]
