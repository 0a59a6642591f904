"""Events that could not be handled: kept with their reason until an operator replays them, never dropped."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared import clock
from shared.contracts.events import base
from shared.contracts.events.base import Event, UnreadableEvent
from shared.messaging.topology import stream_of
from shared.postgres.database import Connection, Pool, Tx


@dataclass(frozen=True)
class DeadLetter:
    """One row, without its bytes."""

    id: int
    subject: str
    type: str | None
    event_id: UUID | None
    reason: str
    detail: str
    tries: int
    died_at: datetime
    replay_asked_at: datetime | None
    replays: int


PRIVATE_LIFE = timedelta(days=7)
"""As long as the stream of private events keeps one: `outbox republish` brings it again."""

UNREADABLE_LIFE = timedelta(minutes=10)
"""Of a private event that can't be read: it may hold a code, and none lives longer."""

_COLUMNS = "id, subject, type, event_id, reason, detail, tries, died_at, replay_asked_at, replays"


def key_of(body: bytes, event: Event | UnreadableEvent | None) -> str:
    """What makes two deliveries the same dead letter."""
    return str(event.id) if isinstance(event, Event) else "sha256:" + hashlib.sha256(body).hexdigest()


async def bury(tx: Tx, subject: str, body: bytes, event: Event | None, *, reason: str, detail: str, tries: int) -> None:
    """Keep an event that could not be handled; one that is kept already is opened again with the newer reason.

    `detail` is shown in listings, so it quotes nothing of the event.
    """
    await tx.execute(
        "insert into dead_letters (message_key, stream, subject, type, event_id, body, reason, detail, tries, expires_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " on conflict (message_key) do update set reason = excluded.reason, detail = excluded.detail, tries = excluded.tries,"
        " died_at = clock_timestamp(), replay_asked_at = null, resolved_at = null",
        key_of(body, event),
        stream_of(subject),
        subject,
        event.type if event else None,
        event.id if event else None,
        body,
        reason,
        detail[:500],
        tries,
        _good_until(subject, event),
    )


def _good_until(subject: str, event: Event | None) -> datetime | None:
    """When a private event's body is emptied, whatever stands in it; None for all others."""
    now = clock.machine_now()
    if event is None:
        return now + UNREADABLE_LIFE if stream_of(subject) == "PRIVATE" else None
    return min(event.good_until() or now + PRIVATE_LIFE, now + PRIVATE_LIFE) if event.private else None


async def open_events(pool: Pool | Connection, ids: list[int] | None = None) -> list[DeadLetter]:
    """What nobody has resolved, oldest first; only those with these ids if some are given."""
    rows = await pool.fetch(
        f"select {_COLUMNS} from dead_letters where resolved_at is null and ($1::bigint[] is null or id = any($1)) order by id", ids
    )
    return [DeadLetter(**row) for row in rows]


async def shown(pool: Pool | Connection, dead_id: int) -> dict[str, Any] | None:
    """One dead letter's event with `[private]` in place of private text; None if there is no such row."""
    body = await pool.fetchval("select body from dead_letters where id = $1", dead_id)
    return None if body is None else _redacted(body)


def _redacted(body: bytes) -> dict[str, Any]:
    if not body:
        return {"body": "emptied: it had expired"}
    try:
        return base.parse(body).redacted()
    except UnreadableEvent:
        # Nothing says which of these values are private, so none is shown.
        return {"body": f"{len(body)} bytes that no contract here fits", "names": _names(body)}


def _names(body: bytes) -> list[str]:
    """The names an unreadable body uses, as far as they look like names: what tells an operator whose it is."""
    try:
        envelope = json.loads(body)
    except ValueError:
        return []
    data = envelope.get("data") if isinstance(envelope, dict) else None
    names = [*envelope, *(data if isinstance(data, dict) else ())] if isinstance(envelope, dict) else []
    return sorted({name for name in names if name.isascii() and name.isidentifier() and len(name) <= 40})


async def ask_replay(pool: Pool | Connection, ids: list[int]) -> int:
    """Mark dead letters for the service's worker to handle again; returns how many are marked now."""
    done: str = await pool.execute(
        "update dead_letters set replay_asked_at = clock_timestamp() where id = any($1) and resolved_at is null and body <> ''::bytea", ids
    )
    return int(done.rsplit(" ", 1)[1])


async def to_replay(pool: Pool | Connection, limit: int = 100) -> list[tuple[int, str, bytes]]:
    """Id, subject and bytes of what is marked, oldest first."""
    rows = await pool.fetch(
        "select id, subject, body from dead_letters"
        " where replay_asked_at is not null and resolved_at is null and body <> ''::bytea order by id limit $1",
        limit,
    )
    return [(row["id"], row["subject"], row["body"]) for row in rows]


async def replayed(tx: Tx, dead_id: int, *, resolved: bool) -> None:
    """A replay ended: the letter is resolved, or stays open for another."""
    await tx.execute(
        "update dead_letters set replays = replays + 1, replay_asked_at = null,"
        " resolved_at = case when $2 then clock_timestamp() end where id = $1",
        dead_id,
        resolved,
    )


async def forget(tx: Tx, member_id: UUID) -> None:
    """Empty and close whatever names an erased member: there is nothing left to handle."""
    await tx.execute(
        "update dead_letters set body = ''::bytea, resolved_at = coalesce(resolved_at, clock_timestamp())"
        " where position(convert_to($1::text, 'UTF8') in body) > 0",
        str(member_id),
    )


async def close_old(pool: Pool, age: timedelta) -> None:
    """Empty and close what nobody has resolved for so long."""
    await pool.execute(
        "update dead_letters set body = ''::bytea, resolved_at = clock_timestamp()"
        " where resolved_at is null and died_at < clock_timestamp() - $1::interval",
        age,
    )
