"""A process says whether it lives, and what it is missing to work."""

import asyncio
import time

import pytest

from shared.http import health
from shared.readiness import NotReady
from tests.shared.http import talking_to


async def good() -> None: ...


async def behind() -> None:
    raise NotReady("not migrated: members")


async def broken() -> None:
    raise ConnectionRefusedError(111, "postgresql://user:hunter@db")


async def hanging() -> None:
    await asyncio.sleep(60)


async def test_ready_where_every_check_is() -> None:
    async with talking_to(health.create({"database": good})) as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "missing": {}})


async def test_not_ready_names_what_is_missing_and_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.2)
    async with talking_to(health.create({"database": broken, "schema": behind, "broker": hanging, "cache": good})) as client:
        began = time.monotonic()
        answer = await client.get("/readyz")
    assert time.monotonic() - began < 2
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "missing": {"database": "ConnectionRefusedError 111", "schema": "not migrated: members", "broker": "no answer within 0.2 s"},
    }
    assert "hunter" not in answer.text


async def test_alive_needs_nothing_but_its_own_loop() -> None:
    async with talking_to(health.create({"database": broken, "broker": hanging})) as client:
        assert (await client.get("/healthz")).status_code == 200


async def test_metrics_are_there() -> None:
    async with talking_to(health.create({})) as client:
        answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert "madrina_http_requests" in answer.text or "python_info" in answer.text
