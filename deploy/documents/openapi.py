"""services/web/static/openapi.json: the APIs of all services as one OpenAPI document, for whoever builds a front end."""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from fastapi import FastAPI

from deploy.documents.examples import example_of
from shared.contracts.http.apis import APIS
from shared.contracts.http.base import AnyRoute, CommandRoute, OpenRoute, ProblemView, problems_of, routes_of
from shared.contracts.http.members.signing_in import Audience
from shared.http import tokens
from shared.http.problem_rendering import MEDIA_TYPE
from shared.problems import Problem

_ABOUT = """What the web front end itself uses. Each service is at an address of its own, which the operator gives; a path's tag says
which service answers it. Queries read and change nothing. A command takes an `Idempotency-Key`: sent again within 48 hours,
it changes nothing and gets the first answer. Whatever a member may not know of answers 404 `not_found`, whatever the cause.
Problems are RFC 9457: `code` is stable, `detail` is a sentence that a member can read, in English."""
_SECURITY: Mapping[str, Any] = {
    "member": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A member's token for the service, good for 60 seconds: `POST /v1/sessions/tokens` gives it.",
    },
    "web": {"type": "http", "scheme": "bearer", "description": "`WEB_KEY`, by which members knows the web."},
}


@cache
def app_of(service: Audience) -> FastAPI:
    """The service's app, as its process makes it; it isn't started."""
    key = tokens.new_key("test")
    settings = {
        "port": 0,
        "health_port": 0,
        "database_url": "postgresql://nobody@localhost/nothing",
        "token_public_keys": json.dumps(tokens.public_keys(key)),
        "token_signing_key": json.dumps(key),
        "code_key": "k" * 32,
        "web_key": "w" * 32,
        "web_url": "https://madrina.example",
        "requests_url": "http://requests.test",
        "reputation_url": "http://reputation.test",
        "notify_url": "http://notify.test",
    }
    module = importlib.import_module(f"services.{service}.app")
    known = {name: value for name, value in settings.items() if name in module.Settings.model_fields}
    made: FastAPI = module.create(module.Settings.model_validate(known))
    return made


def document() -> dict[str, Any]:
    """The whole document, as JSON has it. Raises ValueError if two services would have one path, or mean two things by one name."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    answering: dict[tuple[str, str], AnyRoute] = {}
    for service in APIS:
        own = deepcopy(app_of(service).openapi())
        for name, schema in own["components"]["schemas"].items():
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"{name} means two things")
        for name, route in (named for module in APIS[service] for named in routes_of(module).items()):
            method = paths.setdefault(route.path, {})
            if (route.method, route.path) in answering:
                # What each service answers for itself; anything else would be a contradiction.
                if answering[route.method, route.path] is not route:
                    raise ValueError(f"two services answer {route.method} {route.path}")
                method[route.method.lower()]["tags"].append(service)
                continue
            answering[route.method, route.path] = route
            operation = method[route.method.lower()] = own["paths"][route.path][route.method.lower()]
            operation |= {"tags": [service], "security": [{"web" if isinstance(route, OpenRoute) else "member": []}]}
            operation |= {"summary": name.replace("_", " ").capitalize(), "description": _said(route, operation.get("description"))}
            operation["responses"] = dict(_responses(route, operation["responses"], schemas))
            for content in operation.get("requestBody", {}).get("content", {}).values():
                content["example"] = example_of(content["schema"], schemas)
    problem = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = {**problem.pop("$defs", {}), "ProblemView": problem, **schemas}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Madrina", "version": "1", "description": " ".join(_ABOUT.split())},
        "tags": [{"name": service} for service in APIS],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": dict(_SECURITY)},
    }


def _said(route: AnyRoute, of_handler: str | None) -> str:
    """What it does, or else what it answers. What it raises stands at its problems."""
    answer = None if isinstance(route, CommandRoute) else route.answer
    of_answer = [kind.__doc__ for kind in (answer, *answer.__pydantic_generic_metadata__["args"])] if answer else []
    for words in filter(None, [of_handler, *of_answer]):
        sentences = re.split(r"(?<=\.)\s+", " ".join(words.partition("\n\n")[0].split()))
        if said := " ".join(sentence for sentence in sentences if not sentence.startswith("Raises ")):
            return said
    return ""


def _responses(route: AnyRoute, known: Mapping[str, Any], schemas: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    by_status: dict[str, list[type[Problem]]] = {}
    for problem in problems_of(route):
        by_status.setdefault(str(problem.status), []).append(problem)
    for status, response in known.items():
        if status in by_status:
            yield status, _problem(by_status[status])
            continue
        for content in response.get("content", {}).values():
            if "schema" in content:
                content["example"] = example_of(content["schema"], schemas)
        yield status, response


def _problem(problems: list[type[Problem]]) -> dict[str, Any]:
    codes = {"type": "object", "properties": {"code": {"enum": [problem.code for problem in problems]}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/ProblemView"}, codes]}
    examples = {problem.code: {"value": _shown(problem)} for problem in problems}
    said = "; ".join(f"`{problem.code}`: {problem.sentence}" for problem in problems)
    return {"description": said, "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}}}


def _shown(problem: type[Problem]) -> dict[str, Any]:
    return {
        "type": f"urn:madrina:problem:{problem.code}",
        "title": problem.code.replace("_", " ").capitalize(),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.sentence,
        "correlation_id": "01a219b4-f2c1-7725-8cba-24f7b2a977dd",
    }


def render() -> str:
    """The document as it is served."""
    return json.dumps(document(), ensure_ascii=False, separators=(",", ":")) + "\n"
