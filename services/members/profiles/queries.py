"""The rows of profiles."""

from datetime import datetime
from uuid import UUID

import asyncpg

from services.members.accounts import queries as accounts
from services.members.profiles.domain import Member, Profile
from shared.postgres.database import Tx

_COLUMNS = "name, headline, organisation, place, languages, language, time_zone, visibility"


async def exists(tx: Tx, member_id: UUID) -> bool:
    """Whether she has joined."""
    return bool(await tx.fetchval("select exists (select from profiles where member_id = $1)", member_id))


async def lock(tx: Tx, member_id: UUID) -> Member | None:
    """Her account and profile, locked until the end of the transaction; None where she has no account."""
    account = await accounts.lock(tx, member_id)
    if account is None:
        return None
    row = await tx.fetchrow(f"select version, {_COLUMNS} from profiles where member_id = $1", member_id)
    return Member(member_id, *account) if row is None else Member(member_id, *account, _profile(row), row["version"])


async def save(tx: Tx, member: Member, profile: Profile, at: datetime) -> None:
    """Store the profile of a member as it is now."""
    await tx.execute(
        f"insert into profiles (member_id, version, {_COLUMNS}, joined_at, changed_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)"
        " on conflict (member_id) do update set version = excluded.version, name = excluded.name, headline = excluded.headline,"
        " organisation = excluded.organisation, place = excluded.place, languages = excluded.languages, language = excluded.language,"
        " time_zone = excluded.time_zone, visibility = excluded.visibility, changed_at = excluded.changed_at",
        member.id,
        member.version,
        *(getattr(profile, name) for name in _COLUMNS.split(", ")),
        at,
    )


async def find(tx: Tx, member_id: UUID) -> Profile | None:
    """Her profile; None where she hasn't joined, or was never here."""
    row = await tx.fetchrow(f"select {_COLUMNS} from profiles where member_id = $1", member_id)
    return None if row is None else _profile(row)


def _profile(row: asyncpg.Record) -> Profile:
    # Checked when it was written: a rule that has become stricter since must not make her profile unreadable.
    return Profile.model_construct(**{name: row[name] for name in _COLUMNS.split(", ")})
