"""How an introduction went: from both sides' yes until it is settled.

Blind until both have answered or 35 days have passed (14 since the question at 21 days). Then what there is is revealed
once; after that only `worthwhile` may still be said, and is revealed alone.
"""

from collections.abc import Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from services.requests.introductions.domain import NOBODY, Introduction
from services.requests.introductions.problems import AlreadyAnswered, AlreadyClosed, NotNow, NotYours, OnlyWorthwhileNow, Suspended
from services.requests.introductions.shape import Outcome, Side
from shared.contracts.events.base import Event
from shared.contracts.events.requests import Answer, MisconductReported, OutcomesRevealed, RemindersDue
from shared.problems import Field, Invalid, NotFound


def say(
    intro: Introduction, by: UUID, outcome: Outcome, *, suspended: Set[UUID] = NOBODY, unasked: Set[UUID] = NOBODY
) -> tuple[Introduction, list[Event]]:
    """A side says how it went, once and for good; the same answer again is the first one."""
    _may_answer(intro, by, outcome.at, suspended)
    given = intro.side(by).outcome
    if given:
        if given.answer != outcome.answer:
            raise AlreadyAnswered
        return intro, []
    _check(outcome)
    # What time has brought comes first, whether or not the timer has run.
    before, events = pass_time(intro, outcome.at, unasked=unasked)
    late = before.settled_at is not None
    if late and outcome.answer != "worthwhile":
        raise OnlyWorthwhileNow
    after = before.changed(sides=before.with_side(by, outcome=outcome))
    events += _reported(after, by, outcome)
    if late:
        return after, [*events, _revealed(after, [after.side(by)], outcome.at)]
    if all(side.outcome for side in after.sides):
        after, revealed = _settled(after, outcome.at)
        events += revealed
    return after, events


def pass_time(intro: Introduction, at: datetime, *, unasked: Set[UUID] = NOBODY) -> tuple[Introduction, list[Event]]:
    """Everything that time alone has brought until `at`, in its order: the end, the question, the reveal.

    `unasked` are sides whom no question may reach: suspended, or the introduction doesn't exist for them any more.
    """
    events: list[Event] = []
    while (due := intro.due_at()) and due <= at:
        if not intro.confirmed_at:
            intro, more = intro.expire(at)
        elif not intro.questioned_at:
            intro, more = _question(intro, due, unasked)
        else:
            intro, more = _settled(intro.changed(), due)
        events += more
    return intro, events


def may_say(intro: Introduction, by: UUID) -> bool:
    """Whether an answer of hers is still to come. Late ones may only be `worthwhile`."""
    return intro.confirmed_at is not None and by in intro.side_ids and intro.side(by).outcome is None


def _may_answer(intro: Introduction, by: UUID, at: datetime, suspended: Set[UUID]) -> None:
    if not intro.exists_for(by):
        raise NotFound
    if by not in intro.side_ids:
        raise NotYours
    if not intro.confirmed_at:
        raise AlreadyClosed if intro.state_for(by, at) == "closed" else NotNow
    if by in suspended:
        raise Suspended


def _check(outcome: Outcome) -> None:
    if outcome.thank_you and outcome.answer != "worthwhile":
        raise Invalid(fields=[Field("thank_you", "only_when_worthwhile", "A thank-you goes with an introduction that was worthwhile.")])
    if outcome.answer == "misconduct" and not outcome.words:
        raise Invalid(fields=[Field("words", "missing", "Please tell the moderators what happened.")])
    if outcome.words and outcome.answer != "misconduct":
        raise Invalid(fields=[Field("words", "only_of_misconduct", "Words for the moderators go with misconduct alone.")])


def _question(intro: Introduction, due: datetime, unasked: Set[UUID]) -> tuple[Introduction, list[Event]]:
    asked = [side.member_id for side in intro.sides if side.outcome is None and side.member_id not in unasked]
    return intro.changed(questioned_at=due), [_reminder(intro, one, due) for one in asked]


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


def _settled(intro: Introduction, at: datetime) -> tuple[Introduction, list[Event]]:
    after = replace(intro, settled_at=at)
    answered = [side for side in after.sides if side.outcome]
    return after, [_revealed(after, answered, at)] if answered else []


def _revealed(intro: Introduction, sides: list[Side], at: datetime) -> OutcomesRevealed:
    answers: dict[UUID, Answer] = {}
    thank_yous: dict[UUID, str] = {}
    for side in sides:
        if side.outcome:
            answers[side.member_id] = side.outcome.answer
            if side.outcome.thank_you:
                thank_yous[side.member_id] = side.outcome.thank_you
    return intro.event(OutcomesRevealed, at, confirmed_at=intro.confirmed_at, answers=answers, thank_yous=thank_yous)


def _reported(intro: Introduction, by: UUID, outcome: Outcome) -> list[Event]:
    if outcome.answer != "misconduct" or not outcome.words:
        return []
    return [
        MisconductReported(
            aggregate_id=uuid5(intro.id, f"misconduct/{by.hex}"),
            aggregate_version=1,
            occurred_at=outcome.at,
            introduction_id=intro.id,
            by_id=by,
            about_id=intro.other_side(by).member_id,
            words=outcome.words,
        )
    ]
