"""When an invitation lets someone in, how many a member may make, and to which branch whoever uses it belongs. Pure."""

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.members.accounts.domain import Address
from shared.contracts.events.base import NIL, Event
from shared.contracts.events.members import Language, MemberPlaced
from shared.contracts.events.members_private import InvitationSent
from shared.contracts.http.members.community import Join
from shared.contracts.http.members.joining import INVITATION_DAYS, LETTERS_DAYS, OPEN_INVITATIONS, RETURNS_DAYS

LIFE, RETURNS = timedelta(days=INVITATION_DAYS), timedelta(days=RETURNS_DAYS)
LETTERS_WITHIN = timedelta(days=LETTERS_DAYS)
WITHOUT_SPONSOR = UUID("6d1f2b4e-93c5-4f0a-8a57-2c1be07d9f36")
"""The branch that all share who came without a sponsor."""


@dataclass(frozen=True)
class DoorPolicy:
    """How many the operator lets join, the key of invitations' tokens, and whether these may go by letter."""

    most: Join
    key: str = field(repr=False)
    letters: bool = False


@dataclass(frozen=True)
class Invitation:
    """A link that lets one woman in. Without a sponsor it is of those who run the community, and for one address alone."""

    id: UUID
    sponsor_id: UUID | None
    made_at: datetime
    expires_at: datetime
    founder: bool = False


@dataclass(frozen=True)
class Place:
    """Where a member came in; `sponsor_id` is None if nobody invited her, or her sponsor has released herself or left."""

    member_id: UUID
    branch: UUID
    founder: bool = False
    sponsor_id: UUID | None = None
    invitation_id: UUID | None = None


@dataclass(frozen=True)
class Budget:
    """What decides on how many invitations she may make: how many are open, and when those were used that were."""

    open: int
    used: Sequence[datetime]

    def left(self, at: datetime) -> tuple[int, datetime | None]:
        """How many she may make now; if none and one is only to return, when it does. Used ones return one after the other."""
        returns: list[datetime] = []
        for used_at in sorted(self.used):
            returns.append(max([used_at, *returns[-1:]]) + RETURNS)
        away = [returned for returned in returns if returned > at]
        left = max(0, OPEN_INVITATIONS - self.open - len(away))
        return left, None if left or not away else away[0]


def token_of(key: str, id_: UUID, of: str = "invitation") -> str:
    """The end of its link: its id and half of an HMAC-SHA-256 over it. It is stored nowhere, so she can share it again."""
    return base64.urlsafe_b64encode(id_.bytes + _mac(key, id_, of)).decode().rstrip("=")


def id_in(key: str, token: str, of: str = "invitation") -> UUID:
    """The id of the invitation with this token, or of what it is `of`; NIL, which is nothing's, if the token isn't ours."""
    try:
        whole = base64.b64decode(token + "=", altchars=b"-_", validate=True)
        found = UUID(bytes=whole[:16])
    except ValueError:
        return NIL
    return found if hmac.compare_digest(_mac(key, found, of), whole[16:]) else NIL


def _mac(key: str, id_: UUID, of: str) -> bytes:
    return hmac.digest(key.encode(), of.encode() + b"\0" + id_.bytes, "sha256")[:16]


def place(invitation: Invitation, member_id: UUID, sponsor: Place | None, new_branch: UUID) -> Place:
    """Where the woman who uses the invitation comes in.

    A founder is a branch of her own, and so is each woman whom a founder invites; all others belong to their sponsor's.
    """
    own = invitation.founder or (sponsor is not None and sponsor.founder)
    branch = new_branch if own else sponsor.branch if sponsor else WITHOUT_SPONSOR
    return Place(member_id, branch, invitation.founder, invitation.sponsor_id, invitation.id)


def branch_of(place: Place | None, join: Join) -> UUID | None:
    """The branch in which she joins who came in there; None if nobody let her in, and joining isn't open."""
    return place.branch if place else WITHOUT_SPONSOR if join == "open" else None


def placed(member_id: UUID, branch: UUID, joined_on: date, at: datetime) -> Event:
    """What reputation hears of it."""
    return MemberPlaced(aggregate_id=member_id, aggregate_version=1, occurred_at=at, branch=branch, joined_on=joined_on)


def letter(made: Invitation, address: Address, language: Language, **said: Any) -> Event:
    """An invitation, as it goes to that address; `said`: in whose name, its token, and whether it leaves."""
    to = {"address": address.address, "name": "", "language": language}
    return InvitationSent(aggregate_id=made.id, aggregate_version=1, occurred_at=made.made_at, until=made.expires_at, **to, **said)
