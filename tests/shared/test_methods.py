"""Every API answers HEAD as GET without the body, and says with a 405 what its address takes."""

import json

import httpx
import pytest
from fastapi import APIRouter

from shared.http import tokens
from shared.process.api import create_app
from shared.process.settings import ApiSettings

SETTINGS = {"port": 0, "health_port": 0, "database_url": "postgresql://none.test/none"}
router = APIRouter()


@router.get("/v1/things/{thing_id}")
async def read(thing_id: int) -> dict[str, int]:
    return {"id": thing_id}


@router.put("/v1/things/{thing_id}")
async def write(thing_id: int) -> None:
    """Nothing."""


@router.post("/v1/things")
async def make() -> None:
    """Nothing."""


ASKED = [
    ("HEAD", "/v1/things/1", 200, None),
    ("HEAD", "/v1/things/none", 422, None),
    ("HEAD", "/v1/nothing", 404, None),
    ("HEAD", "/v1/things", 405, "POST"),
    ("DELETE", "/v1/things/1", 405, "GET, HEAD, PUT"),
    ("GET", "/v1/things", 405, "POST"),
    ("TRACE", "/v1/things/1", 405, "GET, HEAD, PUT"),
]


@pytest.mark.parametrize(("method", "path", "status", "allow"), ASKED)
async def test_methods(method: str, path: str, status: int, allow: str | None) -> None:
    keys = json.dumps(tokens.public_keys(tokens.new_key("one")))
    app = create_app("things", ApiSettings.model_validate({**SETTINGS, "token_public_keys": keys}), [router])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://things.test") as client:
        answer = await client.request(method, path)
        assert (answer.status_code, answer.headers.get("allow")) == (status, allow)
        assert bool(answer.content) is (method != "HEAD")
        if method == "HEAD":
            assert answer.headers["content-length"] == (await client.get(path)).headers["content-length"]
