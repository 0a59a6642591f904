"""One request to a page: who she is, her language and time zone, the services in her name, and the answer."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from services.web import faces, i18n, session
from services.web.clients.addresses import Addresses
from services.web.clients.community import Community
from services.web.clients.directory import Directory
from services.web.clients.erasure import Erasure
from services.web.clients.export import Export
from services.web.clients.http import Service, ServiceDown, ServiceProblem
from services.web.clients.joining import Joining
from services.web.clients.members import Members
from services.web.clients.moderation import Moderation
from services.web.clients.photos import Photos
from services.web.clients.public_notices import PublicNotices
from services.web.clients.reputation import Reputation
from services.web.clients.requests import Requests
from services.web.clients.safety import Safety
from services.web.clients.signing_in import SigningIn
from services.web.forms import KEPT_FIELD, Form, posted
from services.web.kept import FormAgain, Keeper
from services.web.labels import DONE
from services.web.rendering import Pages
from services.web.tokens import Tokens
from shared.contracts.events.members import Language
from shared.contracts.http.members.community import CommunityView
from shared.contracts.http.members.profiles import Me, ProfileNeeded, ProfileView, TermsNeeded
from shared.contracts.http.members.signing_in import Audience, Role
from shared.contracts.http.requests.connections import MemberView
from shared.problems import NotFound, NotSignedIn

Part = TypeVar("Part")
RETRY_SECONDS = 5
KEEPS = "X-Keeps-Words"
"""An error's page with this header has what she wrote in it: only then may a script put it in the form's place."""


class Visit:
    """A request, and what its page needs."""

    def __init__(self, request: Request) -> None:
        state = request.app.state
        services: Mapping[Audience, Service] = state.services
        self.request = request
        self.tokens: Tokens = state.tokens
        self.keeper: Keeper = state.keeper
        self.pages: Pages = state.pages
        self.web_url: str = state.web_url
        self.members = Members(services["members"], self)
        self.directory = Directory(services["members"], self)
        self.photos = Photos(services["members"], self)
        self.joining = Joining(services["members"], self)
        self.texts = Community(services["members"], self)
        self.erasure = Erasure(services["members"], self)
        self.requests = Requests(services["requests"], self)
        self.reputation = Reputation(services["reputation"], self)
        self.export = Export(services["members"], self)
        self.community: CommunityView = state.community.known
        self.safety = Safety(services["members"], self)
        self.signing_in = SigningIn(services["members"], self)
        self.addresses = Addresses(services["members"], self)
        self.moderation = Moderation(services["members"], self)
        self.public_notices = PublicNotices(services["members"], self)
        self.secret = session.secret_of(request)
        self.missing: set[Audience] = set()
        self.sent: Form | None = getattr(request.state, "again", None)
        self.kept = ""
        self.member_id: UUID | None = None
        self.roles: frozenset[Role] = frozenset()
        self.greet(None)

    def greet(self, me: Me | None) -> None:
        """Take her language and time zone from her profile, now that it is known."""
        self.me = me
        self.member_id = me.id if me else self.member_id
        profile = me.profile if me else None
        accept = self.request.headers.get("accept-language", "")
        self.language = i18n.choose(profile.language if profile else None, session.language_of(self.request), accept)
        self.time_zone = (profile.time_zone if profile else "") or "UTC"

    @property
    def profile(self) -> ProfileView | None:
        """Her own page as others see it, for the top of every page; None before she has joined."""
        return ProfileView(id=self.me.id, photo=self.me.photo, **self.me.profile.model_dump()) if self.me and self.me.profile else None

    @property
    def discreet(self) -> bool:
        """Whether she wants pages whose titles tell nothing, and a way to leave them at once."""
        return bool(self.me and self.me.profile and self.me.profile.discreet)

    @property
    def done(self) -> str | None:
        """What to say, this once, of the command that led here."""
        sentence = DONE.get(session.done_of(self.request))
        return self.say(sentence) if sentence else None

    def say(self, text: str, **values: object) -> str:
        """The text in her language."""
        return i18n.translate(self.language, text, **values)

    def saved(self, value: str) -> str:
        """What stands in a field by now, beside what she wrote in it."""
        return self.say(i18n.N_("Saved in the meantime: %(value)s"), value=value or "–")

    def in_her_language(self, words: Mapping[Language, str]) -> str:
        """These words in her language, else in another; empty if there are none."""
        return next((said for language, said in words.items() if language == self.language), next(iter(words.values()), ""))

    def agreed(self) -> None:
        """What she agreed to holds at once."""
        if self.secret:
            self.tokens.forget(self.secret)

    async def token(self, service: Audience) -> str:
        """Her token for that service. Raises NotSignedIn, ProfileNeeded, ServiceDown."""
        if self.secret is None:
            raise NotSignedIn
        try:
            token = await self.tokens.get(self.secret, service)
        except ServiceProblem as problem:
            raise _door(problem) from problem
        self.member_id, self.roles = token.member_id, frozenset(token.roles)
        return token.token

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

    async def found(self, reading: Awaitable[Part]) -> Part | None:
        """What the page can do without: None if it isn't there for her, or its service is down."""
        try:
            return await self.part(reading)
        except ServiceProblem as problem:
            if problem.status != NotFound.status:
                raise
            return None

    async def her(self, member_id: UUID) -> tuple[MemberView, ProfileView]:
        """What that member is to the reader, and her profile: for every page about one member.

        Whether she exists for the reader is asked of both services that know, for one may have heard of a block that hasn't
        reached the other. If either can't say, there is no page, whatever the other says. Raises ServiceDown, ServiceProblem.
        """
        relation, profile = await asyncio.gather(self.requests.member(member_id), self.members.profile(member_id), return_exceptions=True)
        for wrong in (ServiceDown, BaseException):
            for answer in (relation, profile):
                if isinstance(answer, wrong):
                    raise answer
        return relation, profile  # type: ignore[return-value]  # neither is an exception

    async def form(self) -> Form:
        """The form she sent. `sent` holds it too, so that nothing she wrote is lost whatever goes wrong from here on."""
        if self.sent is None:
            self.sent = replace(await posted(self.request), time_zone=self.time_zone)
            sealed = self.sent.value(KEPT_FIELD)
            self.kept = sealed if self.keeper.open(sealed) else ""
        return self.sent

    def back(self, member_id: UUID, secret: str) -> Response | None:
        """The page of the form that was kept through the sign-in, with what she wrote; None if there is none, or it is another's."""
        kept = self.keeper.open(self.kept)
        return FormAgain(kept, secret) if kept and kept.owner == member_id else None

    async def faces(self, ids: set[UUID]) -> Mapping[UUID, str]:
        """The tags of the photos that those of them show to her. A member's page always asks: whose faces it has is nobody's to count."""
        if self.profile is None:
            return {}
        try:
            return await self.photos.tags(ids)
        except (ServiceDown, ServiceProblem, NotSignedIn):
            return {}

    def page(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """The page in her language; its form names her."""
        if isinstance(form := context.get("form"), Form):
            context["form"] = replace(form, owner=form.owner or self.member_id)
        written = self.pages.render(self.language, template, {"visit": self, "status": status, **context})
        response = WithFaces(self, written, status)
        response.headers["Vary"] = "Cookie, Accept-Language"
        response.headers["Content-Language"] = self.language
        if status >= 400:
            # htmx: the address stays that of the page she was on.
            response.headers["HX-Push-Url"] = "false"
            if self.sent is not None:
                response.headers[KEEPS] = "yes"
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


class WithFaces(HTMLResponse):
    """A page, as it is once it is known who shows her photo to the reader."""

    def __init__(self, visit: Visit, written: str, status: int) -> None:
        super().__init__(status_code=status)
        self._visit, self._written = visit, written

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask, and answer."""
        self.body = faces.shown(self._written, await self._visit.faces(faces.whose(self._written))).encode()
        self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def _door(problem: ServiceProblem) -> Exception:
    if problem.code == TermsNeeded.code:
        return TermsNeeded()
    if problem.code == ProfileNeeded.code:
        return ProfileNeeded()
    return NotSignedIn() if problem.status in {401, 404, 422} else problem
