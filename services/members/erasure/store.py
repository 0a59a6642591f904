"""The rows of accounts that come to their end."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from services.members.accounts import store as accounts
from services.members.erasure.domain import Departure
from shared.messaging import outbox
from shared.messaging.feature import Sections, found
from shared.postgres.database import Connection, Pool, Tx

_COLUMNS = "departure_id, member_id, why, absent, language, ends_at, version"


async def find(tx: Tx, member_id: UUID) -> Departure | None:
    """Hers; None if her account isn't ending. To change it, lock her account first."""
    row = await tx.fetchrow(f"select {_COLUMNS} from departures where member_id = $1", member_id)
    return None if row is None else Departure(*row.values())


async def save(tx: Tx, member_id: UUID, departure: Departure | None) -> None:
    """Keep it as it is now, in place of the one before."""
    await tx.execute("delete from departures where member_id = $1", member_id)
    if departure:
        await tx.execute(
            f"insert into departures ({_COLUMNS}, due_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            departure.id,
            departure.member_id,
            departure.why,
            departure.absent,
            departure.language,
            departure.ends_at,
            departure.version,
            departure.due_at,
        )


async def due(tx: Tx, at: datetime, limit: int, skip: int) -> list[UUID]:
    """Those whose time has come, the earliest first."""
    rows = await tx.fetch("select member_id from departures where due_at <= $1 order by due_at limit $2 offset $3", at, limit, skip)
    return [row["member_id"] for row in rows]


async def asleep(tx: Tx, since: datetime, limit: int, skip: int) -> list[UUID]:
    """Those who haven't signed in since then, and whose accounts aren't coming to an end yet; the longest asleep first."""
    rows = await tx.fetch(
        f"select member_id from {accounts.ASLEEP} as asleep"
        " where not exists (select from departures where departures.member_id = asleep.member_id)"
        " order by signed_in_at limit $2 offset $3",
        since,
        limit,
        skip,
    )
    return [row["member_id"] for row in rows]


async def expect(tx: Tx, member_id: UUID, services: Sequence[str]) -> None:
    """From now on each of these services owes its part of her erasure."""
    await tx.execute("insert into erasures (member_id, service) select $1, unnest($2::text[])", member_id, services)


async def done(tx: Tx, member_id: UUID, service: str) -> None:
    """It owes it no longer."""
    await tx.execute("update erasures set done_at = coalesce(done_at, now()) where member_id = $1 and service = $2", member_id, service)


async def undone(connection: Connection | Pool, age: timedelta = timedelta()) -> Sequence[asyncpg.Record]:
    """The member_id, service and erased_at of each part that has been owed for so long, the oldest first."""
    owed = "done_at is null and erased_at <= now() - $1::interval"
    return await connection.fetch(f"select member_id, service, erased_at from erasures where {owed} order by erased_at, service", age)


async def forget_done(pool: Pool, age: timedelta) -> None:
    """Forget what was done so long ago."""
    await pool.execute("delete from erasures where done_at < now() - $1::interval", age)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """When her account ends, if it does."""
    return await found(tx, member_id, account_ends="select why, ends_at from departures where member_id = $1")


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member goes what was told of her leaving; the last letter comes after this."""
    if departure := await find(tx, member_id):
        await outbox.forget(tx, departure.id)
        await save(tx, member_id, None)
