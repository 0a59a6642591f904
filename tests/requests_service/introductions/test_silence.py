"""Nobody can tell a no from silence: two runs of the same calls, one with a no and one in which she just said nothing.

Whatever the others call, see, hear or are counted is the same in both, for as long as silence wouldn't have been a yes: the
asker's yes is in her ask, so that from the moment the counterpart agrees only a confirmation looks like one. And if whoever
said no says yes after all, that is the same, from then on, as a yes after silence.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from services.requests.introductions.domain import answering, asking, correcting, ending, lifecycle, vouching
from services.requests.introductions.domain.introduction import Introduction
from services.requests.introductions.views import view
from shared.contracts.events.base import Event
from shared.contracts.events.requests import CorrectionAsked, IntroductionVouched, RemindersDue, WordsCorrected
from shared.problems import Problem
from tests.requests_service.introductions.examples import ANA, AT, GOOD, SIDES, THREE, VERA, WORDS, asked, proposed, record

Command = Callable[[Introduction, UUID, datetime], tuple[Introduction, list[Event]]]
COMMANDS: dict[str, Command] = {
    "vouch": lambda one, by, at: vouching.vouch(one, by, WORDS, at, GOOD, show_why_her=True),
    "confirm": answering.confirm,
    "pass": answering.pass_,
    "decline": ending.decline,
    "decline_kindly": lambda one, by, at: ending.decline_kindly(one, by, "thank_you", at),
    "withdraw": ending.withdraw,
    "withdraw_vouch": vouching.withdraw_vouch,
    "ask_correction": lambda one, by, at: correcting.ask_correction(one, by, "I left it in June.", at),
    "correct": lambda one, by, at: correcting.correct(one, by, dict.fromkeys(SIDES, f"Words {len(one.corrected)}"), at),
}
TIME: Command = lambda one, by, at: lifecycle.pass_time(one, at)  # noqa: E731  (a step like the others)
NOES: dict[str, Command] = {
    "pass": COMMANDS["pass"],
    "decline": COMMANDS["decline"],
    "decline, for a reason": lambda one, by, at: ending.decline(one, by, at, reason="not_well_enough"),
    "block": lambda one, by, at: (ending.block(one, by, next(other for other in THREE if other != by), at), []),
    "block the last": lambda one, by, at: (ending.block(one, by, next(other for other in reversed(THREE) if other != by), at), []),
    "leave": lambda one, by, at: (ending.leave(one, by, at), []),
}
STEPS = st.tuples(st.sampled_from(THREE), st.sampled_from(sorted(COMMANDS)), st.sampled_from([0.0, 0.5, 24.0, 24 * 13.99]))
HIDDEN = {"id", "aggregate_id", "aggregate_version", "reason", "not_for", "ask_again"}
"""Of an event: what only services see."""


def call(one: Introduction, command: Command, by: UUID, at: datetime) -> tuple[Introduction, list[Event], Any]:
    """Afterwards, the events, and what she is answered."""
    try:
        after, events = command(one, by, at)
    except Problem as problem:
        return one, [], problem.code
    return after, events, view(record(after), by, at, GOOD)


def heard(events: list[Event], by: UUID) -> list[Any]:
    """What of the events reaches her, as far as a letter may say it."""
    reaching = [event for event in events if by in _reaches(event)]
    return [(type(event), event.model_dump(exclude=HIDDEN)) for event in reaching]


def _reaches(event: Event) -> tuple[UUID, ...]:
    match event:
        case IntroductionVouched():
            return SIDES
        case CorrectionAsked():
            return (VERA,)
        case WordsCorrected():
            return event.ask_again
        case RemindersDue():
            return (event.member_id,)
    return THREE


def seen(one: Introduction, by: UUID, at: datetime) -> tuple[Any, ...]:
    """All that she can see, and all that is counted for her."""
    shown = view(record(one), by, at, GOOD).model_dump(exclude={"id"}) if one.exists_for(by) else None
    holds_a_vouch = bool(one.vouched_at and not one.confirmed_at and not one.shown_end and one.expires_at > at)
    return shown, holds_a_vouch, asking.may_ask_again(one, at), lifecycle.due_at(one)


@settings(max_examples=700, deadline=None)
@example(True, [], VERA, "decline", [(VERA, "vouch", 0.0), (VERA, "withdraw_vouch", 0.0)])
@given(
    by_asking=st.booleans(),
    before=st.lists(STEPS, max_size=4),
    sayer=st.sampled_from(THREE),
    no=st.sampled_from(sorted(NOES)),
    after=st.lists(STEPS, min_size=1, max_size=8),
)
def test_whatever_the_others_do_they_cannot_tell_a_no_from_silence(
    by_asking: bool, before: list[Any], sayer: UUID, no: str, after: list[Any]
) -> None:
    assume(not (no == "pass" and by_asking and sayer == ANA))  # hers is a withdrawal, which shows
    at = AT
    said = silent = asked() if by_asking else proposed()
    for by, name, hours in before:
        at += timedelta(hours=hours)
        said = call(said, COMMANDS[name], by, at)[0]
        if not (by == sayer and name in ("confirm", "pass", "decline")):
            silent = call(silent, COMMANDS[name], by, at)[0]
    assume(not said.confirmed_at and not said.first_no and said.state(at) in ("asked", "vouched"))
    try:
        said, events = NOES[no](said, sayer, at)
    except Problem:
        assume(False)
    assert events == []
    assume(said.first_no)
    others = [member for member in THREE if member != sayer and member not in said.hidden_from]
    for by, name, hours in after:
        at += timedelta(hours=hours)
        said, told_said = TIME(said, by, at)
        silent, told_silent = TIME(silent, by, at)
        for member in others:
            assert heard(told_said, member) == heard(told_silent, member)
        tells = by == sayer and name in ("vouch", "confirm", "decline_kindly") and said.exists_for(by)
        her_no_stands = by == sayer and said.first_no is not None  # once she has taken it back, what she does is as after silence
        said, told_said, answer = call(said, COMMANDS[name], by, at)
        if her_no_stands and not tells:
            assert answer == "not_found" or told_said == []
            continue
        silent, told_silent, expected = call(silent, COMMANDS[name], by, at)
        assert not (said.confirmed_at and said.first_no)
        if silent.confirmed_at and said.first_no:
            return
        for member in others:
            assert seen(said, member, at) == seen(silent, member, at)
            assert heard(told_said, member) == heard(told_silent, member)
        if by in others:
            assert (answer if isinstance(answer, str) else answer.model_dump(exclude={"id"})) == (
                expected if isinstance(expected, str) else expected.model_dump(exclude={"id"})
            )
    at = max(at, said.expires_at) + timedelta(minutes=1)
    said, told_said = lifecycle.pass_time(said, at)
    silent, told_silent = lifecycle.pass_time(silent, at)
    for member in others:
        assert heard(told_said, member) == heard(told_silent, member)
        assert seen(said, member, at) == seen(silent, member, at)
