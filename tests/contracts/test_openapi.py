"""The one OpenAPI document of all services: whole, without contradictions, and each example is what it is an example of."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from deploy.documents import openapi
from deploy.documents.examples import WORDS, example_of
from shared.contracts.http.apis import MODULES
from shared.contracts.http.base import AnyRoute, routes_of
from tests.shared.http import talking_to
from tests.web.conftest import pages_over
from tests.web.fakes import Fakes

DOCUMENT = openapi.document()
ROUTES = [route for module in MODULES for route in routes_of(module).values()]


OF_OTHER_KINDS: tuple[Any, ...] = ({}, [], {"a": 1}, [{}], 0, 1.5, False, True, 10**30, "")


def operation(route: AnyRoute) -> Any:
    return DOCUMENT["paths"][route.path][route.method.lower()]


def contents(route: AnyRoute) -> Iterator[tuple[str, Any]]:
    """Everything that is sent or answered, each with its schema and its examples."""
    for name, part in {"body": operation(route).get("requestBody", {}), **operation(route)["responses"]}.items():
        for content in part.get("content", {}).values():
            yield name, content


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_part_has_examples_that_fit(route: AnyRoute) -> None:
    for name, content in contents(route):
        if content.get("schema"):
            examples = [content["example"]] if "example" in content else [one["value"] for one in content["examples"].values()]
            assert examples, name
            for example in examples:
                jsonschema.Draft202012Validator({**content["schema"], "components": DOCUMENT["components"]}).validate(example)
    if route.body:
        route.body.model_validate(operation(route)["requestBody"]["content"]["application/json"]["example"])
    assert operation(route)["tags"]
    assert operation(route)["security"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_operation_is_described_in_a_readers_words(route: AnyRoute) -> None:
    said = operation(route)["description"]
    assert said.endswith(".")
    assert "Raises" not in said
    # By which path she came in is told to nobody.
    assert "branch" not in said.lower()


@pytest.mark.parametrize("route", [route for route in ROUTES if route.body], ids=lambda route: f"{route.method} {route.path}")
def test_nothing_else_is_taken_for_what_a_field_is(route: AnyRoute) -> None:
    content = operation(route)["requestBody"]["content"]["application/json"]
    document = jsonschema.Draft202012Validator({**content["schema"], "components": DOCUMENT["components"]})
    for name in content["example"]:
        for wrong in OF_OTHER_KINDS:
            body = {**content["example"], name: wrong}
            if not document.is_valid(body):
                with pytest.raises(ValidationError):
                    route.body.model_validate(body)  # type: ignore[union-attr]


def test_a_wrong_example_is_found() -> None:
    schemas = {"A": {"type": "object", "properties": {"b": {"type": "string", "minLength": 2 * len(WORDS) + 1}}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schemas["A"]).validate(example_of(schemas["A"], schemas))


async def test_it_is_served_at_one_address() -> None:
    async with talking_to(pages_over(Fakes())) as client:
        answer = await client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == json.loads(openapi.render())
