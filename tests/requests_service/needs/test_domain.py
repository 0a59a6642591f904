"""An ask by need: any order of what its two do, with time and blocks, against what each may see of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.requests.needs import domain
from services.requests.needs.domain import Need
from services.requests.needs.views import view
from shared.contracts.events.base import Event
from shared.contracts.events.requests import NeedClosed
from shared.contracts.http.base import Card
from shared.contracts.http.requests.needs import NeedIsOver
from shared.problems import NotFound, Problem

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANA, VERA, STRANGER, INTRO = uuid4(), uuid4(), uuid4(), uuid4()
CARDS = {id_: Card(id=id_, name=name, headline="") for id_, name in ((ANA, "Ana"), (VERA, "Vera"))}
LOOKING = "A woman who has opened a branch in Mexico."
DAYS = st.sampled_from([0.0, 0.5, 3.0, 4.5, 14.5])


def asked(days: int = 14) -> Need:
    return domain.ask(uuid4(), LOOKING, AT, asker=ANA, voucher=VERA, days=days)[0]


@pytest.mark.parametrize("days", [4, 7, 14])
def test_it_is_open_for_the_days_that_she_chose_and_ends_on_a_full_hour(days: int) -> None:
    need = asked(days)
    assert need.ends_at == need.shown_at == AT.replace(minute=0) + timedelta(days=days, hours=1)
    expired, [told] = domain.announce(need, need.ends_at)
    assert isinstance(told, NeedClosed)
    assert (told.reason, told.shown_at, told.occurred_at) == ("expired", need.ends_at, need.ends_at)
    assert domain.announce(expired, need.ends_at + timedelta(days=9)) == (expired, [])


@pytest.mark.parametrize("by", [ANA, STRANGER])
def test_only_the_voucher_answers_it_and_only_the_asker_withdraws_it(by: UUID) -> None:
    with pytest.raises(NotFound):
        domain.decline(asked(), by, AT)
    with pytest.raises(NotFound):
        domain.answer(asked(), by, INTRO, AT)
    with pytest.raises(NotFound):
        domain.withdraw(asked(), VERA, AT)


def test_a_no_can_be_taken_back_by_a_proposal_until_the_end_and_a_proposal_is_for_good() -> None:
    declined = domain.decline(asked(), VERA, AT)[0]
    answered = domain.answer(declined, VERA, INTRO, AT)
    assert answered.introduction_id == INTRO
    with pytest.raises(NeedIsOver):
        domain.answer(answered, VERA, uuid4(), AT)
    with pytest.raises(NeedIsOver):
        domain.answer(declined, VERA, INTRO, declined.ends_at)


def test_the_counterparts_yes_shows_even_after_its_end_but_not_what_she_has_withdrawn() -> None:
    answered = domain.answer(asked(), VERA, INTRO, AT)
    met, [told] = domain.meet(answered, AT + timedelta(days=2))
    assert isinstance(told, NeedClosed)
    assert told.reason == "met"
    assert view(met, ANA, CARDS, AT + timedelta(days=2)).introduction_id == INTRO
    late = domain.announce(answered, answered.ends_at)[0]
    assert domain.meet(late, answered.ends_at + timedelta(days=3))[1] == [], "its end was told already"
    withdrawn = domain.withdraw(answered, ANA, AT)[0]
    assert domain.meet(withdrawn, AT) == (withdrawn, [])


VOUCHERS: dict[str, Callable[[Need, datetime], Need]] = {
    "nothing": lambda need, at: need,
    "decline": lambda need, at: domain.decline(need, VERA, at)[0],
    "answer": lambda need, at: domain.answer(need, VERA, INTRO, at),
    "block": lambda need, at: domain.part(need, "blocked", VERA, at),
    "leave": lambda need, at: domain.part(need, "member_left", VERA, at),
}


@settings(max_examples=300, deadline=None)
@given(acts=st.lists(st.tuples(st.sampled_from(sorted(VOUCHERS)), DAYS), max_size=5), withdraws=st.booleans(), waits=DAYS)
def test_whatever_the_voucher_does_looks_like_silence_to_the_asker(acts: list[tuple[str, float]], withdraws: bool, waits: float) -> None:
    said = silent = asked()
    at = AT

    def looks(need: Need) -> dict[str, object]:
        return view(need, ANA, CARDS, at).model_dump(exclude={"id"})

    def told(events: list[Event]) -> list[dict[str, object]]:
        return [event.model_dump(exclude={"id", "aggregate_id", "aggregate_version", "reason"}) for event in events]

    for act, days in acts:
        at += timedelta(days=days)
        try:
            said = VOUCHERS[act](said, at)
        except Problem:
            continue
        assert looks(said) == looks(silent)
        assert said.looks_open_at(at) == silent.looks_open_at(at)
    if withdraws:
        answers = []
        for need in (said, silent):
            try:
                answers.append(told(domain.withdraw(need, ANA, at)[1]))
            except Problem as problem:
                answers.append([{"code": problem.code}])
        assert answers[0] == answers[1]
    at += timedelta(days=waits)
    (said, ended), (silent, expired) = domain.announce(said, at), domain.announce(silent, at)
    assert told(ended) == told(expired)
    assert looks(said) == looks(silent)


class OneNeed(RuleBasedStateMachine):
    """Both do whatever they like, rightly or not."""

    @initialize(days=st.sampled_from([4, 7, 14]))
    def begin(self, days: int) -> None:
        self.at, self.one, self.events, self.met = AT, asked(days), list[Event](), False

    def move(self, command: Callable[[], tuple[Need, list[Event]]]) -> None:
        before = self.one
        try:
            self.one, events = command()
        except Problem:
            return
        assert (self.one == before) == (self.one.version == before.version and self.one.announced == before.announced)
        self.events += events

    @rule(days=DAYS)
    def wait(self, days: float) -> None:
        self.at += timedelta(days=days)

    @rule(by=st.sampled_from([ANA, VERA, STRANGER]))
    def decline(self, by: UUID) -> None:
        self.move(lambda: domain.decline(self.one, by, self.at))

    @rule(by=st.sampled_from([ANA, VERA, STRANGER]))
    def answer(self, by: UUID) -> None:
        self.move(lambda: (domain.answer(self.one, by, INTRO, self.at), []))

    @rule(by=st.sampled_from([ANA, VERA, STRANGER]))
    def withdraw(self, by: UUID) -> None:
        self.move(lambda: domain.withdraw(self.one, by, self.at))

    @rule()
    def counterpart_says_yes(self) -> None:
        self.met = self.met or self.one.state == "answered"
        self.move(lambda: domain.meet(self.one, self.at))

    @rule(by=st.sampled_from([ANA, VERA]), leaves=st.booleans(), sure=st.integers(0, 2))
    def parts(self, by: UUID, leaves: bool, sure: int) -> None:
        if sure == 0:
            self.one = domain.part(self.one, "member_left" if leaves else "blocked", by, self.at)

    @rule()
    def time_passes(self) -> None:
        self.move(lambda: domain.announce(self.one, self.at))

    @invariant()
    def its_end_is_told_once_and_never_before_it_shows(self) -> None:
        assert len(self.events) <= 1
        assert self.one.shown_at <= self.one.ends_at
        if self.events:
            assert self.events[0].occurred_at <= self.at

    @invariant()
    def the_asker_reads_of_an_introduction_only_after_the_counterparts_yes(self) -> None:
        shown = view(self.one, ANA, CARDS, self.at)
        assert (shown.introduction_id is not None) == (shown.state == "answered") == (self.one.state == "met")
        assert self.one.state != "met" or self.met
        assert shown.my_answer is None
        assert shown.actions == (["withdraw"] if shown.state == "open" else [])


OneNeed.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestOneNeed = OneNeed.TestCase
