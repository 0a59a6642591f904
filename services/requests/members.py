"""Own copies of members, read as cards by pages and as rows by commands; `member_events.py` keeps them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.database import Connection
from shared.events.reputation import Band

PRESENT = "(profile_version > 0 and not erased)"
"""SQL, true in a row of `members` where she has joined and isn't erased."""


class Card(BaseModel):
    """What pages show of a member wherever she is mentioned."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    name: str
    headline: str


@dataclass(frozen=True, slots=True)
class Member:
    """A present member (joined, not erased), as commands need her."""

    id: UUID
    name: str
    headline: str
    suspended: bool
    band: Band

    @property
    def card(self) -> Card:
        return Card(id=self.id, name=self.name, headline=self.headline)


async def cards(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, Card]:
    """The cards of the present members among `ids`, blocked or not: what one reader may see is `visibility.seen`."""
    rows = await tx.fetch(
        f"select member_id, name, headline from members where member_id = any($1::uuid[]) and {PRESENT}",
        list(ids),
    )
    return {row["member_id"]: Card(id=row["member_id"], name=row["name"], headline=row["headline"]) for row in rows}


async def lock(tx: Connection, ids: Iterable[UUID]) -> dict[UUID, Member]:
    """The present members among `ids`, kept from being suspended or erased until the transaction ends.

    For commands that make something new. Locks in order of id, so that two commands never wait for each other.
    """
    rows = await tx.fetch(
        f"select member_id, name, headline, suspended, band from members where member_id = any($1::uuid[]) and {PRESENT}"
        " order by member_id for share",
        list(ids),
    )
    return {
        row["member_id"]: Member(
            id=row["member_id"], name=row["name"], headline=row["headline"], suspended=row["suspended"], band=row["band"]
        )
        for row in rows
    }
