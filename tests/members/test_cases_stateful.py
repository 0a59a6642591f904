"""A case in any order of what moderators, the member and time can do, against a model that keeps the rules in words of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.members.moderation import domain
from services.members.moderation.domain import APPEAL_WITHIN, HOLD_FOR, Case, Reported
from shared.contracts.events.base import Event
from shared.contracts.events.members import ReportDismissed, ReportUpheld
from shared.contracts.events.members_private import ModerationNoticed
from shared.contracts.http.members.moderation import CannotAppeal, CaseNotOpen, DecisionBody, NotYourCase
from shared.problems import Problem

HER, REPORTER, *MODERATORS = (UUID(int=number) for number in range(1, 6))
REASONS = "We looked at what you wrote to two women in March, and at your answers."
KINDS = ("dismiss", "change", "limit", "suspend", "remove", "hold")


class Cases(RuleBasedStateMachine):
    """One case, and what happened to it."""

    def __init__(self) -> None:
        super().__init__()
        self.at = datetime(2026, 3, 1, tzinfo=UTC)
        self.case = Case(uuid4(), HER, self.at, reports=(Reported(uuid4(), REPORTER, "harassment", None),))
        self.events: list[Event] = []
        self.appeals = 0

    def tried(self, verb: Any, *given: Any) -> Problem | None:
        before = self.case
        try:
            done = verb(self.case, *given)
        except Problem as problem:
            return problem
        self.case, events = done if isinstance(done, tuple) else (done, [])
        self.events += events
        assert self.case.version >= before.version
        assert len(self.case.decisions) >= len(before.decisions), "nothing that was decided is ever taken out"
        return None

    @rule(who=st.sampled_from(MODERATORS))
    def take(self, who: UUID) -> None:
        assert self.tried(domain.take, who) is None

    @rule(who=st.sampled_from(MODERATORS), to=st.sampled_from([None, *MODERATORS]))
    def hand_over(self, who: UUID, to: UUID | None) -> None:
        hers = self.case.moderator_id == who
        assert isinstance(self.tried(domain.hand_over, who, to), type(None) if hers else NotYourCase)

    @rule(who=st.sampled_from(MODERATORS), kind=st.sampled_from(KINDS), days=st.integers(1, 21))
    def decide(self, who: UUID, kind: str, days: int) -> None:
        before = self.case
        body = DecisionBody(kind=kind, reasons=REASONS, days=days, field="headline" if kind == "change" else None)
        try:
            self.case, events = domain.decide(self.case, who, uuid4(), body, self.at, names=["Rosa Inchausti"], her_name="Ana Ruiz")
        except NotYourCase:
            assert before.moderator_id != who
            return
        except CaseNotOpen:
            last = before.last
            appealed_hers = before.state == "appealed" and last is not None and last.by_id == who
            unchanged = last is not None and last.kind == "change" and last.until is not None and last.until <= self.at
            again = kind == "hold" and bool(before.decisions)
            assert appealed_hers or again or before.state == "settled" or (before.state == "decided" and not unchanged)
            return
        if before.state == "appealed":
            assert before.last is not None and before.last.by_id != who, "no moderator decides on an appeal against herself"
            assert self.case.state == "settled"
        told = [event for event in events if isinstance(event, ModerationNoticed)]
        assert bool(told) == (kind != "dismiss" or any(one.told for one in before.decisions)), "a dismissal tells her nothing new"
        self.events += events

    @rule(words=st.just("That wasn't me: I was in hospital all of March."))
    def appeal(self, words: str) -> None:
        last, state = self.case.last, self.case.state
        if last is None:
            return
        may = state == "decided" and last.told and self.at < last.at + APPEAL_WITHIN
        problem = self.tried(domain.appeal, last.id, words, self.at)
        assert isinstance(problem, type(None) if may else CannotAppeal)
        self.appeals += problem is None

    @rule(hours=st.sampled_from([1, 71, 73, 24 * 10, 24 * 31]))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        assert self.tried(domain.time_passes, self.at) is None

    @invariant()
    def what_holds(self) -> None:
        last = self.case.last
        holds = last is not None and (last.until is None or self.at < last.until)
        assert self.case.absent(self.at) == (holds and last is not None and last.kind in {"hold", "suspend", "remove"})
        if last and last.kind == "hold":
            assert last.until == last.at + HOLD_FOR
            assert self.case.absent(self.at) == (self.at < last.at + HOLD_FOR), "a hold ends by itself"
        assert self.appeals <= 1
        reports = [event for event in self.events if isinstance(event, ReportUpheld | ReportDismissed)]
        assert len(reports) == (1 if self.case.settled_at else 0), "a report counts once, when nobody can appeal any more"
        for event in reports:
            assert isinstance(event, ReportDismissed) == (last is not None and last.kind == "dismiss")


TestCases = Cases.TestCase
TestCases.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
