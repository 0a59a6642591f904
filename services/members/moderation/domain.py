"""A case: what was reported of one member, what moderators decided of it, and what follows. Pure.

    open ──decide──▶ decided ──30 days──▶ settled
     ▲ hold (72 hours)   └──appeal──▶ appealed ──another moderator decides──▶ settled

A dismissal settles at once. What was reported counts for nobody before it is settled.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberLimited, MemberRemoved, ReportDismissed, ReportUpheld
from shared.contracts.events.members_private import ModerationNoticed
from shared.contracts.http.members.moderation import (
    MOST_TO_CHANGE,
    CannotAppeal,
    CaseNotOpen,
    CaseState,
    DecisionBody,
    DecisionKind,
    NotYourCase,
    ProfileField,
    Rule,
)
from shared.contracts.http.members.safety import ReportKind
from shared.problems import Field, Invalid
from shared.text import names_somebody

DAY = timedelta(days=1)
APPEAL_WITHIN = 30 * DAY
HOLD_FOR = timedelta(hours=72)
ERASED_AFTER = DAY
"""How long after it is settled a removed member is erased: time to look at it once more."""
LEAST_REASONS = 40


@dataclass(frozen=True)
class Reported:
    """A report, as far as a decision rests on it. `by_id` is None if its writer is no member, or has left."""

    report_id: UUID
    by_id: UUID | None
    kind: ReportKind
    introduction_id: UUID | None


@dataclass(frozen=True)
class Decision:
    """A statement of reasons; `until`: how long it holds. The member reads it if she is `told`."""

    id: UUID
    kind: DecisionKind
    rule: Rule
    reasons: str
    field: ProfileField | None
    by_id: UUID
    at: datetime
    until: datetime | None
    told: bool
    acknowledged_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether what it says is still so."""
        return self.until is None or at < self.until


@dataclass(frozen=True)
class Case:
    """About one member. `version` counts its changes; `reports` and `decisions` stand in their order."""

    id: UUID
    about_id: UUID
    opened_at: datetime
    version: int = 0
    moderator_id: UUID | None = None
    reports: tuple[Reported, ...] = ()
    decisions: tuple[Decision, ...] = ()
    appeal: str | None = None
    appealed_at: datetime | None = None
    settled_at: datetime | None = None

    @property
    def last(self) -> Decision | None:
        """The decision that counts."""
        return self.decisions[-1] if self.decisions else None

    @property
    def state(self) -> CaseState:
        """How far it is."""
        if self.settled_at:
            return "settled"
        if self.last is None or self.last.kind == "hold":
            return "open"
        return "appealed" if self.appealed_at else "decided"

    @property
    def parties(self) -> frozenset[UUID]:
        """Whom it is about, and who told."""
        return frozenset({self.about_id, *(report.by_id for report in self.reports if report.by_id)})

    def waits(self, at: datetime) -> bool:
        """Whether a moderator has something to do: also once the time to change her profile is over."""
        unchanged = self.state == "decided" and self.last is not None and self.last.kind == "change" and not self.last.holds(at)
        return self.state in ("open", "appealed") or unchanged

    def absent(self, at: datetime) -> bool:
        """Whether she doesn't take part because of it."""
        return self.last is not None and self.last.kind in ("hold", "suspend", "remove") and self.last.holds(at)

    def limited_until(self, at: datetime) -> datetime | None:
        """Until when she may only be introduced because of it."""
        return self.last.until if self.last and self.last.kind == "limit" and self.last.holds(at) else None

    def appeal_until(self, decision: Decision, at: datetime) -> datetime | None:
        """Until when she can appeal against that decision; None if she can't."""
        end = decision.at + APPEAL_WITHIN
        can = decision == self.last and self.state == "decided" and decision.told and at < end
        return end if can else None

    def due_at(self, at: datetime) -> datetime | None:
        """When time alone changes something after `at`; None if nothing will."""
        if self.last is None:
            return None
        ends = [self.last.until, self.last.at + APPEAL_WITHIN if self.state == "decided" else None]
        ends.append(self.settled_at + ERASED_AFTER if self.settled_at and self.last.kind == "remove" else None)
        return min((end for end in ends if end and end > at), default=None)

    def erases(self, at: datetime) -> bool:
        """Whether she is to be erased by now."""
        return self.settled_at is not None and self.last is not None and self.last.kind == "remove" and at >= self.settled_at + ERASED_AFTER


Changed = tuple[Case, list[Event]]


def may_handle(case: Case, me: UUID, roles: Mapping[UUID, Set[str]], tied: Set[UUID]) -> bool:
    """Whether it is hers to know of: never about herself, never one that she reported, nor of a woman whom she blocks or was introduced to.

    `tied`: who is one of these to a party. Nobody decides on an appeal against herself. A steward steps in if no moderator can.
    """

    def free(who: UUID) -> bool:
        decided = case.state == "appealed" and case.last is not None and case.last.by_id == who
        return who not in case.parties and who not in tied and not decided

    moderators = [who for who, hers in roles.items() if "moderator" in hers]
    if not free(me):
        return False
    return me in moderators or ("steward" in roles.get(me, set()) and not any(map(free, moderators)))


def take(case: Case, me: UUID) -> Case:
    """She works on it from now on."""
    return replace(case, moderator_id=me, version=case.version + 1)


def hand_over(case: Case, me: UUID, to: UUID | None) -> Case:
    """Another does, or whoever takes it. Raises NotYourCase."""
    if case.moderator_id != me:
        raise NotYourCase
    return replace(case, moderator_id=to, version=case.version + 1)


def decide(case: Case, me: UUID, decision_id: UUID, body: DecisionBody, at: datetime, *, names: Sequence[str], her_name: str) -> Changed:
    """What she reads, and what follows; an appeal is decided by it for good. `names`: of those who reported, which it mustn't give away.

    A dismissal is told only if something was told before. Raises NotYourCase, CaseNotOpen, Invalid.
    """
    if case.moderator_id != me:
        raise NotYourCase
    appealed, held = case.state == "appealed", bool(case.decisions)
    if not case.waits(at) or (appealed and case.last and case.last.by_id == me) or (body.kind == "hold" and held):
        raise CaseNotOpen
    told = body.kind != "dismiss" or any(decision.told for decision in case.decisions)
    _check(body, told, names, her_name)
    until = (
        at + HOLD_FOR
        if body.kind == "hold"
        else at + body.days * DAY
        if body.days and body.kind in ("change", "limit", "suspend")
        else None
    )
    field = body.field if body.kind == "change" else None
    decision = Decision(decision_id, body.kind, body.rule, body.reasons, field, me, at, until, told)
    after = replace(case, decisions=(*case.decisions, decision), version=case.version + 1)
    who = {"occurred_at": at, "member_id": case.about_id}
    heard: list[Event] = [ModerationNoticed(aggregate_id=decision.id, aggregate_version=1, **who)] if told else []
    if case.limited_until(at) != after.limited_until(at):
        heard.append(MemberLimited(aggregate_id=case.id, aggregate_version=after.version, until=after.limited_until(at) or at, **who))
    if not (appealed or body.kind == "dismiss"):
        return after, heard
    after, events = _settle(after, at)
    return after, heard + events


def _check(body: DecisionBody, told: bool, names: Sequence[str], her_name: str) -> None:
    wrong = []
    if told and len(body.reasons) < LEAST_REASONS:
        wrong.append(Field("reasons", "too_short", minimum=LEAST_REASONS))
    elif names_somebody(body.reasons, names, her_name):
        wrong.append(Field("reasons", "names_a_reporter"))
    if body.kind in ("change", "limit") and body.days is None:
        wrong.append(Field("days", "wrong"))
    if body.kind == "change" and body.days and body.days > MOST_TO_CHANGE:
        wrong.append(Field("days", "wrong"))
    if body.kind == "change" and body.field is None:
        wrong.append(Field("field", "wrong"))
    if wrong:
        raise Invalid(fields=wrong)


def acknowledge(case: Case, decision_id: UUID, at: datetime) -> Case:
    """She has read it."""
    decisions = tuple(
        replace(decision, acknowledged_at=decision.acknowledged_at or at) if decision.id == decision_id else decision
        for decision in case.decisions
    )
    return replace(case, decisions=decisions, version=case.version + 1)


def appeal(case: Case, decision_id: UUID, words: str, at: datetime) -> Case:
    """Another moderator looks at it again. Raises CannotAppeal."""
    decision = next(one for one in case.decisions if one.id == decision_id)
    if case.appeal_until(decision, at) is None:
        raise CannotAppeal
    return replace(acknowledge(case, decision_id, at), appeal=words, appealed_at=at, moderator_id=None)


def time_passes(case: Case, at: datetime) -> Changed:
    """What nobody has to decide: it is settled once nobody can appeal any more."""
    if case.state == "decided" and case.last and at >= case.last.at + APPEAL_WITHIN:
        return _settle(case, at)
    return case, []


def _settle(case: Case, at: datetime) -> Changed:
    after = replace(case, settled_at=at, version=case.version + 1)
    upheld = case.last is not None and case.last.kind != "dismiss"
    kind = ReportUpheld if upheld else ReportDismissed
    events: list[Event] = [
        kind(
            aggregate_id=report.report_id,
            aggregate_version=1,
            occurred_at=at,
            member_id=case.about_id,
            kind=report.kind,
            introduction_id=report.introduction_id,
        )
        for report in case.reports
    ]
    if case.last and case.last.kind == "remove":
        removed = {"member_id": case.about_id, "decided_at": case.last.at}
        events.append(MemberRemoved(aggregate_id=case.id, aggregate_version=after.version, occurred_at=at, **removed))
    return after, events
