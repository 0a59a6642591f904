"""What the members service tells notify alone: of one member, for her letters."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.events.base import Event, PrivateText
from shared.contracts.events.members import Language
from shared.contracts.lengths import Line, Word

MOST_MODERATORS = 100
"""Who are told of one request."""


class ExportReady(Event, publisher="members", private=True):
    """She asked for her data and may take it until `expires_at`. aggregate_id is the export's."""

    member_id: UUID
    expires_at: AwareDatetime


class SignedInFromNewDevice(Event, publisher="members", private=True):
    """aggregate_id is the session's. Her account was opened in a browser that it hadn't been opened in before; `device` says which."""

    member_id: UUID
    device: Line


class SponsoredSanctioned(Event, publisher="members", private=True):
    """Moderators had to act on a woman whom `sponsor_id` invited. aggregate_id is hers, aggregate_version counts how often; no reason."""

    sponsor_id: UUID
    sponsored_id: UUID


class ToAddress(Event):
    """For a letter to a woman who is no member for notify, or no longer: whatever the letter needs comes with it."""

    address: PrivateText
    name: PrivateText
    language: Language
    time_zone: Word = ""
    discreet: bool = False

    @property
    def expires_at(self) -> datetime:
        """Then its words are blanked, sent or not."""
        return self.occurred_at + timedelta(days=7)

    @property
    def day(self) -> datetime:
        """The one that the letter names."""
        return self.occurred_at


class AccountEnds(ToAddress):
    """aggregate_id is her departure's, aggregate_version counts its letters."""

    ends_at: AwareDatetime

    @property
    def day(self) -> datetime:
        """The last one."""
        return self.ends_at


class LeavingAsked(AccountEnds, publisher="members", private=True):
    """She asked that her account ends, and may keep it until then."""


class LeavingUndone(AccountEnds, publisher="members", private=True):
    """She keeps her account."""


class AccountAsleep(AccountEnds, publisher="members", private=True):
    """She hasn't signed in for so long that her account ends, unless she does: told 30 days before (version 1) and 7 days before (2)."""


class AccountErased(AccountEnds, publisher="members", private=True):
    """It has ended, and this letter is the last."""

    @property
    def expires_at(self) -> datetime:
        """Her address stays a day longer than she does, and no more."""
        return self.occurred_at + timedelta(days=1)


class ModerationNoticed(Event, publisher="members", private=True):
    """aggregate_id is the decision's, which she reads on its page: the letter says no more than that there is one."""

    member_id: UUID


class NoticeAnswered(ToAddress, publisher="members", private=True):
    """aggregate_id is the public notice's. Its answer stands on the page with this `token`, and no word of it here."""

    number: Word
    token: PrivateText


class JoinRequested(ToAddress, publisher="members", private=True):
    """aggregate_id is the request's. She asked to join; `recommender_id` is the member whom she named, if there is one."""

    recommender_id: UUID | None = None
    answer_by: AwareDatetime

    @property
    def day(self) -> datetime:
        """By when she has an answer."""
        return self.answer_by


class InvitationSent(ToAddress, publisher="members", private=True):
    """aggregate_id is the invitation's. `sponsor` invites a woman who is no member, with the link that ends in `token`. With `send` false
    it goes the way of the others up to the letter, which isn't sent."""

    sponsor: PrivateText
    token: PrivateText
    until: AwareDatetime
    send: bool = True

    @property
    def day(self) -> datetime:
        """When it runs out."""
        return self.until


class JoinWaits(Event, publisher="members", private=True):
    """aggregate_id is the request's. Unless one of these moderators answers it before, it is answered then by itself: not now."""

    moderator_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_MODERATORS)]
    answer_by: AwareDatetime


class JoinAnswered(ToAddress, publisher="members", private=True):
    """aggregate_id is the request's. Its answer, which is the same to all who aren't let in."""

    let_in: bool


class OfHerAddress(ToAddress):
    """aggregate_id is the change's, `member_id` hers: when she is erased, what names her is blanked."""

    member_id: UUID

    @property
    def day(self) -> datetime:
        """The last one on which its link does something."""
        return self.expires_at


class NewAddressNamed(OfHerAddress, publisher="members", private=True):
    """A member named this address as her new one; the letter tells whoever reads it there no name.

    `code` confirms it; it is empty if the address is another's, who is told so. `passed_on`: it is for introductions to pass on.
    """

    code: PrivateText
    passed_on: bool

    @property
    def expires_at(self) -> datetime:
        """As long as the code is good, in machine time."""
        return self.occurred_at + timedelta(minutes=10)


class AddressChangeAsked(OfHerAddress, publisher="members", private=True):
    """To the address that she has: another is to take its place, or be passed on; `token` stops that."""

    token: PrivateText
    passed_on: bool


class AddressChanged(OfHerAddress, publisher="members", private=True):
    """To the address that she had: with `token` it is put back, for seven days."""

    token: PrivateText
