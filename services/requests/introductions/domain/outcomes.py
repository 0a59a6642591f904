"""How it went, in a side's own words. Pure. Once what there is has been revealed, only `worthwhile` may still be said."""

from collections.abc import Set
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from services.requests.introductions.domain.introduction import NOBODY, Changed, Introduction, check_confirmed
from services.requests.introductions.domain.lifecycle import pass_time, revealed, settle
from services.requests.introductions.domain.parts import Outcome
from shared.contracts.events.base import Event
from shared.contracts.events.requests import MisconductReported
from shared.contracts.http.requests.introduction_problems import AlreadyAnswered, OnlyWorthwhileNow, Suspended
from shared.problems import Field, Invalid


def say_outcome(intro: Introduction, by: UUID, outcome: Outcome, *, suspended: Set[UUID] = NOBODY, unasked: Set[UUID] = NOBODY) -> Changed:
    """A side says how it went, once and for good; the same words again are the first ones."""
    _check_may_answer(intro, by, outcome.at, suspended)
    given = intro.side(by).outcome
    if given:
        if given != replace(outcome, at=given.at):
            raise AlreadyAnswered
        return intro, []
    _check_words(outcome)
    # What time has brought comes first, whether or not the timer has run.
    before, events = pass_time(intro, outcome.at, unasked=unasked)
    late = before.settled_at is not None
    if late and outcome.answer != "worthwhile":
        raise OnlyWorthwhileNow
    after = before.changed(sides=before.with_side(by, outcome=outcome))
    events += _reported(after, by, outcome)
    if late:
        return after, [*events, revealed(after, [after.side(by)], outcome.at)]
    if all(side.outcome for side in after.sides):
        after, more = settle(after, outcome.at)
        events += more
    return after, events


def may_say(intro: Introduction, by: UUID) -> bool:
    """Whether an answer of hers is still to come. Late ones may only be `worthwhile`."""
    return intro.confirmed_at is not None and by in intro.side_ids and intro.side(by).outcome is None


def _check_may_answer(intro: Introduction, by: UUID, at: datetime, suspended: Set[UUID]) -> None:
    check_confirmed(intro, by, at)
    if by in suspended:
        raise Suspended


def _check_words(outcome: Outcome) -> None:
    if outcome.thank_you and outcome.answer != "worthwhile":
        raise Invalid(fields=[Field("thank_you", "only_when_worthwhile")])
    if outcome.answer == "misconduct" and not outcome.report:
        raise Invalid(fields=[Field("report", "missing")])
    if outcome.report and outcome.answer != "misconduct":
        raise Invalid(fields=[Field("report", "only_of_misconduct")])


def _reported(intro: Introduction, by: UUID, outcome: Outcome) -> list[Event]:
    if outcome.answer != "misconduct" or not outcome.report:
        return []
    return [
        MisconductReported(
            aggregate_id=uuid5(intro.id, f"misconduct/{by.hex}"),
            aggregate_version=1,
            occurred_at=outcome.at,
            introduction_id=intro.id,
            by_id=by,
            about_id=intro.other_side(by).member_id,
            words=outcome.report,
        )
    ]
