"""A repeated command gets its first answer: its key, and what was sent with it, are claimed in the transaction of its work.

Of two commands with the same key at the same time, the second waits for the first and gets its answer. A problem rolls the
claim back with the work: nothing has changed, and the same command may be tried again.

Kept are hashes alone. The key itself isn't stored, and the hash of what was sent is keyed with it, so that nobody can
find out from the rows what a member wrote.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import AfterValidator

from shared.messaging.feature import Feature, Retained, Timer, nothing
from shared.postgres.database import Pool, Tx
from shared.problems import IdempotencyKeyReused
from shared.text import field_error

KEPT = timedelta(hours=48)
_KEY = re.compile("[ -~]{8,128}")


@dataclass(frozen=True)
class Key:
    """The key a command came with, and the command's method and path with the ids in it."""

    text: str
    command: str

    def hash(self) -> bytes:
        """By which the key is known again."""
        return hashlib.sha256(self.text.encode()).digest()

    def mac(self, sent: bytes) -> bytes:
        """By which the same command is known again."""
        return hmac.digest(self.text.encode(), self.command.encode() + b"\n" + sent, "sha256")


def _good(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise field_error("not_a_key")
    return key


_Header = Annotated[str, Header(alias="Idempotency-Key", json_schema_extra={"pattern": f"^{_KEY.pattern}$"}), AfterValidator(_good)]


async def _key(request: Request, key: _Header) -> Key:
    return Key(key, f"{request.method} {request.url.path}")


IdempotencyKey = Annotated[Key, Depends(_key)]
"""A command's key, from the header `Idempotency-Key`; without a good one the command is refused."""


@dataclass(frozen=True)
class First:
    """What the command with this key answered the first time: the id it made, if it made one."""

    created_id: UUID | None


async def claim(tx: Tx, member_id: UUID, key: Key, sent: bytes) -> First | None:
    """Claim the key; None if the command is new, else what it answered the first time. Raises IdempotencyKeyReused."""
    claimed = await tx.fetchval(
        "insert into idempotency_keys (member_id, key_hash, mac) values ($1, $2, $3) on conflict do nothing returning true",
        member_id,
        key.hash(),
        key.mac(sent),
    )
    if claimed:
        return None
    row = await tx.fetchrow("select mac, created_id from idempotency_keys where member_id = $1 and key_hash = $2", member_id, key.hash())
    if row is None or row["mac"] != key.mac(sent):  # None: cleaned away this moment, 48 hours after the first
        raise IdempotencyKeyReused
    return First(row["created_id"])


async def keep_id(tx: Tx, member_id: UUID, key: Key, created_id: UUID) -> None:
    """Keep what the command made, for its repetition."""
    await tx.execute(
        "update idempotency_keys set created_id = $3 where member_id = $1 and key_hash = $2", member_id, key.hash(), created_id
    )


async def clean(pool: Pool) -> None:
    """Forget keys older than 48 hours; work for an hourly timer."""
    await pool.execute("delete from idempotency_keys where claimed_at < now() - $1::interval", KEPT)


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Forget an erased member's keys."""
    await tx.execute("delete from idempotency_keys where member_id = $1", member_id)


TIMERS = (Timer("idempotency.clean", 3600, clean),)
FEATURE = Feature(
    "idempotency",
    on_erase=forget,
    tables=("idempotency_keys",),
    export=nothing,
    retain=(Retained("hashes of a command and its key", "to do what is sent twice once", KEPT, "nobody"),),
)
