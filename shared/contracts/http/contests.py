"""Contests of lines of a member's ledger: hers to make and to read, and moderators' to decide."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts import lengths
from shared.contracts.http.base import Answer, Body, Card, CommandRoute, Page, QueryRoute
from shared.problems import NotFound, Problem
from shared.text import Words

MOST_WORDS = 2000
"""Of which one decision can exclude any, and behind a line there are."""
LEAST_REASON = 20

ContestedLine = Literal["good", "mutual", "bad", "upheld", "newcomer"]
"""Every line but the start."""
Role = Literal["voucher", "report", "vouch"]
Value = Literal["good", "bad"]
Position = Annotated[int, Field(ge=1, le=2**53)]
"""A word's place in the ledger."""


class ContestBody(Body):
    """Which line, and what speaks against it, in her words."""

    line: ContestedLine
    objection: Annotated[str, Words(20, 2000)]


class ContestView(Answer):
    """A contest as she reads it: how it was decided is in the answer alone, and `decided_at` is None until it is."""

    id: UUID
    line: ContestedLine
    objection: lengths.Text
    contested_at: datetime
    answer: lengths.Text | None
    decided_at: datetime | None


class ContestRow(Answer):
    """An open contest in the queue."""

    id: UUID
    about: Card | None
    line: ContestedLine
    contested_at: datetime


class WordView(Answer):
    """A word behind the line, as the live ledger knows it.

    `by`: who said it, None if she has left or if it is a report; `sides`: of the introduction, as far as they are members. `shows`: whether
    the last snapshot has it. `reason`: why it is excluded already.
    """

    position: Position
    role: Role
    value: Value
    about: Card | None
    by: Card | None
    introduction_id: UUID
    sides: list[Card] = Field(max_length=2)
    said_at: datetime
    shows: bool
    excluded_at: datetime | None = None
    reason: lengths.Text | None = None


class ContestCase(ContestRow):
    """A contest as a moderator reads it, which is logged: her words, and what is behind the line, the latest first."""

    objection: lengths.Text
    words: list[WordView] = Field(max_length=MOST_WORDS)
    answer: lengths.Text | None
    decided_at: datetime | None


class ContestDecisionBody(Body):
    """Which words count no more and why, if any; and what the member reads, which names none but her."""

    exclude: list[Position] = Field(default=[], max_length=MOST_WORDS)
    why_excluded: Annotated[str, Words(0, 2000)] = ""
    answer_to_her: Annotated[str, Words(40, 2000)]


class NoSuchLine(Problem, sentence="Your page has no such line now, so there is nothing to contest."):
    """As of the snapshot that she is shown."""


class AlreadyContested(Problem, sentence="You have contested this line already. A moderator will answer you."):
    """One open contest a line."""


class TooManyContests(Problem, sentence="You have contested several lines lately. You can do so again later."):
    """Five within 30 days."""


class ContestDecided(Problem, sentence="This contest has been decided in the meantime."):
    """Once."""


CONTEST_LINE = CommandRoute(
    path="/v1/me/contests", body=ContestBody, creates=True, problems=(NoSuchLine, AlreadyContested, TooManyContests)
)
MY_CONTESTS = QueryRoute(path="/v1/me/contests", answer=Page[ContestView], paged=True)
MY_CONTEST = QueryRoute(path="/v1/me/contests/{contest_id}", answer=ContestView)
CONTESTS = QueryRoute(path="/v1/moderation/contests", answer=Page[ContestRow], paged=True, problems=(NotFound,))
CONTEST = QueryRoute(path="/v1/moderation/contests/{contest_id}", answer=ContestCase)
DECIDE_CONTEST = CommandRoute(path="/v1/moderation/contests/{contest_id}/decision", body=ContestDecisionBody, problems=(ContestDecided,))
