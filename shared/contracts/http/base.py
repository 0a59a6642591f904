"""What every HTTP contract is made of: routes, bodies, answers, and lists that are read page by page.

A route stands once, in the contract of its API. The API serves it (`shared.http.routing`), the web's client calls it, a
test's fake serves it again, and docs/http.md lists it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from shared.contracts.lengths import Line, Number, Text, Word
from shared.paging import LONGEST_PAGE
from shared.problems import (
    AccountLeaving,
    AccountSuspended,
    IdempotencyKeyReused,
    Invalid,
    NotFound,
    NotSignedIn,
    Problem,
    TooLarge,
    Unavailable,
    Unexpected,
)
from shared.text import Words

Problems = tuple[type[Problem], ...]

EVERY_ROUTE: Problems = (Invalid, TooLarge, Unavailable, Unexpected)
EVERY_MEMBERS_ROUTE: Problems = (NotSignedIn, AccountSuspended, AccountLeaving)
EVERY_COMMAND: Problems = (IdempotencyKeyReused,)
"""What each route can answer beside its own problems: any at all, any that takes a member's token, any command."""


class Body(BaseModel):
    """What a caller sends. Unknown fields are refused: a typo must not pass for a wish."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _as_it_was_sent(cls, sent: object, field: ValidationInfo) -> object:
        """Of a number Python would make a day, an address or a yes, and of a yes a number."""
        if isinstance(sent, int | float) and not ({bool} if isinstance(sent, bool) else {int, float}) & _kinds(cls, str(field.field_name)):
            raise ValueError
        return sent


@cache
def _kinds(body: type[Body], field: str) -> frozenset[Any]:
    """The types that a field can have, without their marks; of a choice those of what can be chosen."""

    def within(kind: Any) -> Iterator[Any]:
        for inner in get_args(kind):
            yield from [type(inner)] if get_origin(kind) is Literal else within(inner)
        if isinstance(kind, type):
            yield kind

    return frozenset(within(body.model_fields[field].annotation))


def none_if_blank(sent: object) -> object:
    """A form's empty field is none; nothing else that is false is one."""
    return None if sent == "" else sent


class Answer(BaseModel):
    """What an API answers. A caller ignores fields it doesn't know: a newer API may send some."""

    model_config = ConfigDict(frozen=True, extra="ignore")


A = TypeVar("A", bound=Answer)
Item = TypeVar("Item", bound=Answer)


class Card(Answer):
    """A member wherever she is mentioned."""

    id: UUID
    name: Line
    headline: Line


class Refusal(Answer):
    """Why she can't do something, as far as she may know: a problem's code, and when she can again, if that is known."""

    code: Word
    again_at: datetime | None = None


class Created(Answer):
    """The id of what a command made."""

    id: UUID


class FieldView(Answer):
    """One wrong field of a problem, with the numbers that its sentence names."""

    field: Line
    code: Word
    detail: Text
    minimum: Number | None = None
    maximum: Number | None = None
    count: Number | None = None


class ProblemView(Answer):
    """What can't be done, as `application/problem+json` (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    correlation_id: str
    fields: list[FieldView] | None = None


class Page(Answer, Generic[Item]):
    """Part of a list, newest first. `next` goes into `after` to read what is earlier; it is None on the last page."""

    items: list[Item] = Field(max_length=LONGEST_PAGE)
    next: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Route:
    """A path with the problems it can answer, beside those that every route can."""

    path: str
    problems: Problems = ()

    def url(self, **ids: UUID) -> str:
        """The path with these ids in it."""
        return self.path.format(**ids)


@dataclass(frozen=True, kw_only=True)
class QueryRoute(Route, Generic[A]):
    """Reads; changes nothing. `paged` takes `limit` (50, at most 100) and `after`; `parameters` may be given several times each.

    With a `body`, which is what she is about to write, it is a POST: no address holds her words.
    """

    status: ClassVar[int] = 200
    answer: type[A]
    paged: bool = False
    parameters: tuple[str, ...] = ()
    body: type[Body] | None = None

    @property
    def method(self) -> Literal["GET", "POST"]:
        return "POST" if self.body else "GET"


@dataclass(frozen=True, kw_only=True)
class CommandRoute(Route):
    """Changes something for the member whose token came along, once for each `Idempotency-Key`. Answers 204, or 201 with the new id."""

    method: Literal["POST", "PUT"] = "POST"
    body: type[Body] | None = None
    creates: bool = False

    @property
    def status(self) -> int:
        return 201 if self.creates else 204


@dataclass(frozen=True, kw_only=True)
class OpenRoute(Route, Generic[A]):
    """A call without a member's token or a command's key, by a service that shows its own: signing in and what belongs to it."""

    method: Literal["GET", "POST"] = "POST"
    body: type[Body] | None = None
    answer: type[A] | None = None
    status: int = 200
    repeatable: bool = False
    """Whether to send it twice is as good as once."""


AnyRoute = QueryRoute[Any] | CommandRoute | OpenRoute[Any]


def routes_of(module: object) -> dict[str, AnyRoute]:
    """Every route of a contract module, by its name there."""
    return {name: value for name, value in vars(module).items() if isinstance(value, (QueryRoute, CommandRoute, OpenRoute))}


def problems_of(route: AnyRoute) -> Problems:
    """Every problem that the route can answer, its own last."""
    members = () if isinstance(route, OpenRoute) else EVERY_MEMBERS_ROUTE
    commands = EVERY_COMMAND if isinstance(route, CommandRoute) else ()
    with_ids = (NotFound,) if "{" in route.path else ()
    return tuple(dict.fromkeys((*EVERY_ROUTE, *members, *commands, *with_ids, *route.problems)))


def texts_of(body: type[Body]) -> dict[str, Words]:
    """The texts a member writes in a body, by field."""
    return {
        name: words
        for name, field in body.model_fields.items()
        for words in [*field.metadata, *_inside(field.annotation)]
        if isinstance(words, Words)
    }


def _inside(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Annotated:
        yield from kind.__metadata__
    for inner in get_args(kind):
        yield from _inside(inner)
