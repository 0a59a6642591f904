"""An api that is told to stop says so first, goes on answering for a moment, and cuts nobody off."""

import asyncio
import os
import signal

import httpx
import pytest
from fastapi import FastAPI

from deploy.local.ports import free_ports
from shared.process import start
from shared.process.settings import HttpSettings


@pytest.fixture
def app() -> FastAPI:
    """It answers `/` at once and `/slow` in a second, and needs nothing."""
    made = FastAPI()
    made.state.checks = {}

    @made.get("/")
    async def at_once() -> str:
        return "answered"

    @made.get("/slow")
    async def slow() -> str:
        await asyncio.sleep(1)
        return "answered"

    return made


async def test_it_is_not_ready_before_it_stops_and_every_answer_is_the_last_of_its_connection(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "DRAIN_SECONDS", 3)
    port, health_port = free_ports(2)
    public, ready = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{health_port}/readyz"
    serving = asyncio.create_task(start.serve(app, HttpSettings.model_validate({"port": port, "health_port": health_port})))
    async with httpx.AsyncClient(trust_env=False, timeout=20) as kept:
        await until(kept, ready, 200)
        assert "connection" not in (await kept.get(public)).headers
        slow = asyncio.create_task(kept.get(f"{public}/slow"))
        await asyncio.sleep(0.2)
        os.kill(os.getpid(), signal.SIGTERM)
        stopping = await until(kept, ready, 503)
        assert stopping.json()["missing"] == {"http": "stopping"}
        async with httpx.AsyncClient(trust_env=False) as new:
            for client in (kept, new):
                answer = await client.get(public)
                assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        assert (await slow).status_code == 200
    await asyncio.wait_for(serving, 15)


async def test_what_has_begun_is_answered_however_long_the_moment_is(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "DRAIN_SECONDS", 0)
    port, health_port = free_ports(2)
    serving = asyncio.create_task(start.serve(app, HttpSettings.model_validate({"port": port, "health_port": health_port})))
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        await until(client, f"http://127.0.0.1:{health_port}/readyz", 200)
        slow = asyncio.create_task(client.get(f"http://127.0.0.1:{port}/slow"))
        await asyncio.sleep(0.2)
        os.kill(os.getpid(), signal.SIGTERM)
        assert (await slow).status_code == 200
    await asyncio.wait_for(serving, 15)


async def until(client: httpx.AsyncClient, url: str, status: int) -> httpx.Response:
    async with asyncio.timeout(15):
        while True:
            try:
                answer = await client.get(url)
                if answer.status_code == status:
                    return answer
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.02)
