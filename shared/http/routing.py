"""Routes as their contract has them, and what they ask for."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from shared.contracts.http.base import AnyRoute, CommandRoute, Created
from shared.paging import LONGEST_PAGE, PAGE, Paging
from shared.postgres.database import Pool

Handler = TypeVar("Handler", bound=Callable[..., Any])


def serve(router: APIRouter, route: AnyRoute) -> Callable[[Handler], Handler]:
    """Let the decorated function answer a route of the contract, with its path, method, status and answer."""
    answer = (Created if route.creates else None) if isinstance(route, CommandRoute) else route.answer
    return router.api_route(route.path, methods=[route.method], status_code=route.status, response_model=answer)


async def _pool(request: Request) -> Pool:
    found: Pool = request.app.state.pool
    return found


Pool_ = Annotated[Pool, Depends(_pool)]
"""The api's pool."""


async def _paging(limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE, after: UUID | None = None) -> Paging:
    return Paging(limit, after)


PagingOf = Annotated[Paging, Depends(_paging)]
"""Which part of a list is asked for: `?limit=50&after=<next of the page before>`."""
