"""Connection requests, and what another member is to the reader."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from shared.contracts.events.requests import AsksFor, HowMet
from shared.contracts.http.base import Answer, Body, Card, CommandRoute, FieldView, Page, QueryRoute, Refusal, none_if_blank
from shared.contracts.http.requests import connection_problems as no
from shared.contracts.http.requests.reach import Bar
from shared.contracts.kind_answers import KindAnswer
from shared.contracts.lengths import Line, Text
from shared.problems import NotFound
from shared.text import Words

Closeness = Literal["worked_together", "know_well", "met", "not_met"]
"""How well a member knows another, seen by her alone."""
LastSpoke = Literal["month", "year", "two_years", "longer"]
"""When she last spoke with another, counted back from the day she says so: within a month, within a year, a year or two ago, longer ago."""
LastSpokeIfSaid = Annotated[LastSpoke | None, BeforeValidator(none_if_blank, json_schema_input_type=LastSpoke | Literal[""] | None)]
"""The same, in a form that takes no answer too."""

WhereWeMet = Annotated[str, Words(15, 300)]
WhyNow = Annotated[str, Words(40, 1000)]
MetAt = Annotated[str, Words(0, 80, one_line=True)]
"""The event or organisation where they met, by its name."""
RequesterAnswer = Annotated[str, Words(20, 300)]

HAS_A_NAME: frozenset[HowMet] = frozenset({"work", "study", "event", "community"})
"""How two women met, if what they met at has a name of its own."""

RequestRole = Literal["requester", "recipient"]
RequestState = Literal["pending", "accepted", "removed", "withdrawn", "closed"]
ClarifyingQuestion = Annotated[str, Words(20, 300)]
ClarifyingAnswer = Annotated[str, Words(20, 300)]
RequestAction = Literal["accept", "decline", "decline_kindly", "ask_question", "withdraw", "answer_question"]
HowToDecline = Literal["quietly", "unknown", KindAnswer]
"""A no that the requester isn't told of, also if the recipient says that she doesn't know her; or a kind sentence that she reads."""
Relation = Literal["self", "none", "pending_from_me", "pending_from_her", "connected"]


class ProvenanceBody(Body):
    """Where the two know each other from. The name of an event or organisation goes only with one."""

    how_met: HowMet
    where_we_met: WhereWeMet
    met_at: MetAt = ""

    @field_validator("met_at", mode="before")
    @classmethod
    def _only_if_it_has_a_name(cls, said: object, info: ValidationInfo) -> object:
        return said if info.data.get("how_met") in HAS_A_NAME else ""


class NoteBody(Body):
    """What the note gate reads of a connection request."""

    where_we_met: WhereWeMet
    why_now: WhyNow


class NoteView(Answer):
    """What the note gate says: nothing if the note is fine, else `why`, at its field; `refused` if it can't be sent as it is."""

    why: FieldView | None = None
    refused: bool = False


class ConnectionRequestBody(ProvenanceBody):
    """A connection request as it is sent. Who hasn't met her yet is asked for no closeness; `asks_for` is left out or empty if she
    asks for nothing in particular.

    `recipient_question`: the recipient's own question as she read it, which has to be answered. `nudged`: she has been told once what her
    note lacks, and sends it as it is.
    """

    recipient_id: UUID
    why_now: WhyNow
    asks_for: Annotated[AsksFor | None, BeforeValidator(none_if_blank, json_schema_input_type=AsksFor | Literal[""] | None)] = None
    recipient_question: Annotated[Line | None, BeforeValidator(none_if_blank)] = None
    requester_answer: RequesterAnswer | None = Field(default=None, validate_default=True)
    closeness: Closeness = Field(default=None, validate_default=True)
    nudged: Annotated[
        bool, BeforeValidator(lambda said: False if said in ("", None) else said, json_schema_input_type=bool | Literal[""] | None)
    ] = False

    @field_validator("requester_answer", mode="before")
    @classmethod
    def _answers_a_question(cls, said: object, info: ValidationInfo) -> object:
        return (said or "") if info.data.get("recipient_question") else None

    @field_validator("closeness", mode="before")
    @classmethod
    def _follows_from_not_having_met(cls, said: object, info: ValidationInfo) -> object:
        return "not_met" if info.data.get("how_met") == "not_yet" else said


class ClosenessBody(Body):
    """How well she knows the other and, if she likes, when they last spoke."""

    closeness: Closeness
    last_spoke: LastSpokeIfSaid = None


class DeclineBody(Body):
    """A no, quiet if nothing else is said."""

    how: HowToDecline = "quietly"


class QuestionBody(Body):
    """The one question that a recipient asks before she decides."""

    clarifying_question: ClarifyingQuestion


class AnswerBody(Body):
    """The requester's answer to it."""

    clarifying_answer: ClarifyingAnswer


class ReportQuestionBody(Body):
    """A member's own question, as it was read."""

    question: Line


class ConnectionRequestView(Answer):
    """A connection request as one of its two members sees it. `my_answer` is the recipient's, which nobody else is told;
    `kind_answer` is her no for both to read.

    `recipient_question`: the recipient's own as it was when she was asked, which the requester answered.

    `first`: it was accepted, and made the reader's first connection ever; lists leave it False.
    """

    id: UUID
    requester: Card
    recipient: Card
    my_role: RequestRole
    state: RequestState
    how_met: HowMet
    where_we_met: Text
    why_now: Text
    met_at: Line = ""
    asks_for: AsksFor | None = None
    recipient_question: Line | None = None
    requester_answer: Text | None = None
    asked_at: datetime
    expires_at: datetime
    closeness: Closeness | None
    my_answer: Literal["declined", "unknown"] | None
    kind_answer: KindAnswer | None = None
    clarifying_question: Text | None = None
    clarifying_answer: Text | None = None
    actions: list[RequestAction] = Field(max_length=10)
    first: bool = False


class IntroducedView(Answer):
    """An introduction that has been made, by whom and when."""

    introduction_id: UUID
    voucher: Card
    at: datetime


class MemberView(Answer):
    """What another member is to the reader.

    `connection_request_id` and `introduction_id`: what lies between the two and the reader can still act on or wait for.
    `cannot_request`, `cannot_ask`: why not, if there is something that she may know. `introduced`: within the past year.
    `bar`, `question`: who may ask her to connect, and what she asks of each; None if no request of the reader's would have to pass them.
    `left_today`: how many requests the reader can still send today, once few are left.
    """

    member: Card
    relation: Relation
    connection_request_id: UUID | None
    closeness: Closeness | None
    can_request: bool
    cannot_request: Refusal | None = None
    bar: Bar | None = None
    question: Line | None = None
    left_today: int | None = Field(default=None, ge=1, le=100)
    introduction_id: UUID | None = None
    introduced: IntroducedView | None = None
    can_ask: bool = False
    cannot_ask: Refusal | None = None


MEMBER = QueryRoute(path="/v1/members/{member_id}", answer=MemberView, problems=(NotFound,))
ASK = CommandRoute(
    path="/v1/connection-requests",
    body=ConnectionRequestBody,
    creates=True,
    problems=(
        *(NotFound, no.CannotRequest, no.OnlyThroughIntroduction, no.OnlyWomenSheHasMet, no.QuestionChanged),
        *(no.IntroductionsOnly, no.RequestsLimited, no.TooManyOpenRequests, no.TooManyRequestsToday, no.Nudge),
    ),
)
REPORT_QUESTION = CommandRoute(
    path="/v1/members/{member_id}/question/report", body=ReportQuestionBody, problems=(NotFound, no.QuestionChanged)
)
CHECK_NOTE = QueryRoute(path="/v1/connection-requests/check", body=NoteBody, answer=NoteView)
CONNECTION_REQUESTS = QueryRoute(path="/v1/connection-requests", answer=Page[ConnectionRequestView], paged=True)
CONNECTION_REQUEST = QueryRoute(path="/v1/connection-requests/{request_id}", answer=ConnectionRequestView, problems=(NotFound,))
ACCEPT = CommandRoute(
    path="/v1/connection-requests/{request_id}/accept",
    body=ClosenessBody,
    problems=(NotFound, no.OnlyTheRecipient, no.RequestClosed, no.CannotAccept),
)
DECLINE = CommandRoute(
    path="/v1/connection-requests/{request_id}/decline",
    body=DeclineBody,
    problems=(NotFound, no.OnlyTheRecipient, no.AlreadyConnected, no.RequestClosed, no.CannotAnswer),
)
ASK_QUESTION = CommandRoute(
    path="/v1/connection-requests/{request_id}/question",
    body=QuestionBody,
    problems=(NotFound, no.OnlyTheRecipient, no.AlreadyConnected, no.RequestClosed, no.OnlyOneQuestion, no.CannotAnswer),
)
ANSWER_QUESTION = CommandRoute(
    path="/v1/connection-requests/{request_id}/answer",
    body=AnswerBody,
    problems=(NotFound, no.OnlyTheRequester, no.AlreadyConnected, no.RequestClosed, no.NothingAsked, no.OnlyOneAnswer, no.CannotAnswer),
)
WITHDRAW = CommandRoute(
    path="/v1/connection-requests/{request_id}/withdraw", problems=(NotFound, no.OnlyTheRequester, no.AlreadyConnected, no.RequestClosed)
)
