"""Notify's own part of its copy of members: their addresses. And what letters may say of them, and who blocks whom.

An address has a version of its own: in whatever order events come, the newest wins.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TypeVar
from uuid import UUID

from services.notify.mime import UnfitAddress, ascii_address
from services.notify.queue import store as letters
from shared.contracts.events.base import Event
from shared.contracts.events.members import AddressSet, Language
from shared.messaging.feature import Feature
from shared.messaging.registry import CannotHandle, Handlers, NotYetKnown
from shared.postgres.database import Tx

PROFILE = ("name", "headline", "language", "time_zone", "discreet")
"""The columns of the copy of members that come from her profile."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a letter may say of a member. It has no address: only an introduction shows one."""

    id: UUID
    name: str
    headline: str
    language: Language
    time_zone: str
    discreet: bool = False
    """What arrives tells nobody who looks over her shoulder where it comes from: the subject says nothing."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member to whom letters can go."""

    profile: Profile
    address: str
    passed_on: str | None = None

    @property
    def introduced(self) -> "Recipient":
        """She as an introduction shows her and reaches her: at the address that she chose for it. Her answer comes from there, too."""
        return replace(self, address=self.passed_on or self.address)


Found = TypeVar("Found")


class People:
    """Members as notify knows them at one moment. `blocks` are pairs of ids: (who blocks, whom)."""

    def __init__(
        self,
        recipients: Iterable[Recipient],
        *,
        profiles: Iterable[Profile] = (),
        erased: Iterable[UUID] = (),
        blocks: Iterable[tuple[UUID, UUID]] = (),
    ) -> None:
        self._recipients = {recipient.profile.id: recipient for recipient in recipients}
        self._profiles = {profile.id: profile for profile in profiles} | {id_: known.profile for id_, known in self._recipients.items()}
        self._erased, self._blocks = frozenset(erased), frozenset(blocks)

    def recipient(self, member_id: UUID) -> Recipient | None:
        """The member with her address; None if she is erased. Raises NotYetKnown if her profile or address isn't here yet."""
        return self._known(self._recipients, member_id)

    def profile(self, member_id: UUID) -> Profile | None:
        """Her profile; None if she is erased. Raises NotYetKnown if it isn't here yet."""
        return self._known(self._profiles, member_id)

    def _known(self, found: Mapping[UUID, Found], member_id: UUID) -> Found | None:
        if member_id in self._erased:
            return None
        if member_id not in found:
            raise NotYetKnown(f"no profile or no address of member {member_id} yet")
        return found[member_id]

    def blockers(self, ids: Collection[UUID]) -> set[UUID]:
        """Those of these members who block another of them."""
        return {blocker for blocker, blocked in self._blocks if blocker in ids and blocked in ids}


def named_in(event: Event) -> set[UUID]:
    """The ids of the members in the event; ids of other things may be among them."""
    found: set[UUID] = set()
    for name in _fields_with_ids(type(event)):
        value = getattr(event, name)
        found.update(value if isinstance(value, tuple) else (value,))
    return found - {None}


@cache
def _fields_with_ids(kind: type[Event]) -> list[str]:
    fields = [name for name in kind.model_fields if name.endswith(("_id", "_ids")) and name not in ("aggregate_id", "correlation_id")]
    return [*fields, "member_id"] if hasattr(kind, "member_id") else fields


async def people(tx: Tx, ids: Collection[UUID]) -> People:
    """What is known of these members, in one statement; ids of anything else are ignored."""
    if not ids:
        return People([])
    rows = await tx.fetch(
        f"select asked.id, {', '.join(PROFILE)}, coalesce(profile_version, 0) > 0 and not erased as joined, address, passed_on, erased,"
        " array(select blocked_id from blocks where blocker_id = asked.id and blocked_id = any($1::uuid[]) and active) as blocks"
        " from unnest($1::uuid[]) as asked(id) left join members on member_id = asked.id",
        list(ids),
    )
    profiles = {row["id"]: Profile(row["id"], *(row[column] for column in PROFILE)) for row in rows if row["joined"]}
    return People(
        [Recipient(profiles[row["id"]], row["address"], row["passed_on"]) for row in rows if row["joined"] and row["address"] is not None],
        profiles=profiles.values(),
        erased=[row["id"] for row in rows if row["erased"]],
        blocks=[(row["id"], blocked) for row in rows for blocked in row["blocks"]],
    )


def fit(address: str) -> str:
    """The address as letters carry it. Raises CannotHandle if none could."""
    try:
        return ascii_address(address)
    except UnfitAddress as error:
        raise CannotHandle(f"unfit_address: {error}") from None


handlers = Handlers()


@handlers.consumes(AddressSet)
async def keep_address(event: AddressSet, tx: Tx) -> None:
    """Where her letters go from now on, those that are written too."""
    newest = await tx.fetchval(
        "insert into members (member_id, address, address_version, passed_on) values ($1, $2, $3, $4)"
        " on conflict (member_id) do update set address = excluded.address, address_version = excluded.address_version,"
        " passed_on = excluded.passed_on where members.address_version < excluded.address_version and not members.erased returning true",
        event.member_id,
        address := fit(event.address),
        event.aggregate_version,
        passed_on := fit(event.passed_on) if event.passed_on else None,
    )
    if newest:
        await letters.redirect(tx, event.member_id, address, passed_on or address)


async def blank_address(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member has no address any more."""
    await tx.execute("update members set address = null, passed_on = null where member_id = $1", member_id)


ADDRESSES = Feature("addresses", handlers=handlers, on_erase=blank_address)
