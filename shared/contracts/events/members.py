"""What the members service tells: who is here, and who must not meet whom."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.events.base import Event, MemberEvent, Private, PrivateText
from shared.contracts.lengths import Line, Text, Word
from shared.text import name_key

Language = Literal["en", "es"]
Visibility = Literal["members", "connections"]


class _Profile(MemberEvent):
    """aggregate_version is her profile's. `discreet`: her letters' subjects say nothing of Madrina."""

    name: Line
    headline: Line
    language: Language
    time_zone: Word
    visibility: Visibility = "members"
    organisation: Line = ""
    discreet: bool = False

    @property
    def organisation_key(self) -> str:
        """What spellings of her organisation have in common; empty if she named none."""
        return name_key(self.organisation)


class MemberJoined(_Profile, publisher="members"):
    """A woman made her profile and is a member from now on."""


class ProfileChanged(_Profile, publisher="members"):
    """Her profile as it is now, whole."""


class MemberPlaced(MemberEvent, publisher="members"):
    """Where she came in, told once, when she joined. `branch` is the path of invitations, by an id that is nobody's."""

    branch: UUID
    joined_on: date


class MemberGrouped(MemberEvent, publisher="members"):
    """aggregate_version counts its changes. By her consent women of this group, who agreed as she did, may be suggested to her and she to
    them; empty once she took that back."""

    group: Line

    @property
    def group_key(self) -> str:
        """What spellings of it have in common."""
        return name_key(self.group)


class _Block(Event):
    """aggregate_id is the block's (one a pair and direction), aggregate_version counts its changes."""

    blocker_id: UUID
    blocked_id: UUID


class MemberBlocked(_Block, publisher="members"):
    """From now on the two don't exist for each other."""


class MemberUnblocked(_Block, publisher="members"):
    """The block was taken back."""


class _Status(MemberEvent):
    """aggregate_version is her status's."""


class MemberSuspended(_Status, publisher="members"):
    """She doesn't take part for now, whatever the cause: only members knows it."""


class MemberReinstated(_Status, publisher="members"):
    """She takes part again."""


class MemberErased(_Status, publisher="members"):
    """She left for good, her days of grace are over."""


COMMUNITY = UUID("6d616472-696e-5061-8001-636f6d6d756e")
"""The aggregate_id of whatever is told of the community: an installation has one."""


class CommunityChanged(Event, publisher="members"):
    """What the community is called, and in whose name letters leave; each is empty if its steward chose none. aggregate_id is COMMUNITY."""

    name: Line
    sender: Line


class MemberLimited(Event, publisher="members"):
    """aggregate_id is the case's. Until then she may only be introduced; an `until` that is over takes it back."""

    member_id: UUID
    until: AwareDatetime


class MemberRemoved(Event, publisher="members"):
    """aggregate_id is the case's. Moderators decided at `decided_at` that she can't stay, and nobody can appeal any more."""

    member_id: UUID
    decided_at: AwareDatetime


class _Report(Event):
    """aggregate_id is the report's. Told once, when it is decided and nobody can appeal any more."""

    member_id: UUID
    kind: Word
    introduction_id: UUID | None = None
    released_voucher_ids: Annotated[tuple[UUID, ...], Field(max_length=10)] = ()
    """Who vouched for her and answers for nothing of it."""


class ReportUpheld(_Report, publisher="members"):
    """Moderators found it to be so."""


class ReportDismissed(_Report, publisher="members"):
    """It counts for nothing."""


class AddressSet(MemberEvent, publisher="members", private=True):
    """Where her letters go from now on. `passed_on`: where introductions say that she is to be written to, if it is another address."""

    address: PrivateText
    passed_on: Annotated[Text | None, Private] = None


class SignInCodeIssued(Event, publisher="members", private=True):
    """aggregate_id is the sign-in challenge's id, aggregate_version counts how often it was asked for.

    Useless without the browser that asked, and after `expires_at`. With `send` false it goes the way of the others up to the letter, which
    isn't sent, so that nobody can tell by what happens. `repeats`: an earlier letter had the same code. `time_zone` is hers, or empty.
    """

    address: PrivateText
    code: PrivateText
    language: Language
    expires_at: AwareDatetime
    send: bool = True
    repeats: bool = False
    time_zone: Word = ""
