"""Everything a contract carries has an upper length, so that nobody who may publish or call can fill a table, a page or a letter."""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import pytest
from annotated_types import Le, Lt, MaxLen
from pydantic import AwareDatetime, BaseModel, IPvAnyAddress

from shared.contracts.events import base
from shared.contracts.http.apis import MODULES
from shared.contracts.http.base import AnyRoute, routes_of
from shared.text import Words

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
OF_THEMSELVES = (UUID, date, datetime, AwareDatetime, IPvAnyAddress, bool, float, Enum, NoneType)
"""Types whose values can't be long."""


def parts_of(route: AnyRoute) -> list[type[BaseModel]]:
    return [part for part in (getattr(route, "body", None), getattr(route, "answer", None)) if part is not None]


HTTP = {part for module in MODULES for route in routes_of(module).values() for part in parts_of(route)}
MODELS: list[type[BaseModel]] = sorted({*base.BY_TYPE.values(), *HTTP}, key=lambda model: model.__name__)


def unbounded(kind: Any, marks: Sequence[Any] = ()) -> Iterator[str]:
    """What has no end in a type that carries these marks."""
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *own = get_args(kind)
        yield from unbounded(inner, [*marks, *own, *(mark for one in own for mark in getattr(one, "metadata", ()))])
    elif origin in (Union, UnionType):
        for choice in get_args(kind):
            yield from unbounded(choice, marks)
    elif origin is Literal or (isinstance(kind, type) and issubclass(kind, OF_THEMSELVES)):
        return
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from unbounded_fields(kind)
    elif isinstance(kind, type) and issubclass(kind, int):
        yield from [] if any(isinstance(mark, Le | Lt) for mark in marks) else ["int"]
    elif isinstance(origin or kind, type) and issubclass(origin or kind, Sequence | Mapping | Set):  # text and bytes are sequences
        fixed = origin is tuple and Ellipsis not in get_args(kind)
        if not fixed and not any(isinstance(mark, MaxLen | Words) for mark in marks):
            yield getattr(kind, "__name__", str(kind))
        for each in get_args(kind):
            yield from unbounded(each) if each is not Ellipsis else ()
    else:
        yield f"unknown: {kind}"


def unbounded_fields(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        for found in unbounded(field.annotation, field.metadata):
            yield f"{model.__name__}.{name}: {found}"


HERS = {"PartView", "DocumentView"}
"""What a service gives a member of hers is as long as what it keeps of her; each part of that has an end where it came in."""


@pytest.mark.parametrize("model", [model for model in MODELS if model.__name__ not in HERS], ids=lambda model: model.__name__)
def test_nothing_in_a_contract_is_without_end(model: type[BaseModel]) -> None:
    assert list(unbounded_fields(model)) == []


def longer(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The event with each of its texts, in turn, far too long; and with a version that none could follow."""
    yield "aggregateversion", {**body, "aggregateversion": 2**31}
    for name in ("correlationid", "traceparent"):
        yield name, {**body, name: "x" * 1000}
    for name, value in body["data"].items():
        match value:
            case str():
                yield name, {**body, "data": {**body["data"], name: "x" * 900_000}}
            case dict():
                yield name, {**body, "data": {**body["data"], name: dict.fromkeys(value, "x" * 900_000)}}
                yield name, {**body, "data": {**body["data"], name: {str(UUID(int=n)): next(iter(value.values()), "x") for n in range(9)}}}


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_a_consumer_gives_up_what_is_over_its_bounds(file: Path) -> None:
    for name, body in longer(json.loads(file.read_text(encoding="utf-8"))):
        with pytest.raises(base.UnreadableEvent) as caught:
            base.parse(json.dumps(body).encode())
        assert caught.value.reason == "malformed", name
        assert "xxx" not in str(caught.value)
