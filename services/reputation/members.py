"""Own copies of members' cards, for the pages of the ledger."""

from collections.abc import Collection
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.postgres.database import Tx


class Card(BaseModel):
    """What pages show of a member wherever she is mentioned."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    headline: str


async def keep_profile(tx: Tx, member_id: UUID, version: int, name: str, headline: str) -> None:
    """Keep a member's card, unless a newer one is there or she is erased."""
    await tx.execute(
        """
        insert into members (member_id, profile_version, name, headline) values ($1, $2, $3, $4)
        on conflict (member_id) do update
        set profile_version = excluded.profile_version, name = excluded.name, headline = excluded.headline
        where members.profile_version < excluded.profile_version and not members.erased
        """,
        member_id,
        version,
        name,
        headline,
    )


async def erase_profile(tx: Tx, member_id: UUID) -> None:
    """Forget a member's card for good."""
    await tx.execute(
        """
        insert into members (member_id, erased) values ($1, true)
        on conflict (member_id) do update set erased = true, name = null, headline = null
        """,
        member_id,
    )


async def cards(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Card]:
    """The cards of those among these members who are here."""
    rows = await tx.fetch(
        "select member_id, name, headline from members where member_id = any($1::uuid[]) and profile_version > 0 and not erased", list(ids)
    )
    return {row["member_id"]: Card(id=row["member_id"], name=row["name"], headline=row["headline"]) for row in rows}
