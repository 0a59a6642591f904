"""The pages as one app: no database, no broker, three services behind it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from services.web import proxies
from services.web.assets import SMALLEST, Assets
from services.web.clients.community import Community
from services.web.clients.http import Service
from services.web.clients.members import Members
from services.web.community import LastSaid
from services.web.kept import Keeper
from services.web.pages import (
    address,
    ask,
    block,
    connect,
    connection,
    connection_request,
    connections,
    contest,
    correction,
    data,
    design,
    discreet,
    errors,
    find,
    introduction,
    invite,
    join,
    keep,
    language,
    leave,
    ledger,
    member,
    moderation,
    need,
    need_answer,
    notices,
    outcome,
    photo,
    profile,
    propose,
    public_notice,
    reach,
    report,
    sign_in,
    signing_in,
    step_up,
    steward,
    suggestions,
    texts,
    today,
    vouch,
    waiting,
)
from services.web.rendering import Pages
from services.web.security import OriginCheck, SecurityHeaders
from services.web.settings import Settings
from services.web.tokens import Tokens
from shared.contracts.http.members.community import CommunityView
from shared.contracts.http.members.signing_in import Audience
from shared.http.follow import Follow
from shared.http.methods import Methods
from shared.http.problem_rendering import LastResort

__all__ = ["Settings", "create"]

PAGES = [today, texts, steward, language, sign_in, profile, reach, invite, join, ask, propose, connect, member, suggestions]
PAGES += [signing_in, step_up, address]
PAGES += [
    leave,
    connections,
    connection,
    connection_request,
    vouch,
    outcome,
    keep,
    need,
    need_answer,
    introduction,
    ledger,
    contest,
    waiting,
    correction,
    find,
    photo,
    notices,
    public_notice,
    moderation,
    block,
    report,
    discreet,
    data,
]

Transports = Mapping[Audience, httpx.AsyncBaseTransport]


def create(settings: Settings, transports: Transports | None = None) -> FastAPI:
    """The app. `transports` take the place of the network in tests."""
    given = transports or {}
    services: dict[Audience, Service] = {
        "members": Service("members", settings.members_url, given.get("members"), settings.web_key.get_secret_value().split(",")[0]),
        "requests": Service("requests", settings.requests_url, given.get("requests")),
        "reputation": Service("reputation", settings.reputation_url, given.get("reputation")),
    }

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            for service in services.values():
                await service.close()

    app = FastAPI(
        title="Madrina: web",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    assets = Assets()
    app.state.services = services
    app.state.tokens = Tokens(Members(services["members"]))
    app.state.community = LastSaid(Community(services["members"]), CommunityView(who_may_join=settings.join))
    app.state.keeper = Keeper(settings.keep_key.get_secret_value())
    app.state.pages = Pages(assets, settings)
    app.state.web_url = settings.web_url
    app.state.trusted_proxies = proxies.networks(settings.trusted_proxies)
    # Ready without the services: what is missing is said on the page, and the rest still shows.
    app.state.checks = {}
    app.router.routes += assets.routes
    for page in [*PAGES, design] if settings.local else PAGES:
        app.include_router(page.router)
    errors.install(app)
    # Why that gives nothing away: docs/decisions/0022.
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST, compresslevel=6)
    app.add_middleware(Methods)
    app.add_middleware(LastResort, answer=errors.unexpected)
    app.add_middleware(OriginCheck, web_url=settings.web_url, refuse=errors.refuse)
    app.add_middleware(SecurityHeaders, https=settings.web_url.startswith("https:"))
    app.add_middleware(Follow, public=True)
    return app
