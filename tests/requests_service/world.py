"""A small community around the requests service's real api and database, with a clock that only the test moves."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from pydantic_core import from_json, to_json

from services.requests.worker import FEATURES
from shared.clock import machine_now
from shared.contracts.events.base import Event, parse
from shared.contracts.events.members import MemberBlocked, MemberErased, MemberJoined, MemberReinstated, MemberSuspended, MemberUnblocked
from shared.http import tokens
from shared.messaging.registry import of_service
from shared.postgres.database import Pool, transaction

KEY = tokens.new_key("test")
PUBLIC = tokens.public_keys(KEY)
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HANDLERS = of_service("requests", [feature.handlers for feature in FEATURES])
WHERE = "At the open day of the harbour museum"
WHY = "I would like to talk with you about the archive and how you sort it."


@dataclass
class Clock:
    """Business time, standing still until it is moved."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class World:
    """The api as members call it, and the events it hears and tells."""

    app: FastAPI
    http: httpx.AsyncClient
    clock: Clock
    signer: tokens.TokenSigner = field(default_factory=lambda: tokens.TokenSigner(KEY))
    heard: list[tuple[int, Event]] = field(default_factory=list)
    """What it heard, each with how far the outbox had come by then."""
    _versions: dict[object, int] = field(default_factory=dict)

    @property
    def pool(self) -> Pool:
        pool: Pool = self.app.state.pool
        return pool

    def version(self, of: object) -> int:
        """The next version of an aggregate of the members service."""
        self._versions[of] = self._versions.get(of, 0) + 1
        return self._versions[of]

    async def hear(self, *events: Event) -> None:
        """Let the service hear events, one by one, each in a transaction of its own (and without the inbox in between)."""
        for event in events:
            async with transaction(self.pool) as tx:
                await HANDLERS.handle([event], tx)
                self.heard.append((await tx.fetchval("select coalesce(max(position), 0) from outbox"), event))

    async def join(self, *names: str, days_ago: float = 60) -> list[UUID]:
        """Members with these names, who have been here for a while."""
        ids = [uuid4() for _ in names]
        await self.hear(*(joined(id_, name, self.clock.at - timedelta(days=days_ago)) for id_, name in zip(ids, names, strict=True)))
        await self.open(*ids)
        return ids

    async def open(self, *members: UUID, **changes: Any) -> None:
        """Let everything reach them, as if they had said so, but for `changes` by column of `reach`."""
        reach = {
            **{"bar": "anyone", "suggestible": True, "open_to_asks": True, "reachable": True},
            **{"introductions_in_30_days": 30, "asks_in_30_days": 30},
            **changes,
        }
        places = ", ".join(f"${number}" for number in range(2, len(reach) + 2))
        updates = ", ".join(f"{name} = excluded.{name}" for name in reach)
        for member in members:
            await self.pool.execute(
                f"insert into reach (member_id, {', '.join(reach)}) values ($1, {places}) on conflict (member_id) do update set {updates}",
                member,
                *reach.values(),
            )

    async def block(self, blocker: UUID, blocked: UUID) -> None:
        await self.hear(self._block(MemberBlocked, blocker, blocked))

    async def unblock(self, blocker: UUID, blocked: UUID) -> None:
        await self.hear(self._block(MemberUnblocked, blocker, blocked))

    def _block(self, kind: type[MemberBlocked] | type[MemberUnblocked], blocker: UUID, blocked: UUID) -> Event:
        version = self.version((blocker, blocked))
        return kind(aggregate_id=uuid4(), aggregate_version=version, occurred_at=self.clock.at, blocker_id=blocker, blocked_id=blocked)

    async def status(self, kind: type[MemberErased] | type[MemberSuspended] | type[MemberReinstated], member: UUID) -> None:
        """Suspend, reinstate or erase a member."""
        await self.hear(kind(aggregate_id=member, aggregate_version=self.version(member), occurred_at=self.clock.at))

    def headers(self, member: UUID, key: str | None = None) -> dict[str, str]:
        """Headers of a call by that member; commands have a new key each unless one is given."""
        token, _ = self.signer.issue(member, "requests", auth_time=machine_now())
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": key or str(uuid4()), "X-Correlation-ID": "test-correlation"}

    async def get(self, member: UUID, path: str) -> httpx.Response:
        return await self.http.get(path, headers=self.headers(member))

    async def post(self, member: UUID, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        return await self.http.post(path, json={} if body is None else body, headers=self.headers(member, key))

    async def put(self, member: UUID, path: str, body: Any, *, key: str | None = None) -> httpx.Response:
        return await self.http.put(path, json=body, headers=self.headers(member, key))

    async def ask(self, requester: UUID, recipient: UUID, **changes: Any) -> httpx.Response:
        """The requester asks the recipient for a connection."""
        return await self.post(requester, "/v1/connection-requests", asking(recipient, **changes))

    async def asked(self, requester: UUID, recipient: UUID) -> str:
        """As `ask`; the new request's id."""
        return str(ok(await self.ask(requester, recipient), 201)["id"])

    async def answer(self, member: UUID, request_id: str, command: str, **body: Any) -> httpx.Response:
        """`accept`, `decline` or `withdraw`."""
        if command == "accept":
            body.setdefault("closeness", "know_well")
        return await self.post(member, f"/v1/connection-requests/{request_id}/{command}", body)

    async def connect(self, one: UUID, other: UUID, closeness: str = "know_well") -> str:
        """A connection of the two, each with that closeness, as members make it; the request's id."""
        request_id = str(ok(await self.ask(one, other, closeness=closeness), 201)["id"])
        ok(await self.answer(other, request_id, "accept", closeness=closeness))
        return request_id

    async def export(self, member: UUID) -> dict[str, Any]:
        """What the service would give her of hers, by section, as JSON says it."""
        found: dict[str, Any] = {}
        async with transaction(self.pool) as tx:
            for feature in FEATURES:
                found |= await feature.export(tx, member) if feature.export else {}
        return dict(from_json(to_json(found)))

    async def told(self) -> list[Event]:
        """All events the service has stored to be published, in order."""
        return [parse(row["body"]) for row in await self.pool.fetch("select body from outbox order by position")]


def joined(member_id: UUID, name: str, at: datetime, version: int = 1) -> MemberJoined:
    """The event of a member's joining."""
    return MemberJoined(
        aggregate_id=member_id,
        aggregate_version=version,
        occurred_at=at,
        name=name,
        headline=f"{name} restores boats",
        language="en",
        time_zone="Europe/Madrid",
    )


def why(recipient: UUID) -> str:
    """Why now, to each in other words: a note that she has sent before would be refused."""
    return f"{WHY} {recipient}"


def asking(recipient: UUID, **changes: Any) -> dict[str, Any]:
    """The body of a connection request."""
    words = {"how_met": "event", "where_we_met": WHERE, "why_now": why(recipient), "closeness": "met"}
    return {"recipient_id": str(recipient), **words, **changes}


def ok(response: httpx.Response, status: int | None = None) -> Any:
    """The answer's JSON, if its status is as expected: 200 of what is read, 204 and nothing of a command, unless `status` says."""
    assert response.status_code == (status or (200 if response.request.method == "GET" else 204)), response.text
    return response.json() if response.content else None


def problem(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["code"]
