"""Correlation and trace follow a request; logs are lines of JSON in which nothing private stands."""

import asyncio
import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import uuid4

import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import REGISTRY
from pydantic import BaseModel, SecretStr

from shared import clock
from shared.contracts.events.base import BY_TYPE, Private
from shared.contracts.events.members import AddressSet, SignInCodeIssued
from shared.http.follow import Follow
from shared.telemetry import logs as logging_setup
from shared.telemetry.logs import log
from shared.telemetry.redaction import describe, plain, private_names
from shared.telemetry.traces import child_of, correlation_id, following, outgoing_headers, traceparent
from tests.observed import observed
from tests.shared.http import talking_to

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SECRET = "hunter-the-secret"


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    out = io.StringIO()
    logging_setup.configure("tests", "api", "INFO", out)
    yield out
    logging_setup.configure("tests", "api", "ERROR")


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def make_app() -> FastAPI:
    app, routes = FastAPI(), APIRouter(prefix="/v1")

    @routes.get("/things/{thing}")
    async def thing(thing: str) -> dict[str, str]:
        log.info("thing.read", thing=thing)
        return outgoing_headers()

    @routes.post("/things/{thing}/accept")
    @routes.post("/things/{thing}/decline")
    @routes.put("/others/{thing}")
    async def command(thing: str) -> None: ...

    @routes.get("/things/{thing}/decline")
    async def form(thing: str) -> None: ...

    app.include_router(routes)
    app.add_middleware(Follow)
    return app


async def test_a_request_keeps_its_correlation_and_gets_a_child_span(logs: io.StringIO) -> None:
    async with talking_to(make_app()) as client:
        answer = await client.get("/v1/things/a", headers={"X-Correlation-ID": "from-the-page", "traceparent": PARENT})
    assert answer.headers["x-correlation-id"] == "from-the-page"
    child = answer.headers["traceparent"]
    assert child.startswith(PARENT[:36])
    assert child[36:52] != PARENT[36:52]
    assert answer.json() == {"X-Correlation-ID": "from-the-page", "traceparent": child}
    read, answered = lines(logs)
    assert read["event"] == "thing.read"
    assert answered["event"] == "http.answered"
    assert {line["correlation_id"] for line in (read, answered)} == {"from-the-page"}
    assert {line["trace_id"] for line in (read, answered)} == {PARENT[3:35]}
    assert {line["span_id"] for line in (read, answered)} == {child[36:52]}
    assert (answered["service"], answered["role"], answered["level"]) == ("tests", "api", "info")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", answered["at"])
    assert correlation_id.get() == traceparent.get() == ""


@pytest.mark.parametrize(
    "sent", [{}, {"X-Correlation-ID": "short"}, {"X-Correlation-ID": "a b c d e f g\x0b"}, {"X-Correlation-ID": "a" * 65}]
)
async def test_a_missing_or_strange_correlation_is_made_anew(sent: dict[str, str]) -> None:
    async with talking_to(make_app()) as client:
        first = await client.get("/v1/things/a", headers=sent)
        second = await client.get("/v1/things/a", headers=sent)
    assert re.fullmatch(r"[0-9a-f-]{36}", first.headers["x-correlation-id"])
    assert first.headers["x-correlation-id"] != second.headers["x-correlation-id"]


@pytest.mark.parametrize("parent", ["", "x", PARENT + "-x", PARENT.upper(), "00-" + "0" * 32 + PARENT[35:], "ff" + PARENT[2:]])
def test_a_malformed_trace_begins_a_new_one(parent: str) -> None:
    child = child_of(parent)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", child)
    assert child[3:35] != PARENT[3:35]


def test_an_event_being_handled_is_followed_like_a_request() -> None:
    with following("from-the-page", PARENT):
        assert correlation_id.get() == "from-the-page"
        with following("another-wish", traceparent.get()):
            assert traceparent.get()[3:35] == PARENT[3:35]
        assert correlation_id.get() == "from-the-page"
    assert outgoing_headers() == {}


async def test_requests_are_counted_by_the_routes_template() -> None:
    labels = {"kind": "read", "route": "/v1/things/{thing}", "status": "200"}
    before = REGISTRY.get_sample_value("madrina_http_requests_total", labels) or 0
    async with talking_to(make_app()) as client:
        for name in ("a", "b"):
            await client.get(f"/v1/things/{name}")
        await client.get(f"/{SECRET}")
    assert REGISTRY.get_sample_value("madrina_http_requests_total", labels) == before + 2
    names = [sample.labels.get("route", "") for metric in REGISTRY.collect() for sample in metric.samples]
    assert not any(SECRET in name for name in names)
    assert "unmatched" in names


async def test_no_command_about_one_thing_can_be_told_from_another() -> None:
    async with talking_to(make_app()) as client:
        found = []
        for method, path in (("POST", "/v1/things/a/accept"), ("POST", "/v1/things/a/decline"), ("PUT", "/v1/others/a")):
            with observed() as seen:
                assert (await client.request(method, path)).status_code == 200
            found.append(seen)
        with observed() as looked:
            await client.get("/v1/things/a")
        with observed() as asked:
            await client.get("/v1/things/a/decline")
    assert found[0] == found[1] == found[2]
    assert looked.numbers == asked.numbers, "a form that is opened tells what she thinks of doing"
    assert looked.numbers != found[0].numbers


def test_an_event_passed_by_mistake_shows_nothing_private(logs: io.StringIO) -> None:
    event = SignInCodeIssued(
        aggregate_id=uuid4(),
        aggregate_version=1,
        occurred_at=clock.now(),
        address=SECRET,
        code=SECRET,
        language="en",
        expires_at=clock.now(),
    )
    log.info("code.issued", issued=event, several=[event], inside={"it": event})
    assert SECRET not in logs.getvalue()
    (line,) = lines(logs)
    assert line["issued"]["code"] == line["inside"]["it"]["address"] == "[private]"
    assert line["issued"]["aggregate_id"] == str(event.aggregate_id)


def test_a_value_under_a_name_marked_private_anywhere_is_hidden(logs: io.StringIO) -> None:
    assert {"address", "code", "why_now", "words_for", "thank_yous"} <= private_names()
    for name in private_names():
        log.info("something.happened", **{name: SECRET}, inside=[{name: {"a": SECRET}}])
    assert SECRET not in logs.getvalue()


def test_models_and_strange_objects_show_no_private_value(logs: io.StringIO) -> None:
    class Note(BaseModel):
        text: Annotated[str, Private]
        number: int

    class Strange:
        def __repr__(self) -> str:
            return SECRET

    log.info("a.happened", note=Note(text=SECRET, number=1), strange=Strange(), secret=SecretStr(SECRET), raw=SECRET.encode())
    (line,) = lines(logs)
    assert line["note"] == {"text": "[private]", "number": 1}
    assert line["strange"] == "[Strange]"
    assert SECRET not in logs.getvalue()


def test_an_exceptions_message_isnt_logged_by_us_or_a_library(logs: io.StringIO) -> None:
    try:
        try:
            AddressSet.model_validate({"address": [SECRET]})
        except ValueError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError as error:
        log.error("work.failed", exc_info=error, why=error)
        log.exception("work.failed")
        logging.getLogger("asyncio").error("Task exception was never retrieved", exc_info=error)
    assert SECRET not in logs.getvalue()
    for line in lines(logs):
        assert line["trace"][0] == "RuntimeError"
        assert any("ValidationError" in entry for entry in line["trace"])
    assert lines(logs)[0]["why"] == "RuntimeError"


async def test_a_task_whose_failure_nobody_awaits_shows_no_values(logs: io.StringIO) -> None:
    async def failing() -> None:
        raise RuntimeError(SECRET)

    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    loop.default_exception_handler({"message": "Task exception was never retrieved", "exception": task.exception(), "future": task})
    (line,) = lines(logs)
    assert line["event"] == "Task exception was never retrieved"
    assert line["trace"][0] == "RuntimeError"
    assert SECRET not in logs.getvalue()


def test_libraries_log_in_the_same_shape_and_only_warnings(logs: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").info("Started")
    logging.getLogger("nats").warning("lost")
    (line,) = lines(logs)
    assert (line["event"], line["level"], line["service"]) == ("lost", "warning", "tests")


def test_no_value_makes_a_line_of_its_own(logs: io.StringIO) -> None:
    log.info("thing.read", thing='x\n{"event": "forged"}\r\n')
    assert [line["event"] for line in lines(logs)] == ["thing.read"]
    assert logs.getvalue().count("\n") == 1


def test_long_text_is_cut_and_errors_are_described_by_type() -> None:
    assert len(plain("a" * 10_000)) < 600
    assert describe(ConnectionRefusedError(111, SECRET)) == "ConnectionRefusedError 111"


def test_every_private_field_of_every_contract_is_known_to_the_logs() -> None:
    marked = {name for event in BY_TYPE.values() for name, field in event.model_fields.items() if Private in field.metadata}
    assert marked
    assert marked == private_names()
