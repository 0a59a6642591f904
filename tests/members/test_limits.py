"""The limits of signing in hold in every window, and lock nobody out: the pure rules, driven by an attacker and by chance."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.members.sessions.domain import limits
from services.members.sessions.domain.challenge import TRIES as TRIES_A_CHALLENGE
from services.members.sessions.domain.limits import DAY, HOUR, LONG, SHORT, Count, Limit, Source, network_of

START = datetime(2026, 1, 1, tzinfo=UTC)
Kind = TypeVar("Kind")


@dataclass
class Counts:
    """What was counted, as the rows of the database have it."""

    times: dict[Count, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    def before(self, counts: Sequence[Count], at: datetime) -> dict[Count, int]:
        for count in counts:
            self.times[count] = [time for time in self.times[count] if time > at - count.limit.within]
        return {count: len(self.times[count]) for count in counts}

    def add(self, counts: Sequence[Count], at: datetime) -> None:
        for count in counts:
            self.times[count].append(at)

    def letter(self, source: Source, at: datetime) -> Limit | None:
        taken, reached = source.letter(self.before(source.letter_counts(), at))
        self.add(taken, at)
        return reached

    def digits(self, source: Source, at: datetime) -> int:
        return LONG if source.spent(self.before(source.try_counts(), at)) else SHORT

    def wrong(self, source: Source, at: datetime) -> None:
        self.add(source.try_counts(), at)


def stranger(address: object, network: object, browser: object = "") -> Source:
    return Source(f"a{address}", f"b{browser or (address, network)}", f"n{network}", member=True, known=False)


def guessed(addresses: int, networks: int, days: int) -> tuple[float, Counter[int]]:
    """The accounts that an attacker may expect, and the tries that he got, by digits of the code.

    Each hour he asks for every address from the network with most left, and tries all that a challenge lets him.
    """
    counts, expected, tried = Counts(), 0.0, Counter[int]()
    for hour in range(days * 24):
        at = START + HOUR * hour
        for address in range(addresses):
            for attempt in range(limits.LETTERS_ADDRESS.most):
                source = stranger(address, (address * 7 + attempt + hour) % networks, (address, hour, attempt))
                digits = counts.digits(source, at)
                if tried_enough(tried, digits) or counts.letter(source, at):
                    break
                for _ in range(TRIES_A_CHALLENGE):
                    if digits == SHORT and counts.digits(source, at) == LONG:
                        break  # the short code isn't taken any more
                    tried[digits] += 1
                    expected += 10.0**-digits
                    if digits == SHORT:
                        counts.wrong(source, at)
    return expected, tried


def tried_enough(tried: Counter[int], digits: int) -> bool:
    """Long codes are hopeless: what they add is reckoned, not played."""
    return digits == LONG and tried[LONG] >= 10_000


PART = 100
"""The play has one address and one network of so many. Its limits are each one's own, so the whole is so many times that."""


def test_ten_thousand_addresses_and_a_thousand_networks_give_less_than_a_tenth_of_an_account_in_thirty_days() -> None:
    expected, tried = guessed(10_000 // PART, 1_000 // PART, 30)
    by_address = 10_000 // PART * 30 * limits.TRIES_ADDRESS.most
    by_network = 1_000 // PART * 30 * limits.TRIES_NETWORK.most
    # He gets what the tighter limit lets him have: the play isn't idle.
    assert 0.9 * min(by_address, by_network) <= tried[SHORT] <= min(by_address, by_network)
    long_tries = limits.LETTERS_ALL.most * 24 * 30 * TRIES_A_CHALLENGE
    assert expected * PART + long_tries * 10.0**-LONG < 0.1
    # Each limit does it alone, if the other were none.
    assert round(by_address * PART * 10.0**-SHORT, 6) <= 0.075
    assert round(by_network * PART * 10.0**-SHORT, 6) <= 0.03


@pytest.mark.parametrize("loosened", [{"TRIES_ADDRESS": 250, "TRIES_NETWORK": 1000}, {"SHORT": 6}])
def test_the_play_shows_a_limit_that_is_too_loose(loosened: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in loosened.items():
        known = getattr(limits, name)
        monkeypatch.setattr(limits, name, most if isinstance(known, int) else Limit(known.name, most, known.within, known.each))
    days, part = 2, 200
    expected, _ = guessed(10_000 // part, 1_000 // part, days)
    if "SHORT" in loosened:
        expected *= 10.0 ** (SHORT - loosened["SHORT"])
    assert expected * part * 30 / days > 0.1


@pytest.mark.parametrize("networks", [1, 50])
def test_strangers_take_no_letter_from_her(networks: int) -> None:
    counts, at = Counts(), START
    for round_ in range(20):
        for network in range(networks):
            for browser in range(3):
                counts.letter(stranger("hers", network, (network, round_, browser)), at)
        at += timedelta(minutes=10)
        known = Source("ahers", "bhers", "nhome", member=True, known=True)
        assert counts.letter(known, at) is None or round_ % 6 >= limits.LETTERS_KNOWN.most, "her own browser has letters of its own"
    assert counts.letter(stranger("hers", "new phone"), at) is None, "so has a browser of hers that isn't known yet"
    sent = [len(times) for count, times in counts.times.items() if count.limit in (limits.LETTERS_ADDRESS, limits.LETTERS_LATE_ALL)]
    assert sum(sent) <= limits.LETTERS_ADDRESS.most + limits.LETTERS_LATE_ALL.most


def test_wrong_codes_of_strangers_make_codes_longer_and_hers_stay_short() -> None:
    counts = Counts()
    for number in range(limits.TRIES_ADDRESS.most):
        assert counts.digits(stranger("hers", number), START) == SHORT
        counts.wrong(stranger("hers", number), START)
    assert counts.digits(stranger("hers", "new phone"), START) == LONG
    assert counts.letter(stranger("hers", "new phone"), START) is None, "nobody is locked out"
    known = Source("ahers", "bhers", "n0", member=True, known=True)
    assert counts.digits(known, START) == SHORT
    assert counts.digits(stranger("another", "elsewhere"), START) == SHORT
    assert counts.digits(stranger("hers", "new phone"), START + DAY) == SHORT


def test_a_network_with_many_wrong_codes_gets_long_ones_for_every_address() -> None:
    counts = Counts()
    for number in range(limits.TRIES_NETWORK.most):
        counts.wrong(stranger(number, "one"), START)
    assert counts.digits(stranger("fresh", "one"), START) == LONG
    assert counts.digits(stranger("fresh", "other"), START) == SHORT
    assert counts.digits(Source("afresh", "bhers", "none", member=True, known=True), START) == SHORT


def test_a_flood_of_made_up_addresses_leaves_members_their_letters() -> None:
    counts = Counts()
    reached = None
    for number in range(limits.LETTERS_ALL.most + 1):
        made_up = Source(f"x{number}", f"y{number}", f"z{number % 1000}", member=False, known=False)
        reached = counts.letter(made_up, START)
    assert reached == limits.LETTERS_ALL
    assert counts.letter(stranger("hers", "home"), START) is None


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("192.0.2.255", "192.0.2.0/24"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("2001:db8:1:ffff::", "2001:db8:1::/48"),
        ("::", "::/48"),
    ],
)
def test_what_counts_as_one_network(ip: str, network: str) -> None:
    assert network_of(ip_address(ip)) == network


class Windows(RuleBasedStateMachine):
    """Whatever is asked and tried, no window holds more than its limit, and each refusal has a full window to show for it."""

    def __init__(self) -> None:
        super().__init__()
        self.counts, self.at = Counts(), START
        self.log: dict[Count, list[datetime]] = defaultdict(list)
        self.home: Callable[[], Source] = lambda: Source("a0", "bhome", "n0", member=True, known=True)
        self.own: list[datetime] = []

    def _ask(self, source: Source) -> Limit | None:
        before = {count: self._within(count, self.at) for count in source.letter_counts()}
        taken, reached = source.letter(self.counts.before(source.letter_counts(), self.at))
        self.counts.add(taken, self.at)
        for count in taken:
            self.log[count].append(self.at)
        assert bool(taken) != bool(reached)
        assert reached is None or any(count.limit == reached and held >= reached.most for count, held in before.items())
        return reached

    def _within(self, count: Count, at: datetime) -> int:
        return sum(at - count.limit.within < time <= at for time in self.log[count])

    @rule(address=st.integers(0, 2), network=st.integers(0, 4), browser=st.integers(0, 30), member=st.booleans(), times=st.integers(1, 30))
    def strangers_ask(self, address: int, network: int, browser: int, member: bool, times: int) -> None:
        for number in range(times):
            self._ask(Source(f"a{address}", f"b{browser}-{number % 3}", f"n{network}", member=member, known=False))

    @rule()
    def she_asks_from_home(self) -> None:
        recent = sum(time > self.at - HOUR for time in self.own)
        reached = self._ask(self.home())
        assert (reached is None) == (recent < limits.LETTERS_KNOWN.most), "only her own asks there count"
        if reached is None:
            self.own.append(self.at)

    @rule(address=st.integers(0, 2), network=st.integers(0, 4), times=st.integers(1, 10))
    def someone_tries(self, address: int, network: int, times: int) -> None:
        source = stranger(address, network)
        for _ in range(times):
            if self.counts.digits(source, self.at) == SHORT:
                self.counts.wrong(source, self.at)
                for count in source.try_counts():
                    self.log[count].append(self.at)

    @rule(minutes=st.sampled_from([0.5, 7, 59, 60, 61, 600, 1439, 1440]))
    def time_goes_by(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)

    @precondition(lambda self: self.log)
    @invariant()
    def no_window_holds_more_than_its_limit(self) -> None:
        for count, times in self.log.items():
            assert all(self._within(count, time) <= count.limit.most for time in set(times)), count.limit.name


TestWindows = Windows.TestCase
TestWindows.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


SECURITY = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("limit", [*limits.LETTERS, *limits.TRIES, *limits.NOTICES], ids=lambda limit: limit.name)
def test_the_page_on_security_prints_every_limit(limit: Limit) -> None:
    hours = round(limit.within / HOUR)
    assert f"| `{limit.name}` | {limit.most} | {hours} hour{'s' if hours > 1 else ''} | {limit.each} |" in SECURITY


def test_the_page_on_security_prints_no_other_limit() -> None:
    assert re.findall(r"^\| `((?:letters|tries|notices)_\w+)` \|", SECURITY, re.MULTILINE) == [
        limit.name for limit in (*limits.LETTERS, *limits.TRIES, *limits.NOTICES)
    ]
