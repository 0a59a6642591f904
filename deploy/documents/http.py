"""docs/http.md: the APIs between web and services, written from their contracts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel, IPvAnyAddress

from shared.contracts.http.apis import APIS
from shared.contracts.http.base import (
    EVERY_COMMAND,
    EVERY_MEMBERS_ROUTE,
    EVERY_ROUTE,
    AnyRoute,
    CommandRoute,
    OpenRoute,
    Page,
    Problems,
    routes_of,
)
from shared.http.idempotency import KEPT
from shared.paging import LONGEST_PAGE, PAGE
from shared.problems import FIELD_SENTENCES, Invalid
from shared.text import Words

_INTRO = f"""# HTTP

Written by `make documents` from the contracts in `shared/contracts/http/`; a test fails if it is out of date.

Bodies and answers are JSON, ids are UUIDs, times are RFC 3339 in UTC. Every route takes `Authorization: Bearer <member token>` (a JWT
signed with Ed25519 for one service, good for 60 seconds), unless it says that it takes none. What a member may not know of answers 404
`not_found`, whatever the cause.

Queries read and change nothing. A list is a page of at most {PAGE} items, newest first (`limit`: 1 to {LONGEST_PAGE}), with `items` and
`next`; `next` goes into `after` to read what is earlier, and is null on the last page.

Commands answer 201 with the `id` of what they made, or 204. Each takes an `Idempotency-Key`: repeated within {KEPT.days * 24} hours, it
changes nothing and gets the first answer.

Problems are RFC 9457: `code` is stable, `detail` is the sentence below. If fields are wrong, `fields` has a `field`, `code` and `detail`
for each, and the `minimum` or `maximum` length that the sentence names.
"""

_PLAIN: Mapping[object, str] = {
    Any: "any JSON",
    UUID: "id",
    date: "day",
    datetime: "time",
    str: "text",
    bytes: "base64",
    bool: "true or false",
    float: "number",
    int: "number",
    IPvAnyAddress: "IP address",
}


def render() -> str:
    """The whole page."""
    lines = [_INTRO, "## Problems of every route\n", *_problems(EVERY_ROUTE), ""]
    lines += ["With a member's token:\n", *_problems(EVERY_MEMBERS_ROUTE), "", "Of a command:\n", *_problems(EVERY_COMMAND), ""]
    lines += ["## What is wrong with a field\n", "| code | sentence |", "|---|---|"]
    lines += [*(f"| `{code}` | {sentence} |" for code, sentence in FIELD_SENTENCES.items()), ""]
    shown: set[type[BaseModel]] = set()
    for name, modules in APIS.items():
        routes = [route for module in modules for route in routes_of(module).values()]
        answers = dict.fromkeys(model for route in routes for model in _models(_answer_of(route)) if model not in shown)
        shown.update(answers)
        lines += [f"## {name}\n", *(line for route in routes for line in _route(route))]
        lines += [f"### What {name} answers\n", *(line for model in answers for line in _model(model))]
    return "\n".join(lines).rstrip() + "\n"


def _answer_of(route: AnyRoute) -> Any:
    return None if isinstance(route, CommandRoute) else route.answer


def _route(route: AnyRoute) -> Iterator[str]:
    yield f"### {route.method} {route.path}\n"
    yield f"{_summary(route)}\n"
    body = route.body
    if body:
        yield from (f"{_doc(body)}\n", "| body | type | |", "|---|---|---|", *_fields(body), "")
    problems = tuple(problem for problem in route.problems if not issubclass(problem, Invalid))
    if problems:
        yield from (*_problems(problems), "")


def _summary(route: AnyRoute) -> str:
    if isinstance(route, CommandRoute):
        return f"Command. Answers {route.status}{' with the new `id`' if route.creates else ''}."
    if isinstance(route, OpenRoute):
        kind = "For the web alone: takes `Authorization: Bearer <WEB_KEY>` and no member's token."
    else:
        takes = [f"`{name}`" for name in (*route.parameters, *(("limit", "after") if route.paged else ()))]
        kind = f"Query{' by ' + ', '.join(takes) if takes else ''}."
    return f"{kind} Answers {route.status}{f' with {_type(route.answer)}' if route.answer else ''}."


def _problems(problems: Problems) -> list[str]:
    rows = [f"| `{problem.code}` | {problem.status} | {problem.sentence} |" for problem in problems]
    return ["| problem | status | sentence |", "|---|---|---|", *rows]


def _model(model: type[BaseModel]) -> Iterator[str]:
    yield f"#### {model.__name__}\n"
    yield from (f"{_doc(model)}\n", "| field | type | |", "|---|---|---|", *_fields(model), "")


def _doc(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _fields(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        optional = "" if field.is_required() else "optional"
        yield f"| `{field.alias or name}` | {_type(field.annotation, field.metadata)} | {optional} |"


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    """The models that an answer is made of, itself first; a page stands for its items."""
    if isinstance(kind, type) and issubclass(kind, BaseModel) and not issubclass(kind, Page):
        yield kind
    inner = [field.annotation for field in kind.model_fields.values()] if hasattr(kind, "model_fields") else get_args(kind)
    for part in inner:
        yield from _models(part)


def _type(kind: Any, metadata: Iterable[Any] = ()) -> str:
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _type(inner[0], inner[1:])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in inner)
    if origin in (Union, UnionType):
        return f"{_type(next(part for part in inner if part is not type(None)))}, or null"
    lengths = "".join(_length(mark, " characters" if kind is str else "") for mark in metadata)
    if origin in (list, tuple):
        return f"{'two of' if origin is tuple else 'list of'} {_type(inner[0])}{lengths}"
    if origin is dict:
        return f"by {_type(inner[0])}{lengths}: {_type(inner[1])}"
    if issubclass(kind, Page):
        return f"a page of {_type(kind.model_fields['items'].annotation).removeprefix('list of ')}"
    if issubclass(kind, BaseModel):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return f"{_PLAIN[kind]}{lengths}"


def _length(mark: Any, unit: str) -> str:
    if isinstance(mark, Words):
        return f", {mark.minimum} to {mark.maximum} characters{' in one line' if mark.one_line else ''}"
    if isinstance(mark, MinLen):
        return f", at least {mark.min_length}{unit}"
    return f", at most {mark.max_length}{unit}" if isinstance(mark, MaxLen) else ""
