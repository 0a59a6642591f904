"""Any order, repetition and interleaving of everybody's calls, with time moving, held against the model."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.requests.introductions.domain import answering, asking, correcting, ending, in_touch, keeping, lifecycle, outcomes, vouching
from services.requests.introductions.domain.introduction import Introduction
from services.requests.introductions.domain.parts import Outcome
from services.requests.introductions.domain.vouching import VoucherRecord
from services.requests.introductions.records import from_row, to_row
from services.requests.introductions.views import view
from services.requests.reach.domain import Reach, Reaching, end_pause, pause
from shared.contracts.events import requests as told
from shared.contracts.events.base import Event
from shared.problems import NotFound, Problem
from tests.requests_service.introductions.examples import ANA, AT, CARLA, GOOD, STRANGER, VERA, WORDS, answered, asked, proposed, record
from tests.requests_service.introductions.model import THREE, Model

IDS = {"ana": ANA, "vera": VERA, "carla": CARLA, "dora": STRANGER}
NAMES = {id_: name for name, id_ in IDS.items()}
who = st.sampled_from(["ana", "carla", "ana", "carla", "vera", "dora"])
member = st.sampled_from(THREE)
Moved = tuple[Introduction, list[Event]]


def plain(event: Event) -> tuple[Any, ...]:
    """An event as the model tells it."""
    match event:
        case told.IntroductionVouched():
            to = () if event.to is None else (tuple(NAMES[id_] for id_ in event.to),)
            return "vouched", event.occurred_at, *to
        case told.CorrectionAsked():
            return "correction", NAMES[event.by_id]
        case told.WordsCorrected():
            return "corrected", {NAMES[id_] for id_ in event.ask_again}
        case told.IntroductionConfirmed():
            assert set(event.words_for) == {ANA, CARLA}
            return "confirmed", event.confirmed_at, NAMES[event.writes_first] if event.writes_first else None
        case told.VouchWithdrawn():
            return "vouch_withdrawn", event.shown_at
        case told.IntroductionClosed():
            return "closed", event.reason, event.shown_at
        case told.OutcomesRevealed():
            return "revealed", {NAMES[id_]: answer for id_, answer in event.answers.items()}
        case told.SidesConnected():
            return "connected", NAMES[event.told_id] if event.told_id else None
        case told.MisconductReported():
            return "report", NAMES[event.by_id]
        case told.RemindersDue(kind="in_touch"):
            return "in touch", NAMES[event.member_id], event.aggregate_version
        case told.RemindersDue(kind="ask_waits" | "introduction_waits"):
            return "reminder", NAMES[event.member_id]
        case told.RemindersDue():
            return "question", NAMES[event.member_id]
    raise AssertionError(event)


class OneIntroduction(RuleBasedStateMachine):
    """Everybody calls whatever she likes, rightly or not."""

    @initialize(
        begins=st.sampled_from(["ask", "proposal", "need"]), days=st.sampled_from([4, 7, 14]), apart=st.sampled_from([False, False, True])
    )
    def begin(self, begins: str, days: int, apart: bool) -> None:
        self.at, by_asking = AT, begins == "ask"
        self.one = asked(days=days) if by_asking else answered() if begins == "need" else proposed()
        made = {"yes": {"ana"}, "vouched": None} if by_asking else {"yes": set[str](), "vouched": AT}
        self.model = Model(by_asking, AT, days, need=begins == "need", apart=apart, **made)
        self.events: list[Event] = []
        self.reach = {id_: Reach() for id_ in IDS.values()}

    @property
    def her(self) -> VoucherRecord:
        """Vera, who knows both, and whom of them it may reach."""
        apart = frozenset({frozenset({ANA, CARLA})}) if self.model.apart else frozenset()
        return replace(GOOD, reaching=Reaching(self.reach, apart))

    def move(self, expected: str, command: Callable[[], Moved]) -> None:
        before = self.one
        try:
            self.one, events = command()
        except NotFound:
            assert expected == "nothing"
        except Problem:
            assert expected == "refused"
        else:
            assert expected == ("same" if self.one == before else "done")
            assert all(
                before.version < event.aggregate_version <= self.one.version or event.aggregate_id != self.one.id for event in events
            )
            self.events += events
        assert (self.one == before) == (self.one.version == before.version)

    @property
    def paused(self) -> set[Any]:
        return {IDS[name] for name in self.model.suspended}

    @rule(hours=st.sampled_from([0.4, 1, 24, 24 * 5, 24 * 6, 24 * 14, 24 * 21, 24 * 90]))
    def wait(self, hours: float) -> None:
        self.at += timedelta(hours=hours)

    @rule()
    def wait_for_what_is_due(self) -> None:
        self.at = max(self.at, lifecycle.due_at(self.one) or self.at)

    @rule(by=who)
    def vouch(self, by: str) -> None:
        said: Any = {"show_why_her": True, "last_spoke": {ANA: "longer", CARLA: "year"}}
        command = lambda: vouching.vouch(self.one, IDS[by], WORDS, self.at, self.her, **said, suspended=self.paused)  # noqa: E731  (a delayed call)
        self.move(self.model.vouch(by, self.at), command)

    @rule(by=who, stale=st.booleans())
    def confirm(self, by: str, stale: bool) -> None:
        version = len(self.one.corrected) + stale
        command = lambda: answering.confirm(self.one, IDS[by], self.at, suspended=self.paused, version=version)  # noqa: E731  (a delayed call)
        self.move(self.model.confirm(by, self.at, stale), command)

    @rule(by=who, text=st.sampled_from(["once", "once", "twice"]))
    def ask_correction(self, by: str, text: str) -> None:
        command = lambda: correcting.ask_correction(self.one, IDS[by], text, self.at, suspended=self.paused)  # noqa: E731  (a delayed call)
        self.move(self.model.ask_correction(by, self.at, text), command)

    @rule(by=who)
    def correct(self, by: str) -> None:
        words = dict.fromkeys(self.one.side_ids, f"Corrected at version {self.one.version}, with words for each.")
        self.move(self.model.correct(by, self.at), lambda: correcting.correct(self.one, IDS[by], words, self.at, suspended=self.paused))

    @rule(by=who)
    def pass_(self, by: str) -> None:
        self.move(self.model.pass_(by, self.at), lambda: answering.pass_(self.one, IDS[by], self.at))

    @rule(by=who, reason=st.sampled_from([None, "not_well_enough"]))
    def decline(self, by: str, reason: Any) -> None:
        self.move(self.model.decline(by, self.at, reason), lambda: ending.decline(self.one, IDS[by], self.at, reason=reason))

    @rule(by=who, sentence=st.sampled_from(["thank_you", "read_it"]))
    def decline_kindly(self, by: str, sentence: Any) -> None:
        command = lambda: ending.decline_kindly(self.one, IDS[by], sentence, self.at, suspended=self.paused)  # noqa: E731  (a delayed call)
        self.move(self.model.decline_kindly(by, self.at, sentence), command)

    @rule(by=who)
    def withdraw(self, by: str) -> None:
        self.move(self.model.withdraw(by, self.at), lambda: ending.withdraw(self.one, IDS[by], self.at))

    @rule(by=who, reason=st.sampled_from([None, "too_quickly"]))
    def withdraw_vouch(self, by: str, reason: Any) -> None:
        command = lambda: vouching.withdraw_vouch(self.one, IDS[by], self.at, reason=reason)  # noqa: E731  (a delayed call)
        self.move(self.model.withdraw_vouch(by, self.at, reason), command)

    @rule(by=who, answer=st.sampled_from(["worthwhile", "worthwhile", "did_not_meet", "misconduct"]))
    def say(self, by: str, answer: Any) -> None:
        outcome = Outcome(answer, self.at, None, "Unkind words." if answer == "misconduct" else None)
        self.move(self.model.say(by, answer, self.at), lambda: outcomes.say_outcome(self.one, IDS[by], outcome, suspended=self.paused))

    @rule(by=who)
    def keep(self, by: str) -> None:
        self.move(self.model.keep(by, self.at), lambda: keeping.keep(self.one, IDS[by], "met", self.at, suspended=self.paused))

    @rule(by=who)
    def let_go(self, by: str) -> None:
        self.move(self.model.let_go(by, self.at), lambda: keeping.let_go(self.one, IDS[by], self.at))

    @rule(by=who, answer=st.sampled_from(["yes", "not_yet"]))
    def say_in_touch(self, by: str, answer: Any) -> None:
        expected = self.model.say_in_touch(by, answer, self.at)
        self.move(expected, lambda: in_touch.say(self.one, IDS[by], answer, self.at, suspended=self.paused))

    @rule(by=st.sampled_from(list(IDS)), whom=st.sampled_from(list(IDS)), sure=st.integers(0, 2))
    def block(self, by: str, whom: str, sure: int) -> None:
        if by != whom and sure == 0:
            self.model.block(by, whom, self.at)
            self.one = ending.block(self.one, IDS[by], IDS[whom], self.at)

    @rule(by=who, sure=st.integers(0, 2))
    def leave(self, by: str, sure: int) -> None:
        if sure == 0:
            self.model.leave(by, self.at)
            self.one = ending.leave(self.one, IDS[by], self.at)

    @rule(which=member)
    def pause(self, which: str) -> None:
        self.model.pause(which, self.at)
        self.reach[IDS[which]] = pause(self.reach[IDS[which]], "two_weeks", self.at)

    @rule(which=member)
    def end_pause(self, which: str) -> None:
        self.model.end_pause(which)
        self.reach[IDS[which]] = end_pause(self.reach[IDS[which]], self.at)

    @rule(apart=st.booleans())
    def exclude(self, apart: bool) -> None:
        self.model.apart = apart

    @rule(which=st.sampled_from(["ana", "carla"]), days=st.sampled_from([1, 1, 15]), again=st.booleans())
    def vouch_in_a_pause(self, which: str, days: int, again: bool) -> None:
        """What seldom meets by chance: a pause has begun or is over, and Vera vouches just then."""
        self.pause(which)
        self.at += timedelta(days=days)
        if again:
            self.pause(which)
        self.vouch("vera")

    @rule(which=member)
    def suspend(self, which: str) -> None:
        self.model.suspended.add(which)

    @rule(which=member)
    def pause_or_end_a_pause(self, which: str) -> None:
        self.model.resting ^= {which}

    @rule(which=member)
    def reinstate(self, which: str) -> None:
        self.model.reinstate(which, self.at)
        self.one, events = answering.reach(self.one, self.at, suspended=self.paused)
        self.events += events

    @rule()
    def time_passes(self) -> None:
        self.model.time(self.at)
        self.one, events = lifecycle.pass_time(self.one, self.at, paused={IDS[name] for name in self.model.resting})
        self.events += events

    @invariant()
    def exactly_these_events_were_told(self) -> None:
        assert [plain(event) for event in self.events] == self.model.told

    @invariant()
    def each_event_is_another(self) -> None:
        assert len({event.id for event in self.events}) == len(self.events)

    @invariant()
    def never_confirmed_early_or_twice(self) -> None:
        kinds = [plain(event)[0] for event in self.events]
        assert kinds.count("confirmed") == bool(self.one.confirmed_at) <= 1
        assert kinds.count("closed") <= 1 - kinds.count("confirmed")
        if self.one.confirmed_at:
            assert self.model.yes == {"ana", "carla"}
            assert not self.model.first_no

    @invariant()
    def each_sees_what_she_may(self) -> None:
        for name, id_ in IDS.items():
            assert self.one.exists_for(id_) == self.model.there_for(name)
            if self.model.there_for(name):
                shown = view(record(self.one), id_, self.at, GOOD)
                assert shown.state == self.model.sees(name, self.at)
                assert shown.kind_answer == self.model.kindly
                assert shown.my_reason == (self.model.reason if name == "vera" else None)

    @invariant()
    def the_same_two_rest_as_they_should(self) -> None:
        if self.model.asked:
            assert asking.may_ask_again(self.one, self.at) == self.model.may_ask_again(self.at)

    @invariant()
    def its_row_holds_all_of_it(self) -> None:
        assert from_row(to_row(self.one)) == self.one


OneIntroduction.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyOrder = OneIntroduction.TestCase
