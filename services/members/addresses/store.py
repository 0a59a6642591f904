"""The rows of new addresses that wait for their codes, and of addresses that members have left."""

from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from services.members.accounts.domain import Address
from services.members.addresses.domain import UNDO, Former, Named
from services.members.sessions.domain.challenge import CODE_LIFE
from shared import clock
from shared.clock import machine_now
from shared.messaging import outbox
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx

_NAMED = "change_id, member_id, purpose, address, address_key, free, asked_at, began_at, tries"
_FORMER = "change_id, member_id, address, address_key, passed_on, began_at, changed_at"


def kept(key: str) -> str:
    """SQL that is true if somebody left that address so lately that it is kept for her; `key` is SQL, never a value."""
    return f"exists (select from former_addresses where former_addresses.address_key = {key})"


def keys_left_by(member: str) -> str:
    """SQL for the keys of the addresses that are kept for this member; `member` is SQL, never a value."""
    return f"(select former_addresses.address_key from former_addresses where former_addresses.member_id = {member})"


def _fields(row: Record) -> dict[str, Any]:
    columns = dict(row)
    return {"id": columns.pop("change_id"), "address": Address(columns.pop("address"), columns.pop("address_key")), **columns}


async def waiting(tx: Tx, member_id: UUID) -> Named | None:
    """The one that waits for its code; None if none does. To change it, lock her account first."""
    row = await tx.fetchrow(f"select {_NAMED} from address_codes where member_id = $1", member_id)
    return Named(**_fields(row)) if row else None


async def named(tx: Tx, change_id: UUID) -> Named | None:
    """The same, by its id."""
    row = await tx.fetchrow(f"select {_NAMED} from address_codes where change_id = $1", change_id)
    return Named(**_fields(row)) if row else None


async def keep_named(tx: Tx, new: Named) -> None:
    """Keep it, in place of the one that she named before."""
    await drop_named(tx, new.member_id)
    at = (new.address.address, new.address.key)
    values = (new.id, new.member_id, new.purpose, *at, new.free, new.asked_at, new.began_at, new.tries)
    await tx.execute(f"insert into address_codes ({_NAMED}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)", *values)


async def drop_named(tx: Tx, member_id: UUID) -> None:
    """None waits for its code any more, and its letters are sent no more."""
    if new := await waiting(tx, member_id):
        await tx.execute("delete from address_codes where member_id = $1", member_id)
        await outbox.forget(tx, new.id)


async def confirmed(tx: Tx, member_id: UUID) -> None:
    """It waits no longer; the letter to the old address leaves all the same."""
    await tx.execute("delete from address_codes where member_id = $1", member_id)


async def tried(pool: Pool, member_id: UUID) -> None:
    """Count a try, whatever becomes of it."""
    await pool.execute("update address_codes set tries = tries + 1 where member_id = $1", member_id)


async def former(tx: Tx, change_id: UUID) -> Former | None:
    """The address that she left with that change; None if it isn't kept."""
    row = await tx.fetchrow(f"select {_FORMER} from former_addresses where change_id = $1", change_id)
    return Former(**_fields(row)) if row else None


async def last_left(tx: Tx, member_id: UUID) -> datetime | None:
    """When she last left an address that is kept; None if there is none such."""
    at: datetime | None = await tx.fetchval("select max(changed_at) from former_addresses where member_id = $1", member_id)
    return at


async def keep_former(tx: Tx, left: Former) -> None:
    """Keep what she has left."""
    values = (left.id, left.member_id, left.address.address, left.address.key, left.passed_on, left.began_at, left.changed_at)
    await tx.execute(f"insert into former_addresses ({_FORMER}) values ($1, $2, $3, $4, $5, $6, $7)", *values)


async def drop_since(tx: Tx, left: Former) -> None:
    """Forget that change and those after it."""
    rows = await tx.fetch(
        "delete from former_addresses where member_id = $1 and changed_at >= $2 returning change_id", left.member_id, left.changed_at
    )
    for row in rows:
        await outbox.forget(tx, row["change_id"])


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Which addresses of hers are kept."""
    return await found(
        tx,
        member_id,
        former_addresses="select address, changed_at from former_addresses where member_id = $1 order by changed_at",
        new_address="select address, began_at from address_codes where member_id = $1",
    )


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member go all of them, with their letters."""
    await drop_named(tx, member_id)
    for row in await tx.fetch("delete from former_addresses where member_id = $1 returning change_id", member_id):
        await outbox.forget(tx, row["change_id"])


async def clean(pool: Pool) -> None:
    """Forget codes that are too old, and addresses whose days are over: those are free again."""
    await pool.execute("delete from address_codes where asked_at < $1", machine_now() - CODE_LIFE)
    await pool.execute("delete from former_addresses where changed_at < $1", clock.now() - UNDO)
