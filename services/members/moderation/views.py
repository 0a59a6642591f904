"""What moderators read of a case, and what the member reads of a decision about her: that names nobody but herself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.members.moderation.domain import Case, Decision
from services.members.safety.store import PHOTO, Report
from shared.contracts.http.base import Card
from shared.contracts.http.members.moderation import AttachedView, CaseNoteView, CaseRow, DecisionView, ReportedPhoto, ReportView

Cards = Mapping[UUID, Card]
SOMEBODY = "–"
"""In place of the name of a moderator who has left."""


def decision(case: Case, one: Decision, at: datetime) -> DecisionView:
    """The statement of reasons."""
    appealed = case.appeal if one.kind != "hold" and case.appealed_at and one.at <= case.appealed_at else None
    return DecisionView(
        id=one.id,
        kind=one.kind,
        rule=one.rule,
        reasons=one.reasons,
        field=one.field,
        decided_at=one.at,
        until=one.until,
        acknowledged_at=one.acknowledged_at,
        appeal_until=case.appeal_until(one, at),
        appeal=appealed,
    )


def row(case: Case, cards: Cards) -> CaseRow:
    """A line of the queue."""
    return CaseRow(
        id=case.id,
        about=cards.get(case.about_id),
        state=case.state,
        kinds=list(dict.fromkeys(report.kind for report in case.reports)),
        opened_at=case.opened_at,
        moderator=cards.get(case.moderator_id) if case.moderator_id else None,
    )


def report(one: Report, cards: Cards, photo: str) -> ReportView:
    """What was reported, and what went along. `photo` is the tag of the one that she shows now, empty if she shows none."""
    return ReportView(
        kind=one.kind,
        subject=one.subject,
        subject_id=one.subject_id,
        by=cards.get(one.by_id) if one.by_id else None,
        words=one.words,
        attached=[AttachedView(what=what, text=text) for what, text in one.attached if what != PHOTO],
        photo=_photo(one, photo),
        reported_at=one.reported_at,
    )


def _photo(one: Report, now: str) -> ReportedPhoto | None:
    reported = next((text for what, text in one.attached if what == PHOTO), None)
    if reported is None:
        return None
    return "shown" if now == reported else "replaced" if now else "gone"


def notes(rows: Sequence[tuple[UUID, str, datetime]], cards: Cards) -> list[CaseNoteView]:
    """What moderators noted."""
    return [CaseNoteView(by=cards[by_id].name if by_id in cards else SOMEBODY, note=note, at=at) for by_id, note, at in rows]
