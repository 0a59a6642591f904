"""What moderators do with reports, what the member concerned reads of it and can answer, and what everyone may know in sums."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.http.base import Answer, Body, Card, CommandRoute, OpenRoute, Page, QueryRoute
from shared.contracts.http.members.safety import MOST_ATTACHED, ChosenKind, ReportKind, Subject
from shared.contracts.http.members.signing_in import ForeignCaller
from shared.problems import NotFound, Problem
from shared.text import Words

MOST_DAYS = 365
MOST_TO_CHANGE = 21
MOST_REPORTS = 100

Rule = Literal["respect", "advances", "truth", "identity", "selling", "other"]
"""Which rule of the community a decision names."""
DecisionKind = Literal["dismiss", "change", "limit", "suspend", "remove", "hold"]
ProfileField = Literal["name", "headline", "organisation", "place", "photo"]
Counted = Literal["reports", "decisions", "appeals"]
KINDS: Mapping[Counted, tuple[str, ...]] = {
    "reports": (*get_args(ChosenKind), "illegal", "misconduct"),
    "decisions": get_args(DecisionKind),
    "appeals": ("granted", "dismissed"),
}
"""Every kind of which is counted how many there were: that there was none of one is told no otherwise than that there were few."""
CaseState = Literal["open", "decided", "appealed", "settled"]
NoticeAction = Literal["notice_read", "notice_answered"]
"""What was done with a public notice; then the line's `case_id` is the notice's."""
Action = (
    Literal["opened", "read", "took", "handed_over", "noted", "decided", "acknowledged", "appealed", "settled", "let_in", "not_now"]
    | NoticeAction
    | Literal["circles_read"]
)
"""What is done in a case; of the last, which is in none, `case_id` is the look's."""


class CaseNoteBody(Body):
    """For moderators alone."""

    note: Annotated[str, Words(1, 2000)]


class HandOverBody(Body):
    """Who takes it on; None leaves it to whoever takes it."""

    to: UUID | None = None


class DecisionBody(Body):
    """A decision with its reasons, which the member reads: what was found, without naming whoever reported it.

    `days`: how long a limit or a suspension lasts, None if it is for good; within how many the `field` of her profile is to be changed.
    """

    kind: DecisionKind
    rule: Rule = "other"
    reasons: Annotated[str, Words(0, 2000)] = ""
    field: ProfileField | None = None
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None = None


class AppealBody(Body):
    """What she says against it, once, to another moderator."""

    appeal: Annotated[str, Words(20, 2000)]


class DecisionView(Answer):
    """A decision as the member it is about reads it: a statement of reasons."""

    id: UUID
    kind: DecisionKind
    rule: Rule
    reasons: lengths.Text
    field: ProfileField | None
    decided_at: datetime
    until: datetime | None
    acknowledged_at: datetime | None
    appeal_until: datetime | None = None
    """Until when she can appeal; None if she can't."""
    appeal: lengths.Text | None = None


class CaseNoteView(Answer):
    """A moderator's note."""

    by: lengths.Line
    note: lengths.Text
    at: datetime


class CaseRow(Answer):
    """A case in the queue."""

    id: UUID
    about: Card | None
    state: CaseState
    kinds: list[ReportKind] = Field(max_length=MOST_REPORTS)
    opened_at: datetime
    moderator: Card | None


class AttachedView(Answer):
    """A text that went along: what it is, by its writer's word."""

    what: lengths.Word
    text: lengths.Text


ReportedPhoto = Literal["shown", "replaced", "gone"]
"""What became of a photo since it was reported."""


class ReportView(Answer):
    """A report as moderators read it, which is logged. `photo`: what became of it, if the report is about one."""

    kind: ReportKind
    subject: Subject
    subject_id: UUID | None
    by: Card | None
    words: lengths.Text | None
    attached: list[AttachedView] = Field(max_length=MOST_ATTACHED)
    photo: ReportedPhoto | None = None
    reported_at: datetime


class CaseView(CaseRow):
    """A case, whole. `earlier`: what was decided about her before, in other cases."""

    reports: list[ReportView] = Field(max_length=MOST_REPORTS)
    notes: list[CaseNoteView] = Field(max_length=MOST_REPORTS)
    decisions: list[DecisionView] = Field(max_length=MOST_REPORTS)
    earlier: list[DecisionView] = Field(max_length=MOST_REPORTS)
    appeal: lengths.Text | None
    mine: bool
    others: list[Card] = Field(max_length=MOST_REPORTS)
    """To whom it can be handed over."""
    can_decide: bool


class LogRow(Answer):
    """What was done in a case, when and by whom: None is time or the member herself."""

    id: Annotated[int, Field(le=2**53)]
    at: datetime
    by: lengths.Line | None
    action: Action
    case_id: UUID


class LogView(Answer):
    """The log, the latest first. `next` goes into `before`."""

    items: list[LogRow] = Field(max_length=100)


class TransparencyTable(Answer):
    """How many there were of each kind in one half-year; None is fewer than five. The `total` is None also if it would give one away."""

    half_year: lengths.Word
    what: Counted
    counts: Annotated[dict[lengths.Word, Annotated[int, Field(le=2**31)] | None], Field(max_length=20)]
    total: Annotated[int, Field(le=2**31)] | None


class Transparency(Answer):
    """Half-years that are over."""

    tables: list[TransparencyTable] = Field(max_length=1000)


class CaseNotOpen(Problem, sentence="This can't be decided now: it is decided, or another moderator has to."):
    """It is decided and not appealed, or she decided what is appealed."""


class NotYourCase(Problem, sentence="Please take the case first."):
    """Whoever works on a case has taken it."""


class CannotAppeal(Problem, sentence="This can't be appealed any more."):
    """It was appealed before, or the time for it is over."""


CASES = QueryRoute(path="/v1/moderation/cases", answer=Page[CaseRow], paged=True, problems=(NotFound,))
CASE = QueryRoute(path="/v1/moderation/cases/{case_id}", answer=CaseView)
TAKE = CommandRoute(path="/v1/moderation/cases/{case_id}/take")
HAND_OVER = CommandRoute(path="/v1/moderation/cases/{case_id}/hand-over", body=HandOverBody, problems=(NotYourCase,))
ADD_NOTE = CommandRoute(path="/v1/moderation/cases/{case_id}/notes", body=CaseNoteBody)
DECIDE = CommandRoute(path="/v1/moderation/cases/{case_id}/decisions", body=DecisionBody, problems=(NotYourCase, CaseNotOpen))
LOG = QueryRoute(path="/v1/moderation/log", answer=LogView, parameters=("before",), problems=(NotFound,))

TRANSPARENCY: OpenRoute[Transparency] = OpenRoute(method="GET", path="/v1/transparency", answer=Transparency, problems=(ForeignCaller,))
NOTICES = QueryRoute(path="/v1/notices", answer=Page[DecisionView], paged=True)
NOTICE = QueryRoute(path="/v1/notices/{notice_id}", answer=DecisionView)
ACKNOWLEDGE = CommandRoute(path="/v1/notices/{notice_id}/acknowledge")
APPEAL = CommandRoute(path="/v1/notices/{notice_id}/appeal", body=AppealBody, problems=(CannotAppeal,))
