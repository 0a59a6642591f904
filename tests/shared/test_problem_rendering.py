"""Every error is a problem: a stable code, a sentence, and nothing of what was sent or stored."""

import io
import json
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from shared.http import problem_rendering
from shared.http.body_limit import BodyLimit
from shared.http.follow import Follow
from shared.postgres.database import UNAVAILABLE
from shared.problems import NotFound, NotSignedIn, Problem, Unavailable
from shared.telemetry import logs as logging_setup
from shared.text import Words
from tests.shared.http import talking_to

SECRET = "hunter-the-secret"


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")
    why: Annotated[str, Words(40, 1000)]
    name: Annotated[str, Words(1, 80, one_line=True)]
    how: Literal["work", "study"]
    words_for: dict[UUID, Annotated[str, Words(5, 10)]]
    tags: Annotated[list[int], "numbers"] = []


class TooMany(Problem, code="too_many_open_vouches", sentence="You hold five open vouches already."):
    """Like any of a service."""


def make_app() -> FastAPI:
    app = FastAPI()

    @app.post("/forms/{form_id}")
    async def form(form_id: UUID, form: Form) -> dict[str, str]:
        return {}

    @app.get("/raise/{what}")
    async def fail(what: str) -> None:
        raise {
            "domain": TooMany(),
            "rest": Unavailable(),
            "token": NotSignedIn(),
            "absent": NotFound(),
            "refused": ConnectionRefusedError(SECRET),
            "shutdown": asyncpg.AdminShutdownError(SECRET),
            "bug": RuntimeError(SECRET),
            "database": asyncpg.UniqueViolationError(SECRET),
        }[what]

    app.add_middleware(BodyLimit, largest=4096)
    problem_rendering.install(app, UNAVAILABLE)
    app.add_middleware(Follow)
    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with talking_to(make_app()) as one:
        yield one


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    out = io.StringIO()
    logging_setup.configure("tests", "api", "INFO", out)
    yield out
    logging_setup.configure("tests", "api", "ERROR")


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"urn:madrina:problem:{code}"
    assert (body["status"], body["code"]) == (status, code)
    assert body["correlation_id"] == answer.headers["x-correlation-id"]
    assert body["title"]
    assert body["detail"].endswith(".")
    assert SECRET not in answer.text
    return body


async def test_a_domain_error_is_its_own_problem(client: httpx.AsyncClient) -> None:
    body = problem(await client.get("/raise/domain"), 409, "too_many_open_vouches")
    assert body["detail"] == "You hold five open vouches already."
    assert "fields" not in body


async def test_the_common_problems(client: httpx.AsyncClient) -> None:
    problem(await client.get("/raise/absent"), 404, "not_found")
    answer = await client.get("/raise/token")
    problem(answer, 401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"
    answer = await client.get("/raise/rest")
    problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "5"


async def test_an_unknown_address_and_method_are_problems_too(client: httpx.AsyncClient) -> None:
    problem(await client.get(f"/{SECRET}"), 404, "not_found")
    problem(await client.delete("/raise/domain"), 405, "method_not_allowed")


@pytest.mark.parametrize("what", ["refused", "shutdown"])
async def test_a_database_that_is_down_says_when_to_come_again(client: httpx.AsyncClient, logs: io.StringIO, what: str) -> None:
    answer = await client.get(f"/raise/{what}")
    problem(answer, 503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert "database.missed" in logs.getvalue()
    assert SECRET not in logs.getvalue()


@pytest.mark.parametrize("what", ["bug", "database"])
async def test_a_fault_of_ours_is_answered_and_logged_without_its_message(client: httpx.AsyncClient, logs: io.StringIO, what: str) -> None:
    body = problem(await client.get(f"/raise/{what}"), 500, "unexpected")
    line = next(entry for entry in map(json.loads, logs.getvalue().splitlines()) if entry["event"] == "request.failed")
    assert line["correlation_id"] == body["correlation_id"]
    assert line["route"] == "/raise/{what}"
    assert any("test_problem_rendering.py" in place and place.endswith(" fail") for place in line["trace"])
    assert SECRET not in logs.getvalue()


async def test_wrong_fields_are_named_with_a_sentence_each_and_no_value(client: httpx.AsyncClient) -> None:
    side = str(uuid4())
    sent = {
        "why": SECRET,
        "name": f"a\0{SECRET}",
        "how": SECRET,
        "words_for": {side: f"{SECRET}", SECRET + " <b>": "hello"},
        "tags": [1, SECRET],
        "extra": SECRET,
    }
    body = problem(await client.post(f"/forms/{uuid4()}", json=sent), 422, "invalid")
    found = {field["field"]: field["code"] for field in body["fields"]}
    assert found == {
        "why": "too_short",
        "name": "control_character",
        "how": "not_a_choice",
        f"words_for.{side}": "too_long",
        "words_for": "wrong",
        "tags.1": "wrong",
        "extra": "unknown_field",
    }
    assert all(field["detail"].endswith(".") for field in body["fields"])
    assert next(field["detail"] for field in body["fields"] if field["field"] == "why") == "Please write at least 40 characters."


async def test_missing_fields_and_broken_bodies(client: httpx.AsyncClient) -> None:
    body = problem(await client.post(f"/forms/{uuid4()}", json={}), 422, "invalid")
    assert {(field["field"], field["code"]) for field in body["fields"]} == {
        (name, "missing") for name in ("why", "name", "how", "words_for")
    }
    headers = {"content-type": "application/json"}
    problem(await client.post(f"/forms/{uuid4()}", content=b'{"why": ', headers=headers), 422, "invalid")
    problem(await client.post(f"/forms/{uuid4()}", content=b'"\xff"', headers=headers), 422, "invalid")
    body = problem(await client.post("/forms/7", json={}), 422, "invalid")
    assert ("form_id", "wrong") in {(field["field"], field["code"]) for field in body["fields"]}


async def test_a_body_that_is_too_large_is_refused(client: httpx.AsyncClient) -> None:
    problem(await client.post(f"/forms/{uuid4()}", json={"why": "a" * 5000}), 413, "too_large")

    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"why": "'
        for _ in range(50):
            yield b"a" * 100
        yield b'"}'

    problem(await client.post(f"/forms/{uuid4()}", content=pieces(), headers={"content-type": "application/json"}), 413, "too_large")
