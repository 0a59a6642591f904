"""The api of a service with a database: pool, problems, telemetry, and what it needs to be ready."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import APIRouter, FastAPI

from shared.http import problem_rendering
from shared.http.body_limit import BodyLimit
from shared.http.follow import Follow
from shared.http.methods import Methods
from shared.http.tokens import TokenVerifier
from shared.http.unstored import Unstored
from shared.postgres.database import TRANSIENT, Tx, create_pool
from shared.postgres.version import migrated
from shared.process.settings import ApiSettings

Hold = Callable[[Tx, UUID], Awaitable[bool]]
"""Whether a member is here, and stays so until the transaction ends."""


def create_app(
    name: str, settings: ApiSettings, routers: Iterable[APIRouter], *, hold: Hold | None = None, larger: Mapping[str, int] | None = None
) -> FastAPI:
    """The service's app. `app.state.pool` is there while it runs; `app.state.checks` are for `/readyz`: the database, its schema.

    With `hold` no command is run for a member who is gone. `larger`: the most bytes of the few paths that take more than a form.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = await create_pool(settings.database_url.get_secret_value(), size=settings.database_pool_size, name=f"{name} api")
        try:
            yield
        finally:
            await app.state.pool.close()

    app = FastAPI(title=f"Madrina: {name}", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.verifier = TokenVerifier(settings.token_public_keys, audience=name)

    app.state.hold = hold
    app.state.checks = {"database": migrated(name, lambda: app.state.pool)}
    for router in routers:
        app.include_router(router)
    app.add_middleware(BodyLimit, larger=larger)
    problem_rendering.install(app, TRANSIENT)
    app.add_middleware(Methods)
    app.add_middleware(Unstored)
    app.add_middleware(Follow)
    return app
