"""What time alone brings: a reminder, the end, whether they are in touch, the question how it went, the reveal. Pure.

Outcomes stay blind until both sides have answered or 35 days have passed (14 since the question at 21 days); then what
there is is revealed once.
"""

from collections.abc import Sequence, Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from services.requests.introductions.domain import in_touch
from services.requests.introductions.domain.ending import expire
from services.requests.introductions.domain.introduction import NOBODY, QUESTION_AFTER, SETTLES_AFTER, Changed, Introduction
from services.requests.introductions.domain.parts import Side
from services.requests.introductions.domain.reminding import remind, reminder_at
from shared.contracts.events.base import Event
from shared.contracts.events.requests import OutcomesRevealed, RemindersDue


def due_at(intro: Introduction) -> datetime | None:
    """When time alone changes it next: a reminder, its end, a question, the reveal; None if nothing is left."""
    if intro.confirmed_at:
        if intro.settled_at:
            return None
        return in_touch.due_at(intro) or intro.confirmed_at + (SETTLES_AFTER if intro.questioned_at else QUESTION_AFTER)
    return None if intro.shown_end else reminder_at(intro) or intro.expires_at


def pass_time(intro: Introduction, at: datetime, *, unasked: Set[UUID] = NOBODY, paused: Set[UUID] = NOBODY) -> Changed:
    """Everything that time alone has brought until `at`, in its order.

    `unasked` are sides whom no question may reach: suspended, or the introduction doesn't exist for them any more. Those who
    are `paused` aren't reminded either.
    """
    events: list[Event] = []
    while (due := due_at(intro)) and due <= at:
        if not intro.confirmed_at:
            intro, more = expire(intro, at) if at >= intro.expires_at else remind(intro, due, unasked | paused)
        elif in_touch.due_at(intro):
            intro, more = in_touch.ask(intro, due, at, unasked)
        elif not intro.questioned_at:
            intro, more = _question(intro, due, unasked)
        else:
            intro, more = settle(intro.changed(), due)
        events += more
    return intro, events


def settle(intro: Introduction, at: datetime) -> Changed:
    """Nothing more is waited for: whatever was said is revealed."""
    after = replace(intro, settled_at=at)
    answered = [side for side in after.sides if side.outcome]
    return after, [revealed(after, answered, at)] if answered else []


def revealed(intro: Introduction, sides: Sequence[Side], at: datetime) -> OutcomesRevealed:
    """The event that reveals what these sides said."""
    said = {side.member_id: side.outcome for side in sides if side.outcome}
    answers = {member_id: outcome.answer for member_id, outcome in said.items()}
    thank_yous = {member_id: outcome.thank_you for member_id, outcome in said.items() if outcome.thank_you}
    return intro.event(OutcomesRevealed, at, confirmed_at=intro.confirmed_at, answers=answers, thank_yous=thank_yous)


def _question(intro: Introduction, due: datetime, unasked: Set[UUID]) -> Changed:
    asked = [side.member_id for side in intro.sides if side.outcome is None and side.member_id not in unasked]
    return intro.changed(questioned_at=due), [_reminder(intro, member_id, due) for member_id in asked]


def _reminder(intro: Introduction, member_id: UUID, due: datetime) -> RemindersDue:
    return RemindersDue(
        aggregate_id=uuid5(intro.id, member_id.hex),
        aggregate_version=1,
        occurred_at=due,
        kind="how_did_it_go",
        member_id=member_id,
        subject_id=intro.id,
        about_id=intro.other_side(member_id).member_id,
    )
