"""Each API serves exactly the routes of its contract, with the contract's bodies and answers; so do the fakes that stand in for it."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args
from uuid import UUID

import pytest
from fastapi import FastAPI, Query

import services
from deploy.documents.openapi import app_of
from services.web.translations import update
from shared.contracts.http.apis import APIS as CONTRACTS
from shared.contracts.http.base import AnyRoute, CommandRoute, OpenRoute, QueryRoute, problems_of, routes_of
from shared.contracts.http.members.signing_in import Audience
from shared.http.routing import PagingOf, serve
from shared.problems import Problem
from tests.web.fake_world import World

SERVICES: tuple[Audience, ...] = get_args(Audience)
WEB = Path(__file__).parents[2] / "services" / "web"


def described(app: FastAPI) -> dict[str, Any]:
    """What callers can tell of an app: by method and path the status, answer, body and query of each route, and what these are made of."""
    document = app.openapi()
    shown: dict[str, Any] = {
        f"{method.upper()} {path}": (
            {status: answer.get("content") for status, answer in operation["responses"].items() if status != "422"},
            operation.get("requestBody"),
            {parameter["name"] for parameter in operation.get("parameters", ()) if parameter["in"] == "query"},
        )
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    return shown | {name: schema for name, schema in document["components"]["schemas"].items() if "ValidationError" not in name}


@cache
def promised(service: Audience) -> dict[str, Any]:
    """What callers can tell of an app that is nothing but the contract."""
    app = FastAPI()
    for module in CONTRACTS[service]:
        for route in routes_of(module).values():
            serve(app.router, route)(_stub(route))
    return described(app)


def _stub(route: AnyRoute) -> Callable[..., Any]:
    def answer(**sent: Any) -> None: ...

    takes: dict[str, Any] = dict.fromkeys(re.findall(r"\{(\w+)\}", route.path), UUID)
    if isinstance(route, QueryRoute):
        takes |= dict.fromkeys(route.parameters, Annotated[list[UUID], Query()]) | ({"paging": PagingOf} if route.paged else {})
    if route.body:
        takes["body"] = route.body
    parameters = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in takes.items()]
    vars(answer)["__signature__"] = inspect.Signature(parameters)
    return answer


def fake(service: Audience) -> FastAPI:
    """Its fake in the tests of the pages."""
    made: FastAPI = importlib.import_module(f"tests.web.fake_{service}").create(World())
    return made


PAGES_ASK = [service for service in SERVICES if service != "notify"]


@pytest.mark.parametrize(("service", "make"), [*((one, app_of) for one in SERVICES), *((one, fake) for one in PAGES_ASK)])
def test_an_app_serves_exactly_its_contract(service: Audience, make: Any) -> None:
    assert described(make(service)) == promised(service)


@pytest.mark.parametrize("service", SERVICES)
def test_openapi_says_what_a_route_needs_and_what_it_may_refuse(service: Audience) -> None:
    document = app_of(service).openapi()
    for module in CONTRACTS[service]:
        for route in routes_of(module).values():
            described_route = document["paths"][route.path][route.method.lower()]
            responses = described_route["responses"]
            codes = {
                code
                for status, response in responses.items()
                for content in response.get("content", {}).values()
                for code in content["schema"].get("properties", {}).get("code", {}).get("enum", ())
            }
            assert codes == {problem.code for problem in problems_of(route)}
            assert set(responses) == {str(route.status), *(str(problem.status) for problem in problems_of(route))}
            assert ("security" in described_route) == (not isinstance(route, OpenRoute))
            needed = {parameter["name"] for parameter in described_route.get("parameters", ()) if parameter["required"]}
            assert ("Idempotency-Key" in needed) == isinstance(route, CommandRoute)


def test_every_problem_of_the_services_has_its_sentence_in_the_translations() -> None:
    for service in SERVICES:
        package = importlib.import_module(f"{services.__name__}.{service}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    known = set(update.sentences())
    unknown = {kind for kind in _kinds(Problem) if kind.__module__.startswith(("services.", "shared."))}
    untold = {kind.code for kind in unknown if kind.sentence not in known}
    assert untold <= {"method_not_allowed", "step_up_needed"}, "add it to the problems of its route"


def _kinds(kind: type[Problem]) -> Iterator[type[Problem]]:
    for inner in kind.__subclasses__():
        yield inner
        yield from _kinds(inner)


def test_every_code_has_one_sentence() -> None:
    problems = {
        problem
        for modules in CONTRACTS.values()
        for module in modules
        for route in routes_of(module).values()
        for problem in route.problems
    }
    codes = [(problem.code, problem.sentence) for problem in problems if problem.code != "invalid"]
    assert len(dict(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z_]+", code) and sentence.endswith(".") for code, sentence in codes)


def test_no_path_of_an_api_stands_as_text_in_the_web() -> None:
    assert [path.name for path in WEB.rglob("*") if path.suffix in {".py", ".html"} and "/v1" in path.read_text()] == []
