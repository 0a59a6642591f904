"""How it went: asked once, blind until both have answered or 35 days have passed, and for good."""

from collections.abc import Sequence
from uuid import uuid5

import pytest

from services.requests.introductions.domain import lifecycle, outcomes
from services.requests.introductions.domain.parts import Outcome
from shared.contracts.events.base import Event
from shared.contracts.events.requests import MisconductReported, OutcomeAnswer, OutcomesRevealed, RemindersDue
from shared.contracts.http.requests.introduction_problems import AlreadyAnswered, NotNow, OnlyWorthwhileNow
from shared.problems import Invalid
from tests.requests_service.introductions.examples import ANA, AT, CARLA, DAY, HOUR, SIDES, VERA, asked, confirmed, names, said, vouched

ASKED_AT = AT + 21 * DAY
REVEALED_AT = AT + 35 * DAY
BAD: Sequence[OutcomeAnswer] = ("did_not_meet", "not_as_described", "misconduct")


def revealed(events: list[Event]) -> list[OutcomesRevealed]:
    return [event for event in events if isinstance(event, OutcomesRevealed)]


def test_both_answers_settle_it_at_once() -> None:
    one, events = outcomes.say_outcome(confirmed(), ANA, said("worthwhile", thank_you="Thank you, Vera."))
    assert (events, one.state(AT)) == ([], "confirmed")
    both, events = outcomes.say_outcome(one, CARLA, said("did_not_meet", AT + HOUR))
    assert names(events) == ["OutcomesRevealed"]
    [told] = revealed(events)
    assert told.answers == {ANA: "worthwhile", CARLA: "did_not_meet"}
    assert (told.thank_yous, told.confirmed_at, told.occurred_at) == ({ANA: "Thank you, Vera."}, AT, AT + HOUR)
    assert (both.state(AT + HOUR), lifecycle.due_at(both)) == ("settled", None)


def test_each_side_that_has_not_answered_is_asked_once_after_21_days() -> None:
    one = outcomes.say_outcome(confirmed(), ANA, said("worthwhile"))[0]
    assert lifecycle.pass_time(one, ASKED_AT - HOUR / 60)[1] == []
    after, events = lifecycle.pass_time(one, ASKED_AT)
    [told] = events
    assert isinstance(told, RemindersDue)
    assert (told.kind, told.member_id, told.about_id, told.subject_id) == ("how_did_it_go", CARLA, ANA, one.id)
    assert (told.aggregate_id, told.aggregate_version) == (uuid5(one.id, CARLA.hex), 1)
    assert lifecycle.pass_time(after, ASKED_AT + DAY) == (after, [])


def test_both_are_asked_where_neither_has_answered_and_nobody_whom_no_question_may_reach() -> None:
    assert [event.member_id for event in lifecycle.pass_time(confirmed(), ASKED_AT)[1] if isinstance(event, RemindersDue)] == list(SIDES)
    assert lifecycle.pass_time(confirmed(), ASKED_AT, unasked=set(SIDES))[1] == []


def test_blind_until_35_days_have_passed() -> None:
    one = outcomes.say_outcome(confirmed(), ANA, said("not_as_described"))[0]
    one, events = lifecycle.pass_time(one, REVEALED_AT - HOUR)
    assert names(events) == ["RemindersDue"]
    after, events = lifecycle.pass_time(one, REVEALED_AT + 3 * DAY)
    [told] = revealed(events)
    assert (told.answers, told.occurred_at) == ({ANA: "not_as_described"}, REVEALED_AT)
    assert after.state(REVEALED_AT) == "settled"
    assert lifecycle.pass_time(after, REVEALED_AT + 90 * DAY) == (after, [])


def test_where_no_one_answered_it_just_settles() -> None:
    after, events = lifecycle.pass_time(confirmed(), REVEALED_AT)
    assert (names(events), lifecycle.due_at(after)) == (["RemindersDue", "RemindersDue"], None), "all that was missed, in its order"
    assert confirmed().state(REVEALED_AT) == "settled", "reads don't wait for the timer"


def test_a_late_answer_may_only_be_worthwhile_and_is_revealed_alone() -> None:
    one = lifecycle.pass_time(outcomes.say_outcome(confirmed(), ANA, said("worthwhile"))[0], REVEALED_AT)[0]
    for answer in BAD:
        with pytest.raises(OnlyWorthwhileNow):
            outcomes.say_outcome(one, CARLA, said(answer, REVEALED_AT + DAY))
    after, events = outcomes.say_outcome(one, CARLA, said("worthwhile", REVEALED_AT + DAY, thank_you="It was good."))
    [told] = revealed(events)
    assert (told.answers, told.thank_yous) == ({CARLA: "worthwhile"}, {CARLA: "It was good."})
    assert told.aggregate_version == after.version == one.version + 1
    assert after.went_well


def test_a_late_answer_before_the_timer_has_run_is_late_all_the_same() -> None:
    one = outcomes.say_outcome(confirmed(), ANA, said("worthwhile"))[0]
    with pytest.raises(OnlyWorthwhileNow):
        outcomes.say_outcome(one, CARLA, said("not_as_described", REVEALED_AT))
    after, events = outcomes.say_outcome(one, CARLA, said("worthwhile", REVEALED_AT))
    assert [told.answers for told in revealed(events)] == [{ANA: "worthwhile"}, {CARLA: "worthwhile"}]
    assert len({event.id for event in events}) == len(events)
    assert lifecycle.pass_time(after, REVEALED_AT + DAY) == (after, [])


def test_misconduct_is_reported_at_once_and_revealed_like_the_rest() -> None:
    one, events = outcomes.say_outcome(confirmed(), ANA, said("misconduct"))
    [told] = events
    assert isinstance(told, MisconductReported)
    assert (told.introduction_id, told.by_id, told.about_id, told.words) == (one.id, ANA, CARLA, "He was there, not she.")
    assert revealed(outcomes.say_outcome(one, CARLA, said("worthwhile"))[1])[0].answers == {ANA: "misconduct", CARLA: "worthwhile"}


def test_an_answer_stays_as_it_was_given() -> None:
    one = outcomes.say_outcome(confirmed(), ANA, said("worthwhile", thank_you="Thank you."))[0]
    assert outcomes.say_outcome(one, ANA, said("worthwhile", AT + DAY, thank_you="Thank you.")) == (one, [])
    # Other words aren't dropped as if they had been taken.
    for other in (said("worthwhile", thank_you="Other words."), *(said(answer) for answer in BAD)):
        with pytest.raises(AlreadyAnswered):
            outcomes.say_outcome(one, ANA, other)


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        (Outcome("did_not_meet", AT, thank_you="Thank you."), "thank_you"),
        (Outcome("misconduct", AT), "report"),
        (Outcome("worthwhile", AT, report="She was unkind."), "report"),
    ],
)
def test_what_goes_with_which_answer(outcome: Outcome, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        outcomes.say_outcome(confirmed(), ANA, outcome)
    assert [wrong["field"] for wrong in refused.value.fields] == [field]


def test_before_both_said_yes_there_is_nothing_to_say() -> None:
    for one in (asked(), vouched()):
        with pytest.raises(NotNow):
            outcomes.say_outcome(one, ANA, said("worthwhile"))


@pytest.mark.parametrize("answer", BAD)
def test_it_went_well_only_where_both_say_so(answer: OutcomeAnswer) -> None:
    one = outcomes.say_outcome(confirmed(), ANA, said("worthwhile"))[0]
    assert not one.went_well
    assert not outcomes.say_outcome(one, CARLA, said(answer))[0].went_well
    assert outcomes.say_outcome(one, CARLA, said("worthwhile"))[0].went_well
    assert not outcomes.may_say(one, VERA)
