"""Writing a profile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.community import store as community
from services.members.directory import store as directory
from services.members.directory.domain import found_by
from services.members.groups import store as groups
from services.members.invitations import store as invitations
from services.members.invitations.domain import branch_of, placed
from services.members.invitations.entering import who_may_join
from services.members.joining import store as join_requests
from services.members.profiles import store
from services.members.profiles.domain import Member
from shared.contracts.events.base import Event
from shared.contracts.http.members.community import Join
from shared.contracts.http.members.profiles import NotLetIn, OwnProfile, ProfileBody
from shared.messaging import outbox
from shared.postgres.database import Tx
from shared.problems import Field, Invalid, NotSignedIn


@dataclass(frozen=True)
class Known:
    """Herself, the branch in which she may join, if she may, the version of the terms to agree to, and the group she was invited from."""

    member: Member
    branch: UUID | None
    terms: int
    group: str


@dataclass(frozen=True)
class WriteProfile:
    """Her profile as it is from now on."""

    profile: ProfileBody
    most: Join
    """How many the operator lets join."""

    async def load(self, tx: Tx, me: UUID) -> Known:
        """Raises NotSignedIn if her account is gone."""
        if member := await store.lock(tx, me):
            branch = branch_of(await invitations.place(tx, me), await who_may_join(tx, self.most))
            invited_as = await invitations.invited_as(tx, me) if member.profile is None else None
            return Known(member, branch, await community.version(tx, "terms"), invited_as.group if invited_as else "")
        raise NotSignedIn

    def decide(self, loaded: Known, me: UUID, at: datetime) -> tuple[Member, list[Event]]:
        """Raises NotLetIn, or Invalid unless she is of age and agrees to the terms, if it would be her first."""
        before = loaded.member
        if before.profile is None and loaded.branch is None:
            raise NotLetIn
        if before.profile is None and (wrong := list(self._unsaid(loaded.terms))):
            raise Invalid(fields=wrong)
        known = before.profile.model_dump() if before.profile else {"visibility": "connections"}
        written = OwnProfile(**known | self.profile.model_dump(exclude={"version", "adult", "terms", "group"}, exclude_none=True))
        after, events = before.write(written, self.profile.version, at)
        if before.profile is None and loaded.branch:
            events.append(placed(me, loaded.branch, at.date(), at))
        return after, events

    def _unsaid(self, terms: int) -> Iterator[Field]:
        if not self.profile.adult:
            yield Field("adult", "not_adult")
        if self.profile.terms != terms:
            yield Field("terms", "not_agreed")

    async def save(self, tx: Tx, loaded: Known, row: Member) -> None:
        if row.profile and row != loaded.member:
            await store.save(tx, row, row.profile)
            await directory.keep(tx, row.id, found_by(row.profile))
        if loaded.member.profile is None and loaded.branch and row.changed_at:
            if self.profile.group and loaded.group:
                await outbox.put(tx, await groups.keep(tx, row.id, loaded.group, row.changed_at))
            await invitations.joined(tx, row.id, loaded.branch, row.changed_at.date())
            await join_requests.drop(tx, row.id)
            await community.agree(tx, row.id, "terms", loaded.terms, row.changed_at)
