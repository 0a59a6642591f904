"""Problems as HTTP answers (RFC 9457), rendered in this one place.

Nothing that was sent or stored is ever echoed: a problem names fields, and says in sentences of our own what is wrong.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http import follow
from shared.problems import FIELD_SENTENCES, Field, Invalid, NotAllowed, NotFound, Problem, TooLarge, Unavailable, Unexpected
from shared.telemetry.logs import log
from shared.telemetry.traces import correlation_id

MEDIA_TYPE = "application/problem+json"


def render(problem: Problem) -> JSONResponse:
    """The problem as an `application/problem+json` answer."""
    body: dict[str, Any] = {
        "type": f"urn:madrina:problem:{problem.code}",
        "title": problem.code.replace("_", " ").capitalize(),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.sentence,
        "correlation_id": correlation_id.get(),
    }
    if problem.fields:
        body["fields"] = problem.fields
    if problem.again_at:
        body["again_at"] = problem.again_at.isoformat()
    headers = {} if problem.retry_after is None else {"Retry-After": str(problem.retry_after)}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, problem.status, headers, MEDIA_TYPE)


def install(app: FastAPI, unavailable: tuple[type[Exception], ...] = ()) -> None:
    """Let `app` answer every error as a problem; exceptions of the `unavailable` types as 503 with Retry-After.

    Whatever else is raised is logged without its message and answered `unexpected`; it reaches no other log.
    """

    async def problem(request: Request, error: Exception) -> JSONResponse:
        found = error if isinstance(error, Problem) else Unexpected()
        if found.status in (401, 403):
            follow.refused(request.scope, found.status, found.code)
        return render(found)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        found = error.errors() if isinstance(error, RequestValidationError) else ()
        return render(Invalid(fields=[_field(wrong) for wrong in found]))

    async def http(request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return render(_OF_STATUS.get(status, Invalid if status < 500 else Unexpected)())

    async def down(request: Request, error: Exception) -> JSONResponse:
        log.warning("database.missed", error=error)
        return render(Unavailable())

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    for kind in unavailable:
        app.add_exception_handler(kind, down)
    app.add_middleware(LastResort)


_OF_STATUS: dict[int, type[Problem]] = {404: NotFound, 405: NotAllowed, 413: TooLarge}


class LastResort:
    """ASGI middleware: a fault of ours is logged here, without the values an exception's message may quote, and answered by `answer`."""

    def __init__(self, app: ASGIApp, answer: Callable[[Scope], ASGIApp] = lambda scope: render(Unexpected())) -> None:
        self.app, self.answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if scope["type"] != "http" or begun:
                raise
            log.error("request.failed", exc_info=error, route=getattr(scope.get("route"), "path_format", "unmatched"))
            await self.answer(scope)(scope, receive, send)


_CODES = {
    "literal_error": "not_a_choice",
    "enum": "not_a_choice",
    "extra_forbidden": "unknown_field",
    "json_invalid": "malformed",
    "date_from_datetime_inexact": "not_a_day",
    "date_from_datetime_parsing": "not_a_day",
    "date_parsing": "not_a_day",
    "string_too_short": "too_short",
    "string_too_long": "too_long",
}
_LIMITS = {"minimum": "minimum", "maximum": "maximum", "min_length": "minimum", "max_length": "maximum"}
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def wrong_fields(error: ValidationError) -> list[Field]:
    """What is wrong with the fields of a body, as the API that takes it would answer."""
    return [_field({**wrong, "loc": ("body", *wrong["loc"])}) for wrong in error.errors(include_url=False)]


def _field(wrong: Mapping[str, Any]) -> Field:
    # Of what pydantic says only the type and the lengths: its message and the rest of its context may quote what was sent.
    context = wrong.get("ctx", {})
    limits = {_LIMITS[name]: value for name, value in context.items() if name in _LIMITS}
    return Field(_name(wrong["loc"]), _code(wrong["type"], context), **limits)


def _code(kind: str, context: Mapping[str, Any]) -> str:
    if "field_type" in context:  # pydantic's own error of a list or a mapping, which shares its name with that of a text
        return "too_many" if kind == "too_long" else "wrong"
    return kind if kind in FIELD_SENTENCES else _CODES.get(kind, "wrong")


def _name(where: tuple[str | int, ...]) -> str:
    """`("body", "words_for", "<id>")` as `words_for.<id>`; a key that looks like no name of ours isn't echoed."""
    parts = [str(part) for part in where[1:] if isinstance(part, int) or _NAME.fullmatch(part)]
    return ".".join(parts) or str(where[0] if where else "body")
