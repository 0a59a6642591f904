"""Whether the two are in touch, asked of her alone who writes first. Pure.

Nobody else learns what she answers, and no event says it: it is there to help her write, and touches no trust.
"""

from collections.abc import Set
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.requests.introductions.domain.introduction import NOBODY, QUESTION_AFTER, Changed, Introduction, check_confirmed
from shared.contracts.events.requests import RemindersDue
from shared.contracts.http.requests.introduction_problems import NotNow, NotYours, Suspended
from shared.contracts.http.requests.introductions import InTouch

ASKED_AFTER = timedelta(days=5)
AGAIN_AFTER = timedelta(days=9)


def say(intro: Introduction, by: UUID, answer: InTouch, at: datetime, *, suspended: Set[UUID] = NOBODY) -> Changed:
    """She says that they are in touch, which stays, or not yet."""
    check_confirmed(intro, by, at)
    if by != intro.writes_first:
        raise NotYours
    if by in suspended:
        raise Suspended
    if intro.in_touch in ("yes", answer):
        return intro, []
    if not may_say(intro, by, at):
        raise NotNow
    return intro.changed(in_touch=answer), []


def may_say(intro: Introduction, by: UUID, at: datetime) -> bool:
    """Whether she is asked: from the fifth day until how it went is the better question, or she has said that already."""
    if not intro.confirmed_at or by != intro.writes_first or intro.in_touch == "yes":
        return False
    return intro.confirmed_at + ASKED_AFTER <= at < intro.confirmed_at + QUESTION_AFTER and intro.side(by).outcome is None


def due_at(intro: Introduction) -> datetime | None:
    """When she is asked next, the first time or the second; None if that is over."""
    assert intro.confirmed_at  # noqa: S101  (the caller has looked)
    if not intro.in_touch_asked_at:
        return intro.confirmed_at + ASKED_AFTER
    return None if intro.in_touch_reminded_at else intro.confirmed_at + AGAIN_AFTER


def ask(intro: Introduction, due: datetime, at: datetime, unasked: Set[UUID]) -> Changed:
    """Ask her, once more if she says nothing. What the next question has overtaken isn't asked any more."""
    assert intro.confirmed_at  # noqa: S101  (the caller has looked)
    again = intro.in_touch_asked_at is not None
    if at >= intro.confirmed_at + (QUESTION_AFTER if again else AGAIN_AFTER):
        return intro.changed(in_touch_asked_at=intro.in_touch_asked_at or due, in_touch_reminded_at=due), []
    after = intro.changed(**{"in_touch_reminded_at" if again else "in_touch_asked_at": due})
    member_id = intro.writes_first
    if intro.in_touch or intro.side(member_id).outcome or member_id in unasked:
        return after, []
    reminder = RemindersDue(
        aggregate_id=uuid5(intro.id, f"in_touch/{member_id.hex}"),
        aggregate_version=2 if again else 1,
        occurred_at=due,
        kind="in_touch",
        member_id=member_id,
        subject_id=intro.id,
        about_id=intro.other_side(member_id).member_id,
    )
    return after, [reminder]
