"""Blocks and reports, each as the member who makes them sees it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.http.base import Answer, Body, CommandRoute, Page, QueryRoute
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.problems import NotFound, Problem
from shared.text import Words

MOST_ATTACHED = 8
"""Texts that go with one report."""

ChosenKind = Literal["harassment", "remarks", "not_as_described", "impersonation", "spam", "other"]
"""What she can say it is about: harassment; remarks or advances; not as described; impersonation; spam and recruiting; something else."""
NoticeKind = ChosenKind | Literal["illegal"]
"""What whoever is no member can say as well: content that is against the law."""
ReportKind = NoticeKind | Literal["misconduct"]
"""`misconduct` is what a side says of an introduction."""
Subject = Literal["profile", "photo", "connection_request", "introduction", "question"]
"""What it began with; of a connection request and an introduction an id says which."""
AttachedKind = Literal[
    "profile", "where_we_met", "note", "question", "answer", "clarifying_question", "clarifying_answer", "why_her", "voucher_words"
]
ReportState = Literal["received", "looked_at", "decided"]


class AttachedBody(Body):
    """A text that she could read and chose to send along: what it is, and its words as they stood on her page."""

    what: AttachedKind
    text: Annotated[str, Words(1, 4000)]


class ReportBody(Body):
    """What she tells moderators about another member. Nothing goes along that she didn't choose. `block`: from now on the two don't
    exist for each other."""

    kind: ChosenKind
    what_happened: Annotated[str, Words(10, 2000)]
    subject: Subject = "profile"
    subject_id: UUID | None = None
    attached: Annotated[list[AttachedBody], Field(max_length=MOST_ATTACHED)] = Field(default_factory=list)
    block: bool = False


class MyReport(Answer):
    """How far a report of hers is. `name` is the other's, as long as she is here for her or on her list."""

    id: UUID
    kind: ReportKind
    subject: Subject
    name: lengths.Line | None
    reported_at: datetime
    state: ReportState


class BlockView(Answer):
    """A woman she blocks, by the name that she had then."""

    id: UUID
    name: lengths.Line
    blocked_at: datetime


class TooManyReports(Problem, sentence="You have sent ten reports within a day. We read all of them. You can still block."):
    """10 reports of hers within 24 hours."""


BLOCKS = QueryRoute(path="/v1/blocks", answer=Page[BlockView], paged=True)
BLOCKED = QueryRoute(path="/v1/blocks/{member_id}", answer=BlockView, problems=(NotFound,))
BLOCK = CommandRoute(method="PUT", path="/v1/blocks/{member_id}", problems=(ProfileNeeded, NotFound))
UNBLOCK = CommandRoute(path="/v1/blocks/{member_id}/end")
REPORT = CommandRoute(path="/v1/members/{member_id}/reports", body=ReportBody, creates=True, problems=(ProfileNeeded, TooManyReports))
"""Taken whoever it is about, so that it tells nothing: of a woman who isn't there it reaches nobody."""
MY_REPORTS = QueryRoute(path="/v1/me/reports", answer=Page[MyReport], paged=True)
MY_REPORT = QueryRoute(path="/v1/me/reports/{report_id}", answer=MyReport, problems=(NotFound,))
