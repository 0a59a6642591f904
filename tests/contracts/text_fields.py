"""Every text in every body of the HTTP contracts, found in the models themselves, and what nobody should send in one."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from deploy.documents import openapi
from shared.contracts.http.apis import APIS
from shared.contracts.http.base import AnyRoute, routes_of
from shared.contracts.http.members.signing_in import Audience
from shared.text import Words

HOSTILE: Mapping[str, str] = {
    "NUL": "\0",
    "control": "\x1b[31m",
    "override": "\u202egnp.exe",
    "isolate": "\u2066x",
    "surrogate": "\ud800",
    "noncharacter": "\uffff",
    "replacement": "\ufffd",
    "zero width": "\u200b",
    "joiner": "a\u200db",
    "decomposed": "e\u0301",
    "marks": "a" + "\u0301" * 40,
    "line": "\u2028",
    "beyond": "\U0010fffd",
    "quotes": "'\";--%s{x}<b>@",
}
"""What is put into a text that would be right."""
ENDLESS: Mapping[str, str] = {"long": "a " * 200_000, "empty": "", "blank": "\u3164" * 50, "deep": "[" * 5000}
"""What is sent in its place."""

Step = str | int
PATHS = openapi.document()["paths"]


@dataclass(frozen=True)
class TextField:
    """A text in the body of a route: where it stands, and the rule it carries; None if it is no member's words."""

    service: Audience
    route: AnyRoute
    where: tuple[Step, ...]
    words: Words | None

    def __str__(self) -> str:
        return f"{self.route.method} {self.route.path} {'.'.join(map(str, self.where))}"

    @property
    def example(self) -> Any:
        """The document's own example of the body."""
        return PATHS[self.route.path][self.route.method.lower()]["requestBody"]["content"]["application/json"]["example"]

    def read(self, body: Any) -> Any:
        """What stands there in that body."""
        for step in self.where:
            body = _at(body, step)
        return body

    def put(self, body: Any, text: str) -> Any:
        """The body with that text there."""
        changed = inner = deepcopy(body)
        for step in self.where[:-1]:
            inner = _at(inner, step)
        inner[_step(inner, self.where[-1])] = text
        return changed


def _step(inner: Any, step: Step) -> Any:
    # Of a mapping whose keys are ids its first is meant.
    return next(iter(inner)) if step == "*" else step


def _at(inner: Any, step: Step) -> Any:
    return inner[_step(inner, step)]


def _texts(kind: Any, marks: Sequence[Any], where: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Words | None]]:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *own = get_args(kind)
        yield from _texts(inner, (*marks, *own), where)
    elif origin in (Union, UnionType):
        for choice in get_args(kind):
            yield from _texts(choice, marks, where)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            yield from _texts(field.annotation, field.metadata, (*where, name))
    elif kind is str:
        yield where, next((mark for mark in marks if isinstance(mark, Words)), None)
    elif origin is dict:
        yield from _texts(get_args(kind)[1], (), (*where, "*"))
    elif origin in (list, tuple, set, frozenset):
        yield from _texts(get_args(kind)[0], (), (*where, 0))


ALL: Sequence[TextField] = [
    TextField(service, route, where, words)
    for service, modules in APIS.items()
    for module in modules
    for route in routes_of(module).values()
    if route.body
    for where, words in _texts(route.body, (), ())
]
