"""The rows of profiles."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.members import visibility
from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.profiles.domain import Member
from shared.contracts.http.base import Card
from shared.contracts.http.members.profiles import OwnProfile
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx

_FIELDS = list(OwnProfile.model_fields)
_COLUMNS = ", ".join(_FIELDS)
JOINED = "(select member_id, (joined_at at time zone 'UTC')::date as joined_on from profiles)"
"""SQL: who has joined, and on which day."""


def named(member: str) -> str:
    """SQL for the name of this member, null if she hasn't joined; `member` is SQL (a column or `$1`), never a value."""
    return f"(select profiles.name from profiles where profiles.member_id = {member})"


async def joined(connection: Tx | Pool, member_id: UUID) -> bool:
    """Whether she has a profile."""
    return bool(await connection.fetchval("select exists (select from profiles where member_id = $1)", member_id))


async def with_address(tx: Tx, reader_id: UUID, key: str) -> UUID | None:
    """The member with this key of an address, if she exists for the reader; the one statement is the same for every address."""
    found_: UUID | None = await tx.fetchval(
        f"select member_id from profiles where member_id = {accounts.with_key('$2')} and {visibility.visible('$1', 'profiles.member_id')}",
        reader_id,
        key,
    )
    return found_


async def time_zone_at(tx: Tx, address: Address) -> str:
    """The time zone of her profile who has this address; empty if there is none."""
    return await tx.fetchval(f"select time_zone from profiles where member_id = {accounts.with_key('$1')}", address.key) or ""


async def name_of(tx: Tx, member_id: UUID) -> str | None:
    """Her name, whoever asks; None if she hasn't joined."""
    name: str | None = await tx.fetchval("select name from profiles where member_id = $1", member_id)
    return name


async def cards(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Card]:
    """The cards of those among `ids` who have joined; whoever asks knows for whom they exist."""
    rows = await tx.fetch("select member_id as id, name, headline from profiles where member_id = any($1::uuid[])", list(ids))
    return {row["id"]: Card(**row) for row in rows}


async def seen_names(tx: Tx, reader_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of those among `ids` who have joined and exist for the reader."""
    rows = await tx.fetch(
        f"select member_id, name from profiles where member_id = any($2::uuid[]) and {visibility.visible('$1', 'profiles.member_id')}",
        reader_id,
        list(ids),
    )
    return {row["member_id"]: row["name"] for row in rows}


async def find(tx: Tx, reader_id: UUID, member_id: UUID) -> OwnProfile | None:
    """Her profile; None if she hasn't joined, or doesn't exist for the reader."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from profiles where member_id = $2 and {visibility.visible('$1', '$2')}", reader_id, member_id
    )
    return None if row is None else OwnProfile(**row)


async def own(tx: Tx, member_id: UUID) -> tuple[OwnProfile | None, int]:
    """Her profile and its version; None and 0 before she has joined."""
    row = await tx.fetchrow(f"select version, {_COLUMNS} from profiles where member_id = $1", member_id)
    return (OwnProfile(**row), row["version"]) if row else (None, 0)


async def lock(tx: Tx, member_id: UUID) -> Member | None:
    """Her account and profile, locked until the transaction ends; None if she has no account."""
    account = await accounts.lock(tx, member_id)
    if account is None:
        return None
    row = await tx.fetchrow(f"select version, changed_at, changes, {_COLUMNS} from profiles where member_id = $1", member_id)
    if row is None:
        return Member(member_id, *account)
    return Member(member_id, *account, OwnProfile(**row), row["version"], row["changed_at"], tuple(row["changes"]))


async def save(tx: Tx, member: Member, profile: OwnProfile) -> None:
    """Store a member's profile as it is now."""
    changes = ", ".join(f"{field} = excluded.{field}" for field in _FIELDS)
    values = ", ".join(f"${place}" for place, _ in enumerate(_FIELDS, 5))
    await tx.execute(
        f"insert into profiles (member_id, version, joined_at, changed_at, changes, {_COLUMNS})"
        f" values ($1, $2, $3, $3, $4, {values})"
        " on conflict (member_id) do update set version = excluded.version, changed_at = excluded.changed_at,"
        f" changes = excluded.changes, {changes}",
        member.id,
        member.version,
        member.changed_at,
        member.changes,
        *(getattr(profile, field) for field in _FIELDS),
    )


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her profile."""
    return await found(tx, member_id, profile=f"select {_COLUMNS}, joined_at, changed_at from profiles where member_id = $1")


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member has no profile any more."""
    await tx.execute("delete from profiles where member_id = $1", member_id)


async def made(tx: Tx, begins_at: datetime, ends_at: datetime) -> int:
    """How many women made their profile in that time."""
    count: int = await tx.fetchval("select count(*) from profiles where joined_at >= $1 and joined_at < $2", begins_at, ends_at)
    return count
