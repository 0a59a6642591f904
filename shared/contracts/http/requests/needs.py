"""Asks by need: whom she looks for, without a name, to one of her connections who is open to asks."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.http.base import Answer, Body, Card, CommandRoute, QueryRoute, Refusal
from shared.contracts.http.requests import introduction_problems as no
from shared.contracts.http.requests.connections import LastSpokeIfSaid
from shared.contracts.http.requests.introductions import AskDays, WordsForHer
from shared.contracts.lengths import Text
from shared.problems import NotFound, Problem
from shared.text import Words

LookingFor = Annotated[str, Words(40, 500)]

NeedState = Literal["open", "answered", "withdrawn", "closed"]
NeedAction = Literal["propose", "decline", "withdraw"]


class NeedBody(Body):
    """An ask by need as it is sent."""

    voucher_id: UUID
    looking_for: LookingFor
    days: AskDays = 14


class NeedAnswerBody(Body):
    """The voucher's answer: a proposal of a woman to the asker. `show_need` lets that woman read what the asker looks for."""

    counterpart_id: UUID
    words_for: dict[UUID, WordsForHer] = Field(max_length=2)
    last_spoke: dict[UUID, LastSpokeIfSaid] = Field(default={}, max_length=2)
    show_need: bool = False


class NeedView(Answer):
    """An ask by need as its asker or its voucher sees it.

    To the voucher it is `answered` once she has proposed somebody; to the asker once that woman has said yes, and `introduction_id` is
    the introduction then. `my_answer` is the voucher's, which nobody else is told.
    """

    id: UUID
    asker: Card
    voucher: Card
    my_role: Literal["asker", "voucher"]
    state: NeedState
    looking_for: Text
    asked_at: datetime
    ends_at: datetime
    my_answer: Literal["declined"] | None
    introduction_id: UUID | None
    actions: list[NeedAction] = Field(max_length=5)


class AskingNeedView(Answer):
    """Whether she can ask that connection by need now."""

    cannot_ask: Refusal | None


class OneNeedAtATime(
    Problem, sentence="You have told somebody whom you look for, and that is still open. When it is answered or ends, you can ask again."
):
    """One ask by need looks open to her."""


class NeedIsOver(Problem, code="need_over", sentence="This is no longer open, so nothing has changed."):
    """It has ended or was answered, as far as she may know."""


ASK_NEED = CommandRoute(
    path="/v1/needs", body=NeedBody, creates=True, problems=(no.CannotAsk, OneNeedAtATime, no.TooManyOpenAsks, no.Suspended)
)
ASKING_NEED = QueryRoute(path="/v1/connections/{member_id}/need", answer=AskingNeedView)
NEED = QueryRoute(path="/v1/needs/{need_id}", answer=NeedView, problems=(NotFound,))
ANSWER_NEED = CommandRoute(
    path="/v1/needs/{need_id}/proposals",
    body=NeedAnswerBody,
    creates=True,
    problems=(
        NotFound,
        NeedIsOver,
        no.CannotPropose,
        no.IntroducedThem,
        no.KnowBothBetter,
        no.TooManyOpenVouches,
        no.Suspended,
        no.WordsForBoth,
    ),
)
DECLINE_NEED = CommandRoute(path="/v1/needs/{need_id}/decline", problems=(NotFound, NeedIsOver))
WITHDRAW_NEED = CommandRoute(path="/v1/needs/{need_id}/withdraw", problems=(NotFound, NeedIsOver))
