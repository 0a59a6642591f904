"""A repeated command gets its first answer.

One transaction holds the claim on the key, the work and the stored answer, so that there is never one without the
others. Of two commands with the same key at the same time, the second waits for the first and gets its answer. A
problem rolls the claim back with the work: it has changed nothing, and the same command may be tried again.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel
from pydantic_core import to_json

from shared.postgres.database import Pool, Tx
from shared.problems import Field, Invalid, Problem

KEPT_HOURS = 48
_KEY_LENGTHS = range(8, 129)


class IdempotencyKeyReused(Problem):
    """The key came with another command before."""

    code = "idempotency_key_reused"
    status = 422
    sentence = "This was sent before with other words. Please load the page again."


@dataclass(frozen=True)
class Command:
    """One command as it was sent: its key, and `METHOD path` with the ids in it."""

    key: str
    name: str


async def _command(request: Request) -> Command:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) not in _KEY_LENGTHS or not key.isascii() or not key.isprintable():
        raise Invalid(fields=[Field("Idempotency-Key", "missing", "A key of 8 to 128 characters is needed.")])
    return Command(key, f"{request.method} {request.url.path}")


Idempotent = Annotated[Command, Depends(_command)]
"""A command's key, from the header `Idempotency-Key`; without a good one the command is refused."""

Answer = BaseModel | dict[str, Any]


async def answer_once(
    tx: Tx, member_id: UUID, key: Command, request: BaseModel | None, work: Callable[[], Awaitable[Answer]], *, status: int = 200
) -> Response:
    """What `work()` answers, done and stored in `tx`, or what it answered the first time this command was sent.

    `request` is the parsed body, by which a repetition is known. Raises IdempotencyKeyReused, and whatever `work` raises.
    """
    same = _hash(key, request)
    claimed = await tx.fetchval(
        "insert into idempotency_keys (member_id, key, command, request_hash) values ($1, $2, $3, $4)"
        " on conflict do nothing returning true",
        member_id,
        key.key,
        key.name,
        same,
    )
    if not claimed:
        return await _first_answer(tx, member_id, key, same)
    body = to_json(await work())
    await tx.execute(
        "update idempotency_keys set status = $3, body = $4::text::jsonb where member_id = $1 and key = $2",
        member_id,
        key.key,
        status,
        body.decode(),
    )
    return Response(body, status, media_type="application/json")


async def _first_answer(tx: Tx, member_id: UUID, key: Command, same: bytes) -> Response:
    row = await tx.fetchrow(
        "select request_hash, status, body::text from idempotency_keys where member_id = $1 and key = $2", member_id, key.key
    )
    if row is None or row["request_hash"] != same:  # None: cleaned away this moment, 48 hours after the first
        raise IdempotencyKeyReused
    return Response(row["body"], row["status"], media_type="application/json")


def _hash(key: Command, request: BaseModel | None) -> bytes:
    body = None if request is None else request.model_dump(mode="json")
    return hashlib.sha256(json.dumps([key.name, body], sort_keys=True).encode()).digest()


async def clean(pool: Pool) -> None:
    """Forget answers older than 48 hours; work for an hourly timer. Their bodies hold what members wrote."""
    await pool.execute("delete from idempotency_keys where created_at < now() - make_interval(hours => $1)", KEPT_HOURS)
