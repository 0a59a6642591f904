"""Invitations, and asking to join."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.http.base import Answer, Body, CommandRoute, OpenRoute, QueryRoute
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.contracts.http.members.signing_in import ForeignCaller, InvitationToken
from shared.problems import NotFound, Problem

OPEN_INVITATIONS = 3
"""At most so many of one member wait to be used."""
INVITATION_DAYS = 14
RETURNS_DAYS = 30
"""After so many days one that was used may be made anew."""
MOST_INVITED = 100
"""Women who came by her invitations, as far as her page lists them; the latest first."""


class OpenInvitation(Answer):
    """An invitation of hers that nobody has used yet. `token` is the end of its link."""

    id: UUID
    token: lengths.Token
    expires_at: datetime


class Invited(Answer):
    """A woman who joined by her invitation. `sanctioned`: moderators had to act, which her sponsor is told without a reason."""

    id: UUID
    name: lengths.Line
    sanctioned: bool


class Invitations(Answer):
    """What she alone sees: her open invitations, how many she may still make, when the next one returns if none, and who came by them."""

    open: list[OpenInvitation] = Field(max_length=OPEN_INVITATIONS)
    left: int = Field(ge=0, le=OPEN_INVITATIONS)
    next_at: datetime | None
    invited: list[Invited] = Field(max_length=MOST_INVITED)


class InvitationBody(Body):
    """The end of an invitation's link."""

    invitation: InvitationToken


class InvitationFrom(Answer):
    """Who invites her: no more than her name; empty if those who run the community do."""

    name: lengths.Line


class NoInvitationLeft(Problem, sentence="You have no invitation to give just now. One comes back every 30 days."):
    """Three are open or were used; a used one returns after 30 days, one at a time."""


class InvitationGone(Problem, status=404, sentence="This invitation doesn't work any more. Ask the woman who sent it for another."):
    """Expired, used, taken back, its sponsor gone, or never there: all the same to whoever asks."""


INVITATIONS = QueryRoute(path="/v1/invitations", answer=Invitations, problems=(ProfileNeeded,))
INVITE = CommandRoute(path="/v1/invitations", creates=True, problems=(ProfileNeeded, NoInvitationLeft))
TAKE_BACK = CommandRoute(path="/v1/invitations/{invitation_id}/take-back", problems=(NotFound,))
RELEASE = CommandRoute(path="/v1/invitations/invited/{member_id}/release", problems=(NotFound,))
OPEN_INVITATION = OpenRoute(
    path="/v1/invitations/open", body=InvitationBody, answer=InvitationFrom, problems=(ForeignCaller, InvitationGone), repeatable=True
)
