"""Invitations, and asking to join."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.events.members import Language
from shared.contracts.http.base import Answer, Body, Card, CommandRoute, OpenRoute, Page, QueryRoute
from shared.contracts.http.members.profiles import Name, ProfileNeeded
from shared.contracts.http.members.signing_in import ForeignCaller, InvitationToken
from shared.problems import NotFound, Problem
from shared.text import Words

OPEN_INVITATIONS = 3
"""At most so many of one member wait to be used."""
INVITATION_DAYS = 14
RETURNS_DAYS = 30
LETTERS, LETTERS_DAYS = 5, 30
"""So many invitations of one member go by letter in so many days, and one to one address, whoever asks for it."""
"""After so many days one that was used may be made anew."""
ANSWER_DAYS, WARNED_DAYS, KEPT_DAYS = 14, 3, 30
"""A request to join is answered within so many days, moderators are told so many days before, and it is kept for so many afterwards."""
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


class Recommended(Answer):
    """A woman who asks to join and named her; `recommends` is None until she says whether she would have her here."""

    id: UUID
    name: lengths.Line
    about: lengths.Text
    answer_by: datetime
    recommends: bool | None


class Invitations(Answer):
    """What she alone sees: her open invitations, how many she may still make, when the next one returns if none, who came by them, and who
    named her when they asked to join."""

    open: list[OpenInvitation] = Field(max_length=OPEN_INVITATIONS)
    left: int = Field(ge=0, le=OPEN_INVITATIONS)
    next_at: datetime | None
    invited: list[Invited] = Field(max_length=MOST_INVITED)
    named_by: list[Recommended] = Field(default_factory=list, max_length=MOST_INVITED)
    by_letter: bool = False
    """Whether she may have one sent by email."""


class InvitationBody(Body):
    """The end of an invitation's link."""

    invitation: InvitationToken


class InvitationFrom(Answer):
    """Who invites her: no more than her name; empty if those who run the community do."""

    name: lengths.Line


class InvitationLetterBody(Body):
    """To whom an invitation goes by email, and in which language."""

    email: lengths.Address
    language: Language


class TooManyInvitationLetters(
    Problem,
    code="too_many_invitation_letters",
    status=409,
    sentence="We have written for you as often as we may. You can send a link yourself.",
):
    """5 within 30 days."""


class JoinRequestBody(Body):
    """Who she is, and what she says of herself. `recommender` is the address of a member who knows her, if she likes; `language` is that of
    her letters. `adult` says that she is 18 or older, and `terms` is the version of the terms that she agrees to."""

    name: Name
    about: Annotated[str, Words(40, 600)]
    recommender: lengths.Address = ""
    language: Language
    adult: bool = False
    terms: Annotated[int, Field(ge=1, le=lengths.MOST_VERSIONS)] | None = None


class JoinRequestView(Answer):
    """Her own request: `let_in` is None until it is answered."""

    about: lengths.Text
    answer_by: datetime
    let_in: bool | None


class JoinRequestRow(Answer):
    """A request as moderators read it. Of the member whom she named they learn only if that one recommends her."""

    id: UUID
    name: lengths.Line
    about: lengths.Text
    asked_at: datetime
    answer_by: datetime
    recommended_by: Card | None


class JoinAnswerBody(Body):
    """Whether she may join; if not, she isn't told why."""

    let_in: bool


class RecommendBody(Body):
    """Whether she would have her here."""

    recommends: bool


class CannotAskToJoin(Problem, sentence="You can't ask to join just now."):
    """She is a member, was let in, has asked already, or joining isn't by request."""


class NoInvitationLeft(Problem, sentence="You have no invitation to give just now. One comes back every 30 days."):
    """Three are open or were used; a used one returns after 30 days, one at a time."""


class InvitationGone(Problem, status=404, sentence="This invitation doesn't work any more. Ask the woman who sent it for another."):
    """Expired, used, taken back, its sponsor gone, or never there: all the same to whoever asks."""


INVITATIONS = QueryRoute(path="/v1/invitations", answer=Invitations, problems=(ProfileNeeded,))
INVITE = CommandRoute(path="/v1/invitations", creates=True, problems=(ProfileNeeded, NoInvitationLeft))
INVITE_BY_LETTER = CommandRoute(
    path="/v1/invitations/letters",
    body=InvitationLetterBody,
    creates=True,
    problems=(NotFound, ProfileNeeded, NoInvitationLeft, TooManyInvitationLetters),
)
TAKE_BACK = CommandRoute(path="/v1/invitations/{invitation_id}/take-back", problems=(NotFound,))
RELEASE = CommandRoute(path="/v1/invitations/invited/{member_id}/release", problems=(NotFound,))
OPEN_INVITATION = OpenRoute(
    path="/v1/invitations/open", body=InvitationBody, answer=InvitationFrom, problems=(ForeignCaller, InvitationGone), repeatable=True
)
MY_JOIN_REQUEST = QueryRoute(path="/v1/me/join-request", answer=JoinRequestView, problems=(NotFound,))
ASK_TO_JOIN = CommandRoute(method="PUT", path="/v1/me/join-request", body=JoinRequestBody, problems=(CannotAskToJoin,))
RECOMMEND = CommandRoute(path="/v1/join-requests/{join_request_id}/recommendation", body=RecommendBody, problems=(NotFound,))
JOIN_REQUESTS = QueryRoute(path="/v1/moderation/join-requests", answer=Page[JoinRequestRow], paged=True, problems=(NotFound,))
ANSWER_JOIN_REQUEST = CommandRoute(path="/v1/moderation/join-requests/{join_request_id}/answer", body=JoinAnswerBody, problems=(NotFound,))
