"""Notify's own copy of members: who they are, where their letters go, who must not hear of whom.

Profile, address, status and each block have versions of their own; whatever order events come in, the newest wins.
An erased member stays as a bare id, so that nothing that comes late brings her back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from shared.contracts.events.members import Language, MemberJoined, ProfileChanged
from shared.messaging.registry import NotYetKnown
from shared.postgres.database import Tx


@dataclass(frozen=True, slots=True)
class Card:
    """What a letter may say of a member. It has no address: that stands in an introduction alone."""

    id: UUID
    name: str
    headline: str
    language: Language
    time_zone: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member to whom letters can go."""

    card: Card
    address: str


Known = TypeVar("Known")


class People:
    """Members as notify knows them at one moment."""

    def __init__(self, members: Iterable[Member], *, cards: Iterable[Card] = (), erased: Iterable[UUID] = ()) -> None:
        self._members = {member.card.id: member for member in members}
        self._cards = {card.id: card for card in cards} | {id_: member.card for id_, member in self._members.items()}
        self._erased = frozenset(erased)

    def member(self, member_id: UUID) -> Member | None:
        """The member with her address; None where she is erased. Raises NotYetKnown where her card or address isn't here yet."""
        return None if member_id in self._erased else self._known(self._members, member_id)

    def card(self, member_id: UUID) -> Card | None:
        """Her card; None where she is erased. Raises NotYetKnown where it isn't here yet."""
        return None if member_id in self._erased else self._known(self._cards, member_id)

    @staticmethod
    def _known(found: Mapping[UUID, Known], member_id: UUID) -> Known:
        if member_id not in found:
            raise NotYetKnown(f"no card or no address of member {member_id} yet")
        return found[member_id]


async def people(tx: Tx, ids: Iterable[UUID]) -> People:
    """What is known of these members, in one statement."""
    rows = await tx.fetch(
        "select member_id, name, headline, language, time_zone, profile_version, address, erased from members"
        " where member_id = any($1::uuid[])",
        list(ids),
    )
    joined = [row for row in rows if row["profile_version"] > 0 and not row["erased"]]
    cards = {row["member_id"]: Card(row["member_id"], row["name"], row["headline"], row["language"], row["time_zone"]) for row in joined}
    return People(
        [Member(cards[row["member_id"]], row["address"]) for row in joined if row["address"] is not None],
        cards=cards.values(),
        erased=[row["member_id"] for row in rows if row["erased"]],
    )


async def keep_profile(tx: Tx, event: MemberJoined | ProfileChanged) -> None:
    await tx.execute(
        "insert into members (member_id, name, headline, language, time_zone, profile_version) values ($1, $2, $3, $4, $5, $6)"
        " on conflict (member_id) do update set name = excluded.name, headline = excluded.headline, language = excluded.language,"
        " time_zone = excluded.time_zone, profile_version = excluded.profile_version"
        " where members.profile_version < excluded.profile_version and not members.erased",
        event.member_id,
        event.name,
        event.headline,
        event.language,
        event.time_zone,
        event.aggregate_version,
    )


async def keep_address(tx: Tx, member_id: UUID, version: int, address: str) -> None:
    await tx.execute(
        "insert into members (member_id, address, address_version) values ($1, $2, $3)"
        " on conflict (member_id) do update set address = excluded.address, address_version = excluded.address_version"
        " where members.address_version < excluded.address_version and not members.erased",
        member_id,
        address,
        version,
    )


async def keep_status(tx: Tx, member_id: UUID, version: int, *, suspended: bool) -> None:
    await tx.execute(
        "insert into members (member_id, suspended, status_version) values ($1, $2, $3)"
        " on conflict (member_id) do update set suspended = excluded.suspended, status_version = excluded.status_version"
        " where members.status_version < excluded.status_version",
        member_id,
        suspended,
        version,
    )


async def erase(tx: Tx, member_id: UUID, version: int) -> None:
    """Forget all but her id, whatever was heard of her before or comes later."""
    await tx.execute(
        "insert into members (member_id, erased, status_version) values ($1, true, $2)"
        " on conflict (member_id) do update set erased = true, name = null, headline = null, language = null, time_zone = null,"
        " address = null, status_version = greatest(members.status_version, excluded.status_version)",
        member_id,
        version,
    )


async def keep_block(tx: Tx, blocker_id: UUID, blocked_id: UUID, version: int, *, active: bool) -> None:
    await tx.execute(
        "insert into blocks (blocker_id, blocked_id, active, version) values ($1, $2, $3, $4)"
        " on conflict (blocker_id, blocked_id) do update set active = excluded.active, version = excluded.version"
        " where blocks.version < excluded.version",
        blocker_id,
        blocked_id,
        active,
        version,
    )


async def blockers(tx: Tx, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these members who block another of them now."""
    rows = await tx.fetch(
        "select distinct blocker_id from blocks where active and blocker_id = any($1::uuid[]) and blocked_id = any($1::uuid[])", list(ids)
    )
    return {row["blocker_id"] for row in rows}
