"""Routes as their contract has them, and what they ask for."""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from shared.contracts.http.base import AnyRoute, CommandRoute, Created, FieldView, ProblemView, problems_of
from shared.http.problem_rendering import MEDIA_TYPE
from shared.paging import LONGEST_PAGE, PAGE, Paging
from shared.postgres.database import Pool

Handler = TypeVar("Handler", bound=Callable[..., Any])


def serve(router: APIRouter, route: AnyRoute) -> Callable[[Handler], Handler]:
    """Let the decorated function answer a route of the contract, with its path, method, status, answer and problems."""
    answer = (Created if route.creates else None) if isinstance(route, CommandRoute) else route.answer
    return router.api_route(
        # Only an id is an id: `/introductions/asks` is no introduction that is called so.
        re.sub(r"\{(\w+_id)\}", r"{\1:uuid}", route.path),
        methods=[route.method],
        status_code=route.status,
        response_model=answer,
        responses=_problem_responses(route),
    )


def _problem_responses(route: AnyRoute) -> dict[int | str, dict[str, Any]]:
    """As OpenAPI describes them: by status, with the codes that tell problems of one status apart."""
    codes: dict[int, list[str]] = {}
    for problem in problems_of(route):
        codes.setdefault(problem.status, []).append(problem.code)
    return {
        status: {"description": ", ".join(names), "content": {MEDIA_TYPE: {"schema": _schema(names)}}} for status, names in codes.items()
    }


def _schema(codes: list[str]) -> dict[str, Any]:
    # Not a component: FastAPI has those of `application/json` alone.
    schema = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}")
    del schema["$defs"]
    schema["properties"]["code"]["enum"] = codes
    schema["properties"]["fields"] = {"type": "array", "items": FieldView.model_json_schema()}
    return schema


async def _pool(request: Request) -> Pool:
    found: Pool = request.app.state.pool
    return found


Pool_ = Annotated[Pool, Depends(_pool)]
"""The api's pool."""


async def _paging(limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = PAGE, after: UUID | None = None) -> Paging:
    return Paging(limit, after)


PagingOf = Annotated[Paging, Depends(_paging)]
"""Which part of a list is asked for: `?limit=50&after=<next of the page before>`."""
