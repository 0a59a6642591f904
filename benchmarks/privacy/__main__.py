"""`python -m benchmarks.privacy [calls]`: the requests api on a PostgreSQL of its own, called in its own process, so that no network blurs
what a clock could tell. Calls about women of every kind come in random order.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from benchmarks.privacy.community import CLOSED, EACH, GONE, Community
from benchmarks.privacy.guessing import accuracy, medians
from deploy.local import databases, folders
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer, url
from services.requests.app import create
from shared.http import tokens
from shared.postgres.migrate import migrate
from shared.postgres.rights import owner_of
from shared.process.settings import ApiSettings
from shared.telemetry import logs

CALLS = 1800
TOGETHER = 9
AIM = 0.55
WORDS = "She keeps the tide tables of the whole estuary, and I am to draw the new ones."
Call = tuple[str, str, Any]
Times = dict[str, dict[str, list[float]]]
"""Seconds, by call and kind."""


def calls(her: UUID, friend: UUID) -> Mapping[str, Call]:
    """What a reader can try with a woman, by name."""
    words = {str(her): WORDS, str(friend): WORDS}
    asking = {"how_met": "event", "where_we_met": "At the open day of the museum", "why_now": WORDS, "closeness": "met"}
    return {
        "her page": ("GET", f"/v1/members/{her}", None),
        "connection": ("GET", f"/v1/connections/{her}", None),
        "ask to connect": ("POST", "/v1/connection-requests", {"recipient_id": str(her), **asking}),
        "ask for her": ("POST", "/v1/introductions/asks", {"voucher_id": str(friend), "counterpart_id": str(her), "why_her": WORDS}),
        "propose her": ("POST", "/v1/introductions/proposals", {"side_ids": [str(friend), str(her)], "words_for": words}),
    }


GROUPS = ((GONE, tuple(calls(uuid4(), uuid4()))), (CLOSED, ("ask for her",)))
"""Which kinds have to look alike in which calls, the first two kinds being the same."""


async def measure(app: FastAPI, community: Community, count: int) -> tuple[Times, dict[str, set[str]]]:
    """How long each answer took, `count` of each kind and call, and the answers there were."""
    signer = tokens.TokenSigner(KEY)
    times: Times = {}
    answers: dict[str, set[str]] = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://requests") as http:
        for kinds, names in GROUPS:
            for name in names:
                # In rounds: each is about one woman of each kind, TOGETHER times, in an order of its own.
                for round_ in range(-1, count // TOGETHER):
                    order = [kind for kind in kinds for _ in range(TOGETHER)]
                    random.shuffle(order)
                    token, _ = signer.issue(community.reader, "requests")
                    for kind in order:
                        her = community.women[kind][round_ % EACH]
                        method, path, body = calls(her, community.friend)[name]
                        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4()), "X-Correlation-ID": "bench-privacy"}
                        began = time.perf_counter()
                        answer = await http.request(method, path, json=body, headers=headers)
                        taken = time.perf_counter() - began
                        answers.setdefault(f"{name} {kinds[0]}", set()).add(f"{answer.status_code} {answer.text}")
                        if round_ >= 0:
                            times.setdefault(name, {}).setdefault(kind, []).append(taken)
    return times, answers


KEY = tokens.new_key("bench")


async def main(count: int) -> int:
    """Print how well the time of an answer gives each kind away. Answers 1 if they differ in anything else."""
    logs.configure("bench", "api", "ERROR")
    data = Path(tempfile.mkdtemp(prefix="madrina privacy "))
    server = PostgresServer(data / "postgres", free_port(), "secret", data / "postgres.log", system_parent=folders.ON_DISK, durable=False)
    try:
        await server.start()
        owner = owner_of("requests")
        await databases.create_all(server.admin_url, {"requests": "secret", owner: "secret"}, ["requests"])
        address = url(server.port, owner, "secret", "requests")
        await migrate(address, "requests")
        keys = json.dumps(tokens.public_keys(KEY))
        app = create(
            ApiSettings.model_validate(
                {"port": 0, "health_port": 0, "database_url": address, "database_pool_size": 4, "token_public_keys": keys}
            )
        )
        async with app.router.lifespan_context(app):
            community = Community(app.state.pool)
            await community.settle()
            times, answers = await measure(app, community, count)
    finally:
        await server.stop()
        folders.remove(data / "postgres")
    report(times, answers, count)
    return int(any(len(said) > 1 for said in answers.values()))


def report(times: Times, answers: Mapping[str, set[str]], count: int) -> None:
    """The table."""
    write = sys.stdout.write
    write(f"\n{count} calls of each kind; right guesses of 100, by one call and by {TOGETHER} (aim: at most {AIM:.0%} by one)\n\n")
    write(f"{'call':18}{'kind':22}{'median, ms':>12}{'one call':>10}{f'{TOGETHER} calls':>10}\n")
    for kinds, names in GROUPS:
        for name in names:
            first, *others = kinds
            for kind in others:
                one, other = times[name][first], times[name][kind]
                by_one, by_many = accuracy(one, other), accuracy(medians(one, TOGETHER), medians(other, TOGETHER))
                mark = "  (the same: a bare reference)" if kind == f"{first} too" else "  MISSED" if by_one > AIM else ""
                write(f"{name:18}{kind:22}{sorted(other)[len(other) // 2] * 1000:>12.2f}{by_one:>10.1%}{by_many:>10.1%}{mark}\n")
    for call, said in answers.items():
        if len(said) > 1:
            write(f"ANSWERS DIFFER: {call}: {sorted(said)[:3]}\n")


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS)))
