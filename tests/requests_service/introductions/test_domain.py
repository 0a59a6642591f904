"""An introduction from the ask to both sides' yes, move by move."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.requests.introductions.domain import answering, asking, ending, outcomes, vouching
from services.requests.introductions.domain.introduction import Introduction
from services.requests.introductions.domain.parts import End
from services.requests.introductions.domain.vouching import VoucherRecord
from shared.contracts.events.base import Event
from shared.contracts.events.requests import (
    IntroductionAsked,
    IntroductionClosed,
    IntroductionConfirmed,
    IntroductionVouched,
    VouchWithdrawn,
)
from shared.contracts.http.requests.introduction_problems import (
    AlreadyClosed,
    AlreadyConfirmed,
    KnowBothBetter,
    NotConnectedToBoth,
    NotNow,
    NotYours,
    Suspended,
    TooManyOpenVouches,
    WordsForBoth,
)
from shared.problems import NotFound, Problem
from tests.requests_service.introductions.examples import (
    ANA,
    AT,
    CARLA,
    DAY,
    GOOD,
    HOUR,
    SIDES,
    SILENT_UNTIL,
    STRANGER,
    VERA,
    WHY,
    WORDS,
    asked,
    confirmed,
    knows,
    names,
    proposed,
    said,
    vouched,
)

Move = Callable[[Introduction, UUID], tuple[Introduction, list[Event]]]
MOVES: dict[str, Move] = {
    "vouch": lambda one, by: vouching.vouch(one, by, WORDS, AT, GOOD, show_why_her=False),
    "confirm": lambda one, by: answering.confirm(one, by, AT),
    "pass": lambda one, by: answering.pass_(one, by, AT),
    "decline": lambda one, by: ending.decline(one, by, AT),
    "withdraw": lambda one, by: ending.withdraw(one, by, AT),
    "withdraw_vouch": lambda one, by: vouching.withdraw_vouch(one, by, AT),
    "outcome": lambda one, by: outcomes.say_outcome(one, by, said("worthwhile")),
}


def only(events: list[Event], kind: type[Any]) -> Any:
    assert [type(event) for event in events] == [kind]
    return events[0]


def test_asking_is_the_askers_own_yes_and_tells_the_voucher() -> None:
    made, events = asking.ask(uuid4(), asker=ANA, voucher=VERA, counterpart=CARLA, why_her=WHY, at=AT)
    told = only(events, IntroductionAsked)
    assert (told.aggregate_version, told.why_her, told.expires_at) == (1, WHY, SILENT_UNTIL)
    assert (told.origin, told.voucher_id, told.side_ids, told.asker_id) == ("asked", VERA, SIDES, ANA)
    assert made.state(AT) == "asked"
    assert (made.side(ANA).said, made.side(CARLA).said) == ("confirmed", None)


def test_a_proposal_is_vouched_and_nobody_has_confirmed() -> None:
    made, events = vouching.propose(uuid4(), voucher=VERA, side_ids=SIDES, words_for=WORDS, at=AT, her=GOOD)
    told = only(events, IntroductionVouched)
    assert (told.words_for, told.closes_at, told.asker_id) == (WORDS, SILENT_UNTIL, None)
    assert made.state(AT) == "vouched"
    assert [side.said for side in made.sides] == [None, None]


@pytest.mark.parametrize("shown", [True, False])
def test_a_vouch_carries_why_her_only_where_the_voucher_shows_it(shown: bool) -> None:
    after, events = vouching.vouch(asked(), VERA, WORDS, AT + DAY, GOOD, show_why_her=shown)
    told = only(events, IntroductionVouched)
    assert told.why_her == (WHY if shown else None)
    assert told.words_for == WORDS
    assert (after.state(AT + DAY), told.aggregate_version) == ("vouched", 2)
    assert told.closes_at == after.expires_at == SILENT_UNTIL + DAY


def test_the_counterparts_yes_confirms_an_ask() -> None:
    after, events = answering.confirm(vouched(), CARLA, AT + HOUR)
    told = only(events, IntroductionConfirmed)
    assert (told.confirmed_at, told.words_for, told.aggregate_version) == (AT + HOUR, WORDS, 3)
    assert after.state(AT + HOUR) == "confirmed"


@pytest.mark.parametrize("order", [(ANA, CARLA), (CARLA, ANA)])
def test_a_proposal_needs_both_in_whatever_order(order: tuple[UUID, UUID]) -> None:
    once, events = answering.confirm(proposed(), order[0], AT)
    assert (events, once.state(AT)) == ([], "vouched")
    again, events = answering.confirm(once, order[0], AT)
    assert (again, events) == (once, [])
    both, events = answering.confirm(again, order[1], AT)
    assert names(events) == ["IntroductionConfirmed"]
    for side in SIDES:
        assert answering.confirm(both, side, AT + DAY) == (both, [])


def test_a_yes_can_be_taken_back_until_it_is_confirmed() -> None:
    back, events = answering.pass_(answering.confirm(proposed(), ANA, AT)[0], ANA, AT)
    assert events == []
    after, events = answering.confirm(back, CARLA, AT)
    assert (after.confirmed_at, events) == (None, [])


def test_a_pass_can_be_taken_back_until_its_end_shows() -> None:
    passed = answering.confirm(answering.pass_(proposed(), ANA, AT)[0], CARLA, AT)[0]
    after, events = answering.confirm(passed, ANA, SILENT_UNTIL - HOUR)
    assert (after.confirmed_at, names(events)) == (SILENT_UNTIL - HOUR, ["IntroductionConfirmed"])
    with pytest.raises(AlreadyClosed):
        answering.confirm(passed, ANA, SILENT_UNTIL)


def test_a_decline_can_be_taken_back_until_its_end_shows() -> None:
    declined = ending.decline(asked(), VERA, AT)[0]
    after, events = vouching.vouch(declined, VERA, WORDS, SILENT_UNTIL - HOUR, GOOD, show_why_her=False)
    assert (names(events), after.first_no) == (["IntroductionVouched"], None)
    assert answering.confirm(after, CARLA, SILENT_UNTIL)[0].confirmed_at == SILENT_UNTIL
    with pytest.raises(AlreadyClosed):
        vouching.vouch(declined, VERA, WORDS, SILENT_UNTIL, GOOD, show_why_her=False)


def test_a_no_taken_back_takes_back_nobody_elses() -> None:
    twice = answering.pass_(answering.pass_(proposed(), ANA, AT)[0], CARLA, AT + HOUR)[0]
    for first, second in (SIDES, SIDES[::-1]):
        after, events = answering.confirm(twice, first, AT + DAY)
        assert (after.confirmed_at, events, after.first_no) == (None, [], End("passed", twice.side(second).said_at or AT))
    blocked = ending.block(ending.decline(asked(), VERA, AT)[0], CARLA, ANA, AT + HOUR)
    after = vouching.vouch(blocked, VERA, WORDS, AT + DAY, GOOD, show_why_her=False)[0]
    assert after.first_no == End("blocked", AT + HOUR)


@pytest.mark.parametrize("make", [vouched, proposed])
@pytest.mark.parametrize(("by", "other"), [(ANA, CARLA), (ANA, VERA), (CARLA, ANA), (VERA, ANA)])
def test_nobody_is_introduced_after_a_block_or_a_leaving_whatever_was_said_before_or_after(
    make: Callable[[], Introduction], by: UUID, other: UUID
) -> None:
    yes = answering.confirm(make(), ANA, AT)[0]
    for ended in (ending.block(yes, by, other, AT), ending.leave(yes, by, AT)):
        after, events = (ended, []) if by == CARLA else answering.confirm(ended, CARLA, AT)
        assert (after.confirmed_at, events) == (None, [])
        assert answering.reach(after, AT) == (after, [])


def test_the_askers_no_is_a_withdrawal_for_she_cannot_be_silent() -> None:
    after, events = answering.pass_(vouched(), ANA, AT)
    assert only(events, IntroductionClosed).reason == "withdrawn"
    assert after.state_for(CARLA, AT) == "closed"
    with pytest.raises(AlreadyClosed):
        answering.confirm(after, CARLA, AT)


@pytest.mark.parametrize("make", [asked, vouched])
def test_withdrawing_shows_at_once(make: Callable[[], Introduction]) -> None:
    after, events = ending.withdraw(make(), ANA, AT + HOUR)
    told = only(events, IntroductionClosed)
    assert (told.reason, told.shown_at) == ("withdrawn", AT + HOUR)
    assert after.state(AT + HOUR) == "closed"
    assert ending.withdraw(after, ANA, AT + DAY) == (after, [])
    assert ending.expire(after, SILENT_UNTIL + DAY) == (after, [])


@pytest.mark.parametrize("make", [vouched, proposed])
def test_taking_a_vouch_back_shows_at_once_and_its_events_share_the_version(make: Callable[[], Introduction]) -> None:
    before = make()
    after, events = vouching.withdraw_vouch(before, VERA, AT + HOUR)
    assert [type(event) for event in events] == [VouchWithdrawn, IntroductionClosed]
    assert {event.aggregate_version for event in events} == {before.version + 1}
    assert isinstance(events[1], IntroductionClosed)
    assert (events[1].reason, events[1].shown_at) == ("vouch_withdrawn", AT + HOUR)
    assert vouching.withdraw_vouch(after, VERA, AT + DAY) == (after, [])


@pytest.mark.parametrize("make", [asked, vouched, proposed])
def test_silence_ends_it_after_14_days_at_the_next_full_hour(make: Callable[[], Introduction]) -> None:
    before = make()
    assert ending.expire(before, SILENT_UNTIL - HOUR / 60) == (before, [])
    assert before.state(SILENT_UNTIL) == "closed", "reads don't wait for the batch"
    after, events = ending.expire(before, SILENT_UNTIL + 3 * DAY)
    told = only(events, IntroductionClosed)
    assert (told.reason, told.shown_at, told.occurred_at) == ("expired", SILENT_UNTIL, SILENT_UNTIL)
    assert ending.expire(after, SILENT_UNTIL + 4 * DAY) == (after, [])


@pytest.mark.parametrize("days", [4, 7, 14])
def test_an_ask_is_open_for_the_days_that_the_asker_chose_and_what_is_vouched_for_14(days: int) -> None:
    made, events = asking.ask(uuid4(), asker=ANA, voucher=VERA, counterpart=CARLA, why_her=WHY, at=AT, days=days)
    assert only(events, IntroductionAsked).expires_at == made.expires_at == AT + HOUR / 2 + days * DAY
    vouch = vouching.vouch(made, VERA, WORDS, AT + DAY, GOOD, show_why_her=False)[0]
    assert vouch.expires_at == SILENT_UNTIL + DAY


def test_an_end_on_the_full_hour_is_not_rounded() -> None:
    sharp = AT.replace(minute=0)
    assert asked(sharp).expires_at == sharp + 14 * DAY


@pytest.mark.parametrize("move", ["pass", "decline", "withdraw", "withdraw_vouch"])
def test_nothing_closes_after_confirmation(move: str) -> None:
    after = confirmed()
    for by in (ANA, VERA, CARLA):
        with pytest.raises((AlreadyConfirmed, NotYours)):
            MOVES[move](after, by)
    assert ending.expire(after, SILENT_UNTIL) == (after, [])
    assert ending.block(after, ANA, CARLA, AT) == ending.leave(after, CARLA, AT) == after


RIGHTLY = {
    "asked": {"vouch": {VERA}, "decline": {VERA}, "withdraw": {ANA}, "pass": {ANA}, "confirm": {ANA}},
    "vouched": {"confirm": {ANA, CARLA}, "pass": {ANA, CARLA}, "withdraw": {ANA}, "withdraw_vouch": {VERA}},
    "proposed": {"confirm": {ANA, CARLA}, "pass": {ANA, CARLA}, "withdraw_vouch": {VERA}},
    "confirmed": {"outcome": {ANA, CARLA}, "confirm": {ANA, CARLA}},
}


@pytest.mark.parametrize("by", [ANA, VERA, CARLA, STRANGER], ids=["asker", "voucher", "counterpart", "stranger"])
@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("make", [asked, vouched, proposed, confirmed])
def test_who_may_do_what_and_when(make: Callable[[], Introduction], move: str, by: UUID) -> None:
    """Whatever isn't hers is refused and changes nothing; strangers, and the counterpart before the vouch, find nothing."""
    before = make()
    try:
        MOVES[move](before, by)
    except Problem as problem:
        nothing = by == STRANGER or (make is asked and by == CARLA)
        assert isinstance(problem, NotFound) == nothing
        assert by not in RIGHTLY[make.__name__].get(move, set())
    else:
        assert by in RIGHTLY[make.__name__].get(move, set())


def test_the_asker_confirming_her_own_ask_changes_nothing() -> None:
    before = asked()
    assert answering.confirm(before, ANA, AT) == (before, [])


def test_a_second_vouch_and_a_late_decline_are_refused() -> None:
    for move in ("vouch", "decline"):
        with pytest.raises(NotNow):
            MOVES[move](vouched(), VERA)
    with pytest.raises(NotNow):
        vouching.withdraw_vouch(asked(), VERA, AT)


@pytest.mark.parametrize("words", [{}, {ANA: "x"}, WORDS | {STRANGER: "x"}, {ANA: "x", STRANGER: "x"}])
def test_a_vouch_has_words_for_exactly_the_two(words: dict[UUID, str]) -> None:
    with pytest.raises(WordsForBoth):
        vouching.vouch(asked(), VERA, words, AT, GOOD, show_why_her=False)
    with pytest.raises(WordsForBoth):
        vouching.propose(uuid4(), voucher=VERA, side_ids=SIDES, words_for=words, at=AT, her=GOOD)


@pytest.mark.parametrize(
    ("her", "problem"),
    [
        (knows(None, "know_well"), NotConnectedToBoth),
        (knows("know_well", None), NotConnectedToBoth),
        (knows("met", "worked_together"), KnowBothBetter),
        (knows("worked_together", "met"), KnowBothBetter),
        (knows("know_well", "know_well", 5), TooManyOpenVouches),
        (knows("know_well", "know_well", 2, "mixed"), TooManyOpenVouches),
    ],
)
def test_what_a_voucher_needs(her: VoucherRecord, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        vouching.vouch(asked(), VERA, WORDS, AT, her, show_why_her=False)
    with pytest.raises(problem):
        vouching.propose(uuid4(), voucher=VERA, side_ids=SIDES, words_for=WORDS, at=AT, her=her)


def test_a_connection_lost_by_a_quiet_no_does_not_show_at_the_vouch() -> None:
    lost = knows("know_well", None)
    assert vouching.vouch(ending.leave(asked(), CARLA, AT), VERA, WORDS, AT, lost, show_why_her=False)[0].state(AT) == "vouched"


@pytest.mark.parametrize("her", [knows("know_well", "know_well", 4), knows("know_well", "know_well", 1, "mixed")])
def test_the_last_vouch_she_may_hold(her: VoucherRecord) -> None:
    assert vouching.vouch(asked(), VERA, WORDS, AT, her, show_why_her=False)[0].state(AT) == "vouched"


@pytest.mark.parametrize("suspended", [ANA, VERA, CARLA])
def test_a_yes_while_anyone_is_suspended_is_kept_and_confirms_on_reinstatement(suspended: UUID) -> None:
    first = ANA if suspended != ANA else CARLA
    second = CARLA if first == ANA else ANA
    one = answering.confirm(proposed(), second, AT)[0] if suspended == second else proposed()
    kept, events = answering.confirm(one, first, AT, suspended={suspended})
    if suspended == VERA:
        kept, events = answering.confirm(kept, second, AT, suspended={suspended})
    assert (kept.confirmed_at, events) == (None, [])
    assert kept.both_said_yes
    assert answering.reach(kept, AT + DAY, suspended={suspended}) == (kept, [])
    assert answering.reach(kept, SILENT_UNTIL) == (kept, []), "it has expired by then"
    reached, events = answering.reach(kept, AT + DAY)
    assert only(events, IntroductionConfirmed).confirmed_at == reached.confirmed_at == AT + DAY
    assert answering.reach(reached, AT + DAY) == (reached, [])


def test_who_is_suspended_can_say_no_but_neither_promise_nor_agree() -> None:
    with pytest.raises(Suspended):
        vouching.vouch(asked(), VERA, WORDS, AT, GOOD, show_why_her=False, suspended={VERA})
    with pytest.raises(Suspended):
        answering.confirm(proposed(), ANA, AT, suspended={ANA})
    with pytest.raises(Suspended):
        outcomes.say_outcome(confirmed(), ANA, said("worthwhile"), suspended={ANA})


def test_the_version_rises_by_one_with_every_change() -> None:
    one = asked()
    for number, move in enumerate((("vouch", VERA), ("confirm", CARLA), ("outcome", ANA), ("outcome", CARLA)), 2):
        one, events = MOVES[move[0]](one, move[1])
        assert one.version == number
        assert all(event.aggregate_version == number for event in events)


def test_nobody_needs_to_tell_her_of_an_end_that_her_own_no_is_in_or_that_was_never_there_for_her() -> None:
    def not_for(intro: Introduction) -> tuple[UUID, ...]:
        (closed,) = ending.expire(intro, SILENT_UNTIL)[1]
        assert isinstance(closed, IntroductionClosed)
        return closed.not_for

    assert not_for(proposed()) == ()
    assert not_for(answering.pass_(proposed(), CARLA, AT)[0]) == (CARLA,)
    assert not_for(ending.decline(asked(), VERA, AT)[0]) == (VERA,)
    assert not_for(ending.block(asked(), ANA, CARLA, AT)) == (ANA, CARLA)  # Carla hadn't seen it
    passed_and_taken_back = vouching.withdraw_vouch(answering.pass_(vouched(), CARLA, AT)[0], VERA, AT)[1]
    assert [event.not_for for event in passed_and_taken_back if isinstance(event, IntroductionClosed | VouchWithdrawn)] == [(CARLA,)] * 2
