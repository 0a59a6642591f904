"""The rows of groups: the name is there as long as her consent is, the bare version until she is erased."""

from datetime import datetime
from uuid import UUID

from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberGrouped
from shared.contracts.http.members.groups import CONSENT
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx


async def of(connection: Tx | Pool, member_id: UUID) -> str | None:
    """The group by which she may be suggested; None if there is none, or she took it back."""
    name: str | None = await connection.fetchval("select name from groups where member_id = $1 and name <> ''", member_id)
    return name


async def consent(tx: Tx, member_id: UUID) -> tuple[int, datetime] | None:
    """By which words and since when she may be suggested by her group; None if she may not."""
    row = await tx.fetchrow("select consent, consented_at from groups where member_id = $1 and name <> ''", member_id)
    return (row["consent"], row["consented_at"]) if row else None


async def keep(tx: Tx, member_id: UUID, name: str, at: datetime) -> Event:
    """By her consent, from now on; without a name she takes it back. What requests hears of it."""
    version = await tx.fetchval(
        "insert into groups (member_id, name, consent, consented_at) values ($1, $2, $3, $4)"
        " on conflict (member_id) do update set name = excluded.name, version = groups.version + 1 returning version",
        member_id,
        name,
        CONSENT,
        at,
    )
    return MemberGrouped(aggregate_id=member_id, aggregate_version=version, occurred_at=at, group=name)


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member was in none."""
    await tx.execute("delete from groups where member_id = $1", member_id)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Hers, and by which words she agreed."""
    rows = "select name, consent, consented_at from groups where member_id = $1 and name <> ''"
    return await found(tx, member_id, my_group=rows)
