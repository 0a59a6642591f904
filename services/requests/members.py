"""Own copies of members, read as cards by pages and as rows by commands; `member_events.py` keeps them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.events.reputation import Band
from shared.postgres.database import Tx

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


async def cards(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Card]:
    """The cards of the present members among `ids`, blocked or not: what one reader may see is `visibility.seen`."""
    rows = await tx.fetch(
        f"select member_id, name, headline from members where member_id = any($1::uuid[]) and {PRESENT}",
        list(ids),
    )
    return {row["member_id"]: Card(id=row["member_id"], name=row["name"], headline=row["headline"]) for row in rows}


_MEMBER = f"select member_id as id, name, headline, suspended, band from members where member_id = any($1::uuid[]) and {PRESENT}"


async def present(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Member]:
    """The present members among `ids`."""
    return {row["id"]: Member(**row) for row in await tx.fetch(_MEMBER, list(ids))}


async def lock(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Member]:
    """The present members among `ids`, kept from being suspended or erased until the transaction ends.

    For commands that make something new. Locks in order of id, so that two commands never wait for each other; after
    `visibility.lock_pair` and before any row of a request or an introduction, which is the order of every transaction here.
    """
    return {row["id"]: Member(**row) for row in await tx.fetch(f"{_MEMBER} order by member_id for share", list(ids))}


def take_part(found: Mapping[UUID, Member], *ids: UUID) -> bool:
    """All of `ids` are present and none is suspended."""
    return all(id_ in found and not found[id_].suspended for id_ in ids)
