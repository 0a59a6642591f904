"""The services over their databases, sent what nobody should send, in each text of each body: none of it is a fault of ours."""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from shared.contracts.http.base import problems_of
from tests.contracts.text_fields import ALL, ENDLESS, HOSTILE, TextField
from tests.matrix.calls import bodies, filled
from tests.matrix.scene import Scene
from tests.matrix.site import Site
from tests.matrix.test_matrix import STAFF, token

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

WRONG_JSON = ("[" * 20_000, '{"a":' * 20_000, "9" * 6000, '"\\ud800"', "NaN", "1e999", "\0", "")


def hostile(field: TextField, right: Any) -> Iterator[str]:
    fitting = field.read(right)
    for text in (*(f"{fitting}{bad}{fitting[:40]}" for bad in HOSTILE.values()), *ENDLESS.values()):
        yield json.dumps(field.put(right, text))


async def send(site: Site, scene: Scene, field: TextField, bodies: Iterable[str]) -> AsyncIterator[tuple[str, httpx.Response]]:
    route, url = field.route, filled(field.route.path, scene, field.route.path)
    asker = scene.askers["moderator" if "{case_id}" in url or "/steward/" in url else "member"]
    headers = {"Authorization": f"Bearer {await token(site, field.service, asker, route.path, STAFF)}", "Content-Type": "application/json"}
    async with site.taken_back():
        for body in bodies:
            keyed = {**headers, "Idempotency-Key": str(uuid4())}
            yield body, await site.clients[field.service].request(route.method, url, content=body, headers=keyed)


async def test_no_text_is_a_fault_of_ours(site: Site, scene: Scene) -> None:
    wrong, kept, known = [], 0, bodies(scene)
    for field in ALL:
        right = dict(known[field.route.method, field.route.path])
        right |= {first: field.example[first] for first in field.where[:1] if first not in right}
        told = {field.route.status, *(problem.status for problem in problems_of(field.route) if problem.status < 500)}
        async for body, answer in send(site, scene, field, (*hostile(field, right), *WRONG_JSON)):
            kept += answer.status_code == field.route.status
            if answer.status_code not in told:
                wrong.append(f"{field}: {answer.status_code} {answer.text[:80]} for {body[:160]}")
    assert not wrong, "\n".join(wrong)
    assert kept > len(ALL)  # they come as far as the databases
