"""Any order, repetition and interleaving of two members' calls, with time moving, held against the model."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.requests.connections.commands import Ask
from services.requests.connections.domain import answering, clarifying, ending, reminding
from services.requests.connections.domain.connection_request import ConnectionRequest
from services.requests.connections.domain.ending import HiddenCause
from services.requests.connections.domain.limits import Sent
from services.requests.connections.domain.notes import Writer
from services.requests.connections.domain.pair import Pair
from services.requests.connections.views import shown_state
from services.requests.people.domain import removing
from services.requests.people.domain.connection import ConnectionSide
from services.requests.people.domain.removing import Removal
from services.requests.reach.domain import Reach
from shared.contracts.events.base import Event
from shared.contracts.events.requests import ConnectionAccepted, ConnectionClosed, ConnectionRemoved
from shared.contracts.http.requests.reach import Bar
from shared.contracts.kind_answers import KindAnswer
from shared.problems import Problem
from tests.requests_service.connections.examples import ANA, AT, BEA, WORDS
from tests.requests_service.connections.model import Asked, Model

IDS = {"ana": ANA, "bea": BEA}
OTHER = {"ana": "bea", "bea": "ana"}
who = st.sampled_from(["ana", "bea"])
QUESTIONS = [None, None, "What do you build?", "Why boats?"]
STOCK = "I came across your profile and was impressed. I would love to connect and stay in touch with you!"
NOTES = [None, None, STOCK, "There is something that I have wanted to talk to you about for quite some time now."]
which = st.integers(min_value=0, max_value=5)
Moved = tuple[ConnectionRequest, list[Event]]


class TwoMembers(RuleBasedStateMachine):
    """Ana and Bea call whatever they like; the domain's rows are kept in lists."""

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = AT
        self.model = Model()
        self.requests: list[ConnectionRequest] = []
        self.sides: dict[UUID, ConnectionSide] = {}
        self.removals: dict[str, Removal] = {}
        self.told: list[Event] = []

    def pair(self, me: str) -> Pair:
        def latest(by: str) -> ConnectionRequest | None:
            return next((one for one in reversed(self.requests) if one.requester_id == IDS[by]), None)

        side = self.sides.get(IDS[me])
        mine, hers = side.closeness if side else None, self.reach(OTHER[me])
        return Pair(latest(me), latest(OTHER[me]), mine, self.model.suspended, self.removals.get(OTHER[me]), hers)

    def reach(self, of: str) -> Reach:
        begins, ends = self.model.paused.get(of, (None, None))
        return Reach(self.model.bars[of], self.model.questions[of], paused_from=begins, paused_until=ends)

    def keep(self, moved: Moved) -> None:
        after, events = moved
        index = next(number for number, one in enumerate(self.requests) if one.id == after.id)
        accepted_now = after.state == "accepted" and self.requests[index].state != "accepted"
        self.requests[index] = after
        self.told += events
        if accepted_now:
            assert not self.sides, "connected twice"
            self.sides = {side.member_id: side for side in after.sides()}
            self.removals.clear()

    @rule(hours=st.sampled_from([0.5, 1, 24, 24 * 7, 24 * 30, 24 * 90]))
    def wait(self, hours: float) -> None:
        self.at += timedelta(hours=hours)

    @rule(index=which)
    @precondition(lambda self: bool(self.requests))
    def wait_for_an_end(self, index: int) -> None:
        request = self.requests[index % len(self.requests)]
        self.at = max(self.at, request.expires_at)

    @rule(by=who, bar=st.sampled_from(["anyone", "met", "introduced"]), question=st.sampled_from(QUESTIONS))
    def set_bar(self, by: str, bar: Bar, question: str | None) -> None:
        self.model.bars[by], self.model.questions[by] = bar, question

    @rule(by=who, days=st.sampled_from([1, 14, 90]), it_begins=st.booleans())
    def pause(self, by: str, days: int, it_begins: bool) -> None:
        begins = self.at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self.model.paused[by] = begins, begins + timedelta(days=days)
        self.at = begins if it_begins else self.at

    @rule(me=who, met=st.booleans(), question=st.sampled_from(QUESTIONS), note=st.sampled_from(NOTES), nudged=st.booleans())
    @precondition(lambda self: not self.model.apart())  # else visibility answers before the domain is asked
    def ask(self, me: str, met: bool, question: str | None, note: str | None, nudged: bool) -> None:
        words = replace(WORDS, how_met="event" if met else "not_yet", recipient_question=question)
        if note:
            words = replace(words, where_we_met="At some event or other", why_now=note)
        gate = "invalid" if note == STOCK else "nudge" if note and not nudged else None
        expected = self.model.ask(me, OTHER[me], self.at, met=met, question=question, gate=gate)
        try:
            asked, events = Ask(IDS[OTHER[me]], words, nudged).decide((uuid4(), self.pair(me), Sent(), Writer("en")), IDS[me], self.at)
        except Problem as refusal:
            assert refusal.code == expected
            return
        assert expected == ("connected" if asked.request.state == "accepted" else "asked")
        if asked.ended:
            self.keep((asked.ended, []))
        if expected == "asked":
            self.requests.append(asked.request)
        self.keep((asked.request, events))

    def call(self, index: int, move: Callable[[ConnectionRequest], Moved], good: Callable[[Asked], bool]) -> Asked | None:
        """Make a move; the model says whether it may change something. The facts, where it did."""
        number = index % len(self.requests)
        before, facts = self.requests[number], self.model.asked[number]
        try:
            moved = move(before)
        except Problem:
            assert not good(facts)
            return None
        changed = moved[0] != before
        assert changed == good(facts), (before, facts)
        self.keep(moved)
        return facts if changed else None

    @rule(index=which, by=who)
    @precondition(lambda self: bool(self.requests) and not self.model.apart())
    def accept(self, index: int, by: str) -> None:
        facts = self.call(
            index,
            lambda one: answering.accept(one, IDS[by], "met", self.at, suspended=self.model.suspended),
            lambda facts: facts.to == by and facts.may_be_accepted(self.at) and not self.model.suspended,
        )
        if facts:
            self.model.yes(facts)

    @rule(index=which, by=who, unknown=st.booleans())
    @precondition(lambda self: bool(self.requests) and not self.model.apart())
    def decline(self, index: int, by: str, unknown: bool) -> None:
        def good(facts: Asked) -> bool:
            says_more = unknown and facts.said == "no" and not facts.unknown and facts.may_be_accepted(self.at)
            return facts.to == by and (facts.waits(self.at) or says_more)

        facts = self.call(index, lambda one: answering.decline(one, IDS[by], self.at, unknown=unknown), good)
        if facts:
            facts.said, facts.unknown = "no", unknown

    @rule(index=which, by=who, kind_answer=st.sampled_from(["thank_you", "good_luck"]))
    @precondition(lambda self: bool(self.requests) and not self.model.apart())
    def decline_kindly(self, index: int, by: str, kind_answer: KindAnswer) -> None:
        facts = self.call(
            index,
            lambda one: answering.decline_kindly(one, IDS[by], kind_answer, self.at, suspended=self.model.suspended),
            lambda facts: facts.to == by and facts.may_be_accepted(self.at) and not self.model.suspended,
        )
        if facts:
            facts.said, facts.told_kindly, facts.unknown = "no", self.at, False

    @rule(index=which, by=who)
    @precondition(lambda self: bool(self.requests) and not self.model.apart())
    def ask_back(self, index: int, by: str) -> None:
        facts = self.call(
            index,
            lambda one: clarifying.ask_back(one, IDS[by], "Which of the two?", self.at, suspended=self.model.suspended),
            lambda facts: facts.to == by and facts.may_be_asked_back(self.at) and not self.model.suspended,
        )
        if facts:
            facts.question = True

    @rule(index=which, by=who)
    @precondition(lambda self: bool(self.requests) and not self.model.apart())
    def answer_back(self, index: int, by: str) -> None:
        facts = self.call(
            index,
            lambda one: clarifying.answer_back(one, IDS[by], "The second.", self.at, suspended=self.model.suspended),
            lambda facts: facts.by == by and facts.may_be_answered_back(self.at) and not self.model.suspended,
        )
        if facts:
            facts.answer = True

    @rule(index=which, by=who)
    @precondition(lambda self: bool(self.requests) and not self.model.apart())
    def withdraw(self, index: int, by: str) -> None:
        facts = self.call(
            index, lambda one: ending.withdraw(one, IDS[by], self.at), lambda facts: facts.by == by and not facts.over_for_asker(self.at)
        )
        if facts:
            facts.taken_back = self.at

    @rule(by=who)
    @precondition(lambda self: bool(self.sides) and not self.model.apart())
    def remove(self, by: str) -> None:
        self.removals[by], events = removing.remove(uuid4(), self.sides[IDS[by]], self.at)
        self.sides.clear()
        self.told += events
        self.model.remove(by, self.at)
        for one in list(self.requests):
            self.keep((ending.removed(one, self.at), []))

    @rule(by=who)
    @precondition(lambda self: not self.model.blocks)
    def block(self, by: str) -> None:
        self.model.blocks.add(by)
        self._part(by, "blocked")

    @rule()
    @precondition(lambda self: bool(self.model.blocks))
    def unblock(self) -> None:
        self.model.blocks.clear()

    @rule(by=who, sure=st.integers(0, 9))
    @precondition(lambda self: not self.model.left)
    def leave(self, by: str, sure: int) -> None:
        if sure == 0:  # seldom, since nothing happens between the two afterwards
            self.model.left.add(by)
            self._part(by, "member_left")

    def _part(self, by: str, cause: HiddenCause) -> None:
        self.model.part(by, self.at)
        for one in list(self.requests):
            self.keep((ending.end_hidden(one, cause, IDS[by], self.at), []))

    @rule()
    def suspend_or_reinstate(self) -> None:
        self.model.suspended = not self.model.suspended

    @rule()
    def remind(self) -> None:
        for number, facts in enumerate(self.model.asked):
            reminds, paused = facts.reminds(self.at), self.model.pauses(facts.to, self.at)
            after, events = reminding.remind(self.requests[number], self.at, reaches_her=not (paused or self.model.suspended))
            assert len(events) == (reminds and not paused and not self.model.suspended)
            facts.reminded |= reminds
            self.keep((after, events))

    @rule()
    def tell_of_ends(self) -> None:
        for one in list(self.requests):
            self.keep(ending.announce(one, self.at))
        for one, facts in zip(self.requests, self.model.asked, strict=True):
            ends = [event for event in self.told if isinstance(event, ConnectionClosed) and event.aggregate_id == one.id]
            due = facts.said != "yes" and self.at >= facts.shown_end()
            assert [event.shown_at for event in ends] == ([facts.shown_end()] if due else [])

    @invariant()
    def each_sees_what_she_may_know(self) -> None:
        for one, facts in zip(self.requests, self.model.asked, strict=True):
            assert shown_state(one, IDS[facts.by], self.at) == facts.asker_sees(self.at)
            assert shown_state(one, IDS[facts.to], self.at) == facts.asked_one_sees(self.at)
            assert (one.clarifying_question is not None, one.clarifying_answer is not None) == (facts.question, facts.answer)
            assert one.unknown == facts.unknown
            assert (one.kind_answer is not None) == (facts.told_kindly is not None)

    @invariant()
    def connected_only_by_both(self) -> None:
        assert bool(self.sides) == self.model.connected()
        made, removed = (sum(isinstance(event, kind) for event in self.told) for kind in (ConnectionAccepted, ConnectionRemoved))
        assert made - removed == len(self.sides) // 2 <= 1

    @invariant()
    def nothing_is_told_before_it_shows(self) -> None:
        assert all(event.occurred_at >= event.shown_at for event in self.told if isinstance(event, ConnectionClosed))

    @invariant()
    def every_event_is_told_once_and_newer_than_those_before(self) -> None:
        for one in self.requests:
            versions = [event.aggregate_version for event in self.told if event.aggregate_id == one.id]
            assert versions == sorted(set(versions)), "a consumer would take the later one for old"


TwoMembers.TestCase.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
TestAnyOrder = TwoMembers.TestCase
