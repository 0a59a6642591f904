"""The reads that pages make, by the requests service's api over its database: how long they take, and by which plans."""

import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import UUID

import asyncpg
import httpx

from benchmarks.figures import Quantiles, quantiles
from benchmarks.graph.town import NOW, Town
from services.requests.app import create
from shared import clock
from shared.http import tokens
from shared.postgres.database import Connection, Pool
from shared.process.settings import ApiSettings

READS = {
    "home": "/v1/todo",
    "my people": "/v1/connections",
    "member page": "/v1/members/{other}",
    "paths": "/v1/members/{other}/paths",
    "suggestions": "/v1/suggestions",
}
_PLANNED = ("select", "(", "with", "insert", "update", "delete")


@dataclass
class Reader:
    """The api as a member calls it, on one connection."""

    http: httpx.AsyncClient
    pool: Pool
    signer: tokens.TokenSigner
    town: Town

    def id(self, place: int) -> UUID:
        return UUID(self.town.ids[place])

    async def call(self, method: str, path: str, me: UUID) -> Any:
        """One call, and what it answers. Raises RuntimeError if it isn't answered as it should be."""
        token, _ = self.signer.issue(me, "requests")
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{random.getrandbits(128):032x}"}
        answer = await self.http.request(method, path, headers=headers)
        if not answer.is_success:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    async def pairs(self, places: Sequence[int]) -> list[tuple[UUID, UUID]]:
        """Each with a woman whom one of her connections knows, and who exists for her, looked up."""
        found = []
        for place in places:
            me = self.id(place)
            other = await self.pool.fetchval(
                "select far.other_id from (select other_id from connections where member_id = $1 order by since limit 5) as near"
                " join connections as far on far.member_id = near.other_id where far.other_id <> $1 and not exists (select from blocks"
                " where (blocker_id, blocked_id) in (($1, far.other_id), (far.other_id, $1))) limit 1",
                me,
            )
            await self.call("PUT", f"/v1/members/{other}/look-up", me)
            found.append((me, other))
        return found

    async def times(self, pairs: Sequence[tuple[UUID, UUID]]) -> dict[str, Quantiles]:
        """How long each read takes, one after the other."""
        took: dict[str, list[float]] = {name: [] for name in READS}
        for me, other in pairs:
            for name, path in READS.items():
                began = time.perf_counter()
                await self.call("GET", path.format(other=other), me)
                took[name].append(time.perf_counter() - began)
        return {name: quantiles(seconds) for name, seconds in took.items()}

    async def bare(self, pairs: Sequence[tuple[UUID, UUID]]) -> dict[str, Quantiles]:
        """The least that anything could take: a statement that reads nothing, and one that reads a row."""
        took: dict[str, list[float]] = {"select 1": [], "one row": []}
        for _, other in pairs:
            for name, statement in (
                ("select 1", "select 1 where $1::uuid is not null"),
                ("one row", "select * from members where member_id = $1"),
            ):
                began = time.perf_counter()
                await self.pool.fetch(statement, other)
                took[name].append(time.perf_counter() - began)
        return {name: quantiles(seconds) for name, seconds in took.items()}

    async def plans(self, pairs: Sequence[tuple[UUID, UUID]], *, must_not_scan: bool = False) -> "Plans":
        """What the statements of each read touch. `must_not_scan`: whole tables aren't even considered, however small they are."""
        found = Plans()
        for me, other in pairs:
            for name, path in READS.items():
                ran = await self._ran(path.format(other=other), me)
                planned = [query for query in ran if query.query.lstrip().startswith(_PLANNED)]
                async with self.pool.acquire() as connection:
                    found.add(name, [await _explained(connection, query, must_not_scan) for query in planned])
        return found

    async def round_trips(self, pairs: Sequence[tuple[UUID, UUID]]) -> dict[str, int]:
        """How many statements each read waits for, at most."""
        return {name: max([len(await self._ran(path.format(other=other), me)) for me, other in pairs]) for name, path in READS.items()}

    async def _ran(self, path: str, me: UUID) -> list[asyncpg.connection.LoggedQuery]:
        """The statements of one read."""
        ran: list[asyncpg.connection.LoggedQuery] = []
        async with self.pool.acquire() as connection:
            connection.add_query_logger(ran.append)
        await self.call("GET", path, me)
        async with self.pool.acquire() as connection:
            connection.remove_query_logger(ran.append)
        return ran


class Plans:
    """Buffers touched by each read, how long its statements took on the server, and which tables a plan would read as a whole."""

    def __init__(self) -> None:
        self._buffers: dict[str, list[int]] = {name: [] for name in READS}
        self._seconds: dict[str, list[float]] = {name: [] for name in READS}
        self.scans: Counter[str] = Counter()

    def add(self, name: str, explained: Sequence[Mapping[str, Any]]) -> None:
        self._seconds[name].append(sum(one["Execution Time"] for one in explained) / 1000)
        plans = [one["Plan"] for one in explained]
        self._buffers[name].append(sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans))
        for plan in plans:
            self.scans.update(f"{name}: {table}" for table in _scanned(plan))

    @property
    def times(self) -> dict[str, Quantiles]:
        """What each read's statements took, without what it waited for between them."""
        return {name: quantiles(seconds) for name, seconds in self._seconds.items() if seconds}

    @property
    def buffers(self) -> dict[str, int]:
        """For each read, as many as half of the readers' calls touch at most."""
        return {name: sorted(touched)[len(touched) // 2] for name, touched in self._buffers.items() if touched}


async def _explained(connection: Connection, query: asyncpg.connection.LoggedQuery, must_not_scan: bool) -> Any:
    transaction = connection.transaction()
    await transaction.start()
    try:
        if must_not_scan:
            await connection.execute("set local seq_page_cost = 1000000")
        [row] = await connection.fetch(f"explain (analyze, buffers, format json) {query.query}", *query.args)
    finally:
        await transaction.rollback()
    return json.loads(row[0])[0]


def _scanned(plan: Mapping[str, Any]) -> list[str]:
    own = [plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" else []
    return own + [table for inner in plan.get("Plans", []) for table in _scanned(inner)]


@asynccontextmanager
async def reader(url: str, town: Town) -> AsyncIterator[Reader]:
    """The api over that database, at the community's time."""
    key = tokens.new_key("bench")
    settings = {"port": 0, "health_port": 0, "database_url": url, "database_pool_size": 1}
    app = create(ApiSettings.model_validate({**settings, "token_public_keys": json.dumps(tokens.public_keys(key))}))
    transport = httpx.ASGITransport(app=app)
    with patch.object(clock, "now", lambda: NOW):
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://requests") as http:
            yield Reader(http, app.state.pool, tokens.TokenSigner(key), town)
