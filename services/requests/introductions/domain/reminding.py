"""One reminder of what waits: of an ask to its voucher, of a vouched introduction to each side. Pure.

When it comes follows from the end alone, so that nothing tells who has answered; whom it reaches is seen by her alone.
"""

from collections.abc import Set
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.requests.introductions.domain.introduction import OPEN_DAYS, Changed, Introduction
from shared.contracts.events.requests import ReminderKind, RemindersDue

BEFORE_THE_END = {4: timedelta(days=2), 7: timedelta(days=2), OPEN_DAYS: timedelta(days=4)}
"""By the days for which it is open."""


def reminder_at(intro: Introduction) -> datetime | None:
    """When whoever hasn't answered is reminded; None if that time has been."""
    days = OPEN_DAYS if intro.vouched_at else intro.open_days
    return None if intro.reminded_at else intro.expires_at - BEFORE_THE_END[days]


def remind(intro: Introduction, due: datetime, unasked: Set[UUID]) -> Changed:
    """Remind whoever has said neither yes nor no; `unasked`, or for whom it doesn't exist any more, neither now nor later."""
    waiting = [side.member_id for side in intro.sides if side.said is None] if intro.vouched_at else _voucher(intro)
    asked = [member_id for member_id in waiting if member_id not in unasked and intro.exists_for(member_id)]
    return intro.changed(reminded_at=due), [_reminder(intro, member_id, due) for member_id in asked]


def _voucher(intro: Introduction) -> list[UUID]:
    return [] if intro.declined_at else [intro.voucher_id]


def _reminder(intro: Introduction, member_id: UUID, due: datetime) -> RemindersDue:
    kind: ReminderKind = "introduction_waits" if intro.vouched_at else "ask_waits"
    return RemindersDue(
        aggregate_id=uuid5(intro.id, f"{kind}/{member_id.hex}"),
        aggregate_version=1,
        occurred_at=due,
        kind=kind,
        member_id=member_id,
        subject_id=intro.id,
        about_id=intro.side_ids[0] if member_id == intro.voucher_id else intro.other_side(member_id).member_id,
        until=intro.expires_at,
    )
