"""Introductions, from the ask or the proposal to the outcomes."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from shared.contracts.events.requests import HowMet, Origin, OutcomeAnswer
from shared.contracts.http.base import Answer, Body, Card, CommandRoute, Page, QueryRoute, Refusal
from shared.contracts.http.requests import introduction_problems as no
from shared.contracts.http.requests.connection_problems import AlreadyConnected
from shared.contracts.http.requests.connections import Closeness, ClosenessBody, IntroducedView, LastSpokeIfSaid
from shared.contracts.kind_answers import KindAnswer
from shared.contracts.lengths import Text, Word
from shared.problems import Invalid, NotFound
from shared.text import Words

WhyHer = Annotated[str, Words(40, 1000)]
WordsForHer = Annotated[str, Words(40, 1000)]
CorrectionText = Annotated[str, Words(15, 300)]
ThankYouText = Annotated[str, Words(1, 500)]
ReportText = Annotated[str, Words(1, 2000)]

AskDays = Literal[4, 7, 14]
"""For how long an ask is open."""

State = Literal["asked", "vouched", "confirmed", "settled", "closed"]
Role = Literal["voucher", "asker", "counterpart", "side"]
InTouch = Literal["yes", "not_yet"]
MyAnswer = Literal["confirmed", "passed", "declined"]
VouchersReason = Literal["not_well_enough", "know_more", "not_the_moment", "too_quickly"]
"""Why she declined or withdrew her vouch, for herself alone: she doesn't know one of them well enough, she has learned something, it isn't
the moment any more, she gave her word too quickly."""
HowNotToVouch = Literal["quietly", "not_well_enough", KindAnswer]
"""A no that the asker isn't told of, with or without the voucher's reason, or one that she reads at once, as one of the kind sentences."""
Action = Literal[
    "vouch",
    "decline",
    "decline_kindly",
    "confirm",
    "pass",
    "withdraw",
    "withdraw_vouch",
    "ask_correction",
    "correct",
    "say_in_touch",
    "say_outcome",
    "keep",
    "let_go",
]


class AskBody(Body):
    """An ask as it is sent."""

    voucher_id: UUID
    counterpart_id: UUID
    why_her: WhyHer
    days: AskDays = 14


class ProposalBody(Body):
    """A proposal as it is sent; `words_for` has one text for each side."""

    side_ids: tuple[UUID, UUID]
    words_for: dict[UUID, WordsForHer] = Field(max_length=2)
    last_spoke: dict[UUID, LastSpokeIfSaid] = Field(default={}, max_length=2)


class VouchBody(Body):
    """A vouch as it is sent. `show_why_her` lets the counterpart read what the asker wrote.

    `last_spoke`: when she last spoke with each; longer than two years ago dates her words.
    """

    words_for: dict[UUID, WordsForHer] = Field(max_length=2)
    last_spoke: dict[UUID, LastSpokeIfSaid] = Field(default={}, max_length=2)
    show_why_her: bool = False


class DeclineBody(Body):
    """A voucher's no, quiet if nothing else is said."""

    how: HowNotToVouch = "quietly"


class WithdrawVouchBody(Body):
    """Why she withdraws her vouch, if she likes to keep that."""

    reason: VouchersReason | None = None


class ConfirmBody(Body):
    """A side's yes, with the version of the words that she read."""

    words_version: int | None = Field(None, ge=0, le=2)


class CorrectionBody(Body):
    """What isn't right about her, for the voucher alone."""

    correction: CorrectionText


class CorrectBody(Body):
    """Other words for both sides."""

    words_for: dict[UUID, WordsForHer] = Field(max_length=2)


class OutcomeBody(Body):
    """How it went for one side. `thank_you` goes with `worthwhile`; `report`, for the moderators, with `misconduct`."""

    answer: OutcomeAnswer
    thank_you: ThankYouText | None = None
    report: ReportText | None = None


class InTouchBody(Body):
    """Whether the two are in touch, by the side who writes first."""

    answer: InTouch


class WhereMet(Answer):
    """How the voucher and the asker met, by their connection."""

    how_met: HowMet
    where_we_met: Text


class ThankYou(Answer):
    """`from` is the side who wrote it."""

    model_config = ConfigDict(validate_by_alias=True, validate_by_name=True, serialize_by_alias=True)

    from_: Card = Field(alias="from")
    text: Text


class CorrectionView(Answer):
    """`from` is the side who asked for it; `corrected`: other words have been written since."""

    model_config = ConfigDict(validate_by_alias=True, validate_by_name=True, serialize_by_alias=True)

    from_: Card = Field(alias="from")
    text: Text
    corrected: bool


class IntroductionView(Answer):
    """An introduction as one of its three sees it. `cannot_vouch` is the code of what stands in the voucher's way.

    `words_for`: the voucher's words by side, those for the reader first. Each side reads those for the other too, for the letter prints
    both. `corrections`: what the voucher was asked to correct; a side sees what she asked, and that the words were corrected.
    `long_ago`: sides with whom the voucher hadn't spoken for more than two years when she wrote. `vouches_left`: how many more she can
    vouch for now, told to her alone.
    `first`: the first that the voucher ever vouched for, if she reads it; for a side, the first that was confirmed for her.
    Lists leave it False. `kind_answer`: the voucher's no, for her and the asker to read; `my_reason`: why she said it or withdrew, hers
    alone. `writes_first` is told to the two sides once both have said yes; `in_touch` is what she herself said.
    `answers_need`: it answers an ask by need of the first side's, and the other side is asked first.
    `kept`: she would like to keep the other, whom she knows so well. `connected`: a side's with the other; lists leave it False, and
    don't look whether there is a connection already.
    """

    id: UUID
    origin: Origin
    state: State
    my_role: Role
    voucher: Card
    sides: tuple[Card, Card]
    asker_id: UUID | None
    why_her: Text | None
    show_why_her: bool
    words_for: dict[UUID, Text] = Field(max_length=2)
    long_ago: tuple[UUID, ...] = Field(default=(), max_length=2)
    words_version: int = Field(default=0, ge=0, le=2)
    corrected_at: datetime | None = None
    corrections: list[CorrectionView] = Field(default=[], max_length=2)
    asked_at: datetime | None
    vouched_at: datetime | None
    expires_at: datetime
    confirmed_at: datetime | None
    closed_at: datetime | None
    my_answer: MyAnswer | None
    kind_answer: KindAnswer | None = None
    my_reason: VouchersReason | None = None
    my_outcome: OutcomeAnswer | None
    went_well: bool
    thank_yous: list[ThankYou] = Field(max_length=2)
    actions: list[Action] = Field(max_length=10)
    cannot_vouch: Word | None
    vouches_left: int | None = Field(default=None, ge=0, le=100)
    connection_with_asker: WhereMet | None
    first: bool = False
    writes_first: UUID | None = None
    in_touch: InTouch | None = None
    answers_need: bool = False
    kept: Closeness | None = None
    connected: bool = False


class ProposingView(Answer):
    """Whether she can propose these two to each other now; `introduced`: by her, within the past year."""

    cannot_propose: Refusal | None
    vouches_left: int | None = Field(default=None, ge=0, le=100)
    introduced: IntroducedView | None


_ON_ONE = (NotFound, no.NotYours, no.AlreadyClosed, no.AlreadyConfirmed)
_VOUCH = (no.KnowBothBetter, no.TooManyOpenVouches, no.Suspended, no.WordsForBoth)

ASK = CommandRoute(
    path="/v1/introductions/asks",
    body=AskBody,
    creates=True,
    problems=(no.CannotAsk, no.AlreadyIntroduced, no.TooManyOpenAsks, no.Suspended),
)
PROPOSE = CommandRoute(
    path="/v1/introductions/proposals", body=ProposalBody, creates=True, problems=(no.CannotPropose, no.IntroducedThem, *_VOUCH)
)
PROPOSING = QueryRoute(path="/v1/connections/{member_id}/proposals/{other_id}", answer=ProposingView)
INTRODUCTIONS = QueryRoute(path="/v1/introductions", answer=Page[IntroductionView], paged=True)
WITHDRAWN_VOUCHES = QueryRoute(path="/v1/me/withdrawn-vouches", answer=Page[IntroductionView], paged=True)
"""Those she vouched for and withdrew her vouch from, and said to herself why."""
INTRODUCTION = QueryRoute(path="/v1/introductions/{introduction_id}", answer=IntroductionView, problems=(NotFound,))
VOUCH = CommandRoute(
    path="/v1/introductions/{introduction_id}/vouch",
    body=VouchBody,
    problems=(*_ON_ONE, no.NotNow, no.NotConnectedToBoth, no.CannotVouch, *_VOUCH),
)
DECLINE = CommandRoute(path="/v1/introductions/{introduction_id}/decline", body=DeclineBody, problems=(*_ON_ONE, no.NotNow, no.Suspended))
CONFIRM = CommandRoute(
    path="/v1/introductions/{introduction_id}/confirm", body=ConfirmBody, problems=(*_ON_ONE, no.Suspended, no.WordsChanged)
)
ASK_CORRECTION = CommandRoute(
    path="/v1/introductions/{introduction_id}/correction",
    body=CorrectionBody,
    problems=(*_ON_ONE, no.NotNow, no.Suspended, no.AskedToCorrect),
)
CORRECT = CommandRoute(
    path="/v1/introductions/{introduction_id}/words", body=CorrectBody, problems=(*_ON_ONE, no.NotNow, no.Suspended, no.WordsForBoth)
)
PASS = CommandRoute(path="/v1/introductions/{introduction_id}/pass", problems=_ON_ONE)
WITHDRAW = CommandRoute(path="/v1/introductions/{introduction_id}/withdraw", problems=_ON_ONE)
WITHDRAW_VOUCH = CommandRoute(
    path="/v1/introductions/{introduction_id}/withdraw-vouch", body=WithdrawVouchBody, problems=(*_ON_ONE, no.NotNow)
)
SAY_OUTCOME = CommandRoute(
    path="/v1/introductions/{introduction_id}/outcome",
    body=OutcomeBody,
    problems=(NotFound, no.NotYours, no.AlreadyClosed, no.NotNow, no.Suspended, no.AlreadyAnswered, no.OnlyWorthwhileNow, Invalid),
)
SAY_IN_TOUCH = CommandRoute(
    path="/v1/introductions/{introduction_id}/in-touch",
    body=InTouchBody,
    problems=(NotFound, no.NotYours, no.AlreadyClosed, no.NotNow, no.Suspended),
)
KEEP = CommandRoute(
    path="/v1/introductions/{introduction_id}/keep",
    body=ClosenessBody,
    problems=(NotFound, no.NotYours, no.AlreadyClosed, no.NotNow, no.Suspended, AlreadyConnected),
)
LET_GO = CommandRoute(
    path="/v1/introductions/{introduction_id}/let-go", problems=(NotFound, no.NotYours, no.AlreadyClosed, no.NotNow, AlreadyConnected)
)
