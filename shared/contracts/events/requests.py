"""What the requests service tells: connection requests, and introductions from the ask to the outcome."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.events.base import Event, MemberEvent, Private, PrivateText
from shared.contracts.kind_answers import KindAnswer
from shared.contracts.lengths import Line, Text

HowMet = Literal["work", "study", "event", "neighbourhood", "community", "through_someone", "online", "not_yet"]
AsksFor = Literal["twenty_minutes", "advice", "mentoring", "referral", "other"]
Origin = Literal["asked", "proposed"]
OutcomeAnswer = Literal["worthwhile", "did_not_meet", "not_as_described", "misconduct"]
ConnectionEnd = Literal["declined", "withdrawn", "expired", "blocked", "member_left"]
IntroductionEnd = Literal["declined_by_voucher", "passed", "withdrawn", "vouch_withdrawn", "expired", "blocked", "member_left"]
NeedEnd = Literal["declined", "met", "withdrawn", "expired", "blocked", "member_left"]
ReminderKind = Literal["how_did_it_go", "in_touch", "request_waits", "ask_waits", "introduction_waits"]

NotFor = Annotated[tuple[UUID, ...], Field(max_length=3)]
"""Whom nobody needs to tell of an end: her own no is in it, or it never existed for her. For services, never for pages or letters."""

PrivateWords = Annotated[dict[UUID, Text], Field(max_length=2), Private]
"""One text a side, by her member id."""


Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
LongAgo = Annotated[tuple[UUID, ...], Field(max_length=2)]
"""Sides with whom the voucher hadn't spoken for more than two years when she wrote, which her words then say."""


class ConnectionEvent(Event):
    """aggregate_id is the connection request's id."""

    requester_id: UUID
    recipient_id: UUID

    @property
    def connection_request_id(self) -> UUID:
        return self.aggregate_id


class ConnectionRequested(ConnectionEvent, publisher="requests"):
    """The requester said where they met and why now; if she liked, at which event or organisation, and what she asks for.

    `recipient_question`: the recipient's own, which she answered.
    """

    how_met: HowMet
    where_we_met: PrivateText
    why_now: PrivateText
    expires_at: AwareDatetime
    met_at: Annotated[Line, Private] = ""
    asks_for: AsksFor | None = None
    recipient_question: Annotated[Line | None, Private] = None
    requester_answer: Annotated[Text | None, Private] = None


class ConnectionQuestionAsked(ConnectionEvent, publisher="requests"):
    """The recipient asked one question before she decides."""

    question: PrivateText


class ConnectionQuestionAnswered(ConnectionEvent, publisher="requests"):
    """The requester answered it."""

    question: PrivateText
    answer: PrivateText


class ConnectionAccepted(ConnectionEvent, publisher="requests"):
    """The two are connected."""


class ConnectionClosed(ConnectionEvent, publisher="requests"):
    """The request came to nothing. The reason is for services, never for pages; `shown_at` is when its end shows.

    `kind_answer`: the sentence that the recipient chose for the requester to read; it shows at once.
    """

    reason: ConnectionEnd
    shown_at: AwareDatetime
    kind_answer: KindAnswer | None = None


class ConnectionRemoved(Event, publisher="requests"):
    """aggregate_id is the removal's id. The two, in the order of their ids, are no longer connected; which of them wished so isn't told."""

    member_ids: tuple[UUID, UUID]


MONTHS = UUID("6d616472-696e-5061-8002-0000006d6f6e")


class MonthCounted(Event, publisher="requests"):
    """How many women did something for the first time in a month that is over, for services, never for pages or letters: some of these
    numbers are small. aggregate_id is MONTHS."""

    begins_at: AwareDatetime
    ends_at: AwareDatetime
    first_requests: Count
    first_introductions: Count
    first_vouches: Count


class RequestsRestricted(Event, publisher="requests"):
    """aggregate_id is the restriction's id. Several whom she asked don't know her: until then she may be introduced only."""

    member_id: UUID
    until: AwareDatetime


class IntroductionEvent(Event):
    """aggregate_id is the introduction's id. `asker_id` is null in a proposal."""

    origin: Origin
    voucher_id: UUID
    side_ids: tuple[UUID, UUID]
    asker_id: UUID | None

    @property
    def introduction_id(self) -> UUID:
        return self.aggregate_id


class IntroductionAsked(IntroductionEvent, publisher="requests"):
    """The asker told the voucher why she would like to meet the counterpart."""

    why_her: PrivateText
    expires_at: AwareDatetime


class IntroductionVouched(IntroductionEvent, publisher="requests"):
    """The voucher stands behind it. `why_her` is there only if she let the counterpart read it.

    `to`: whom of the two it reaches now; None: both. What answers an ask by need reaches the counterpart first, and the asker after her
    yes.
    """

    words_for: PrivateWords
    long_ago: LongAgo = ()
    why_her: Annotated[Text | None, Private] = None
    closes_at: AwareDatetime
    to: NotFor | None = None


class CorrectionAsked(IntroductionEvent, publisher="requests"):
    """A side asks the voucher to correct what is said of her; nobody else learns of it."""

    by_id: UUID
    words: PrivateText
    closes_at: AwareDatetime


class WordsCorrected(IntroductionEvent, publisher="requests"):
    """The voucher wrote other words. `ask_again`: whoever had confirmed and has to anew; for services, never for pages or letters."""

    words_for: PrivateWords
    long_ago: LongAgo = ()
    ask_again: Annotated[tuple[UUID, ...], Field(max_length=2)] = ()
    closes_at: AwareDatetime


class VouchWithdrawn(IntroductionEvent, publisher="requests"):
    """The voucher took her vouch back before both confirmed; it shows at once."""

    shown_at: AwareDatetime
    not_for: NotFor = ()


class IntroductionClosed(IntroductionEvent, publisher="requests"):
    """It did not go on. The reason is for services, never for pages or letters; published when the end shows.

    `kind_answer`: the sentence that the voucher chose for the asker to read; it shows at once.
    """

    reason: IntroductionEnd
    shown_at: AwareDatetime
    not_for: NotFor = ()
    kind_answer: KindAnswer | None = None


class IntroductionConfirmed(IntroductionEvent, publisher="requests"):
    """Both sides said yes. The only event an introduction letter can be built from.

    `writes_first`: the asker; in a proposal the side who said yes last.
    """

    words_for: PrivateWords
    long_ago: LongAgo = ()
    confirmed_at: AwareDatetime
    writes_first: UUID | None = None


class OutcomesRevealed(IntroductionEvent, publisher="requests"):
    """What sides said of the introduction, by side; a late answer comes in an event of its own, alone."""

    confirmed_at: AwareDatetime
    answers: Annotated[dict[UUID, OutcomeAnswer], Field(max_length=2), Private]
    thank_yous: PrivateWords


class SidesConnected(Event, publisher="requests"):
    """aggregate_id is the introduction's id. Both sides would like to keep each other: they are connected.

    `told_id`: whoever said so first, unless another event tells her.
    """

    voucher_id: UUID
    side_ids: tuple[UUID, UUID]
    told_id: UUID | None = None

    @property
    def introduction_id(self) -> UUID:
        return self.aggregate_id


class NeedEvent(Event):
    """aggregate_id is the id of an ask by need."""

    asker_id: UUID
    voucher_id: UUID

    @property
    def need_id(self) -> UUID:
        return self.aggregate_id


class NeedAsked(NeedEvent, publisher="requests"):
    """The asker told one of her connections whom she looks for, without a name."""

    looking_for: PrivateText
    ends_at: AwareDatetime


class NeedClosed(NeedEvent, publisher="requests"):
    """It is over. The reason is for services, never for pages or letters; published when its end shows."""

    reason: NeedEnd
    shown_at: AwareDatetime


class MisconductReported(Event, publisher="requests"):
    """aggregate_id is the report's id. For moderators; weighs nothing until upheld."""

    introduction_id: UUID
    by_id: UUID
    about_id: UUID
    words: PrivateText


class QuestionReported(Event, publisher="requests"):
    """aggregate_id is the report's id, one for each member and question. For moderators: the question that a member asks of requesters."""

    by_id: UUID
    about_id: UUID
    question: PrivateText


class RemindersDue(Event, publisher="requests"):
    """aggregate_id is the reminder's id (one a member, subject and kind); version 2 asks once more."""

    kind: ReminderKind
    member_id: UUID
    subject_id: UUID
    about_id: UUID
    """The member the reminder is about: for `how_did_it_go`, `in_touch` and `introduction_waits` the other side, for
    `ask_waits` the asker, for `request_waits` the requester."""
    until: AwareDatetime | None = None
    """When it ends by itself, if it does."""


class RemovalTold(Event, publisher="requests"):
    """aggregate_id is of the two. `member_id` lately dealt with `removed_id`, who is no longer here: she is told so, and no more."""

    member_id: UUID
    removed_id: UUID


class ErasedFromRequests(MemberEvent, publisher="requests"):
    """Of an erased member nothing is left here but her bare id, and what looks open to others until it has shown its end."""
