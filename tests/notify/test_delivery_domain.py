"""The state machine of a delivery, alone: whatever comes of attempts, in whatever order."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.delivery.in_flight import LONGEST_WAIT, InFlight
from services.notify.queue import domain
from services.notify.queue.claims import Claimed
from services.notify.queue.domain import (
    GIVE_UP_AFTER,
    Deferred,
    Rejected,
    Result,
    Sent,
    Status,
    Suppressed,
    Unknown,
    Untried,
    after,
)
from shared.ids import new_id

RESULTS: list[Result] = [
    Sent(),
    Deferred("rcpt: 450"),
    Untried("connect: lost", why="connect"),
    Rejected("rcpt: 550"),
    Unknown("words"),
    Suppressed("blocked"),
]
YOUNG = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("result", "state", "tried_again"),
    [
        (Sent(), "sent", False),
        (Rejected("rcpt: 550"), "rejected", False),
        (Suppressed("blocked"), "suppressed", False),
        (Deferred("rcpt: 450"), "deferred", True),
        (Untried("connect: lost", why="connect"), "deferred", True),
        (Unknown("words"), "unknown", True),
    ],
)
def test_where_a_letter_stands_after_its_first_attempt(result: Result, state: str, tried_again: bool) -> None:
    status = after(result, unknowns=0, deferrals=0, waited=YOUNG, wait=15)
    assert (status.state, status.due_in is not None) == (state, tried_again)
    assert status.keeps_bytes == (tried_again or state == "rejected")


@pytest.mark.parametrize(("doubtful", "expected"), [(False, (domain.UNTRIED_WAIT, 0)), (True, (15, 1))])
def test_what_is_about_us_costs_a_letter_at_most_that_others_go_first(doubtful: bool, expected: tuple[float, int]) -> None:
    for before in (0, 1, 5):
        status = after(Untried("rcpt: 550", doubtful, why="refusing"), unknowns=0, deferrals=before, waited=GIVE_UP_AFTER * 2, wait=15)
        assert (status.state, status.due_in, status.deferrals) == ("deferred", expected[0], max(before, expected[1]))


def test_a_second_unknown_is_parked_with_its_bytes() -> None:
    status = after(Unknown("words"), unknowns=1, deferrals=0, waited=YOUNG, wait=15)
    assert (status.state, status.due_in, status.unknowns, status.keeps_bytes) == ("unknown", None, 2, True)


@given(st.integers(1, 200))
def test_waits_double_up_to_half_an_hour_give_or_take_a_quarter(attempts: int) -> None:
    doubled = min(15.0 * 2 ** (attempts - 1), LONGEST_WAIT)
    letter = Claimed(7, new_id(), "introduction", "", 1, "ana@example.test", b"", attempts + 7, 0, attempts - 1, YOUNG)
    no_database: Any = None
    status = InFlight(no_database, new_id()).ended(letter, Deferred("rcpt: 450"))
    assert 15 * 0.75 <= doubled * 0.75 <= (status.due_in or 0) <= doubled * 1.25 <= 1800 * 1.25


def test_one_recipient_is_given_up_after_days_and_a_server_that_is_away_never() -> None:
    old = GIVE_UP_AFTER + timedelta(seconds=1)
    assert after(Deferred("rcpt: 450"), unknowns=0, deferrals=7, waited=old, wait=15).state == "rejected"
    assert after(Deferred("rcpt: 450"), unknowns=0, deferrals=7, waited=GIVE_UP_AFTER, wait=15).state == "deferred"
    assert after(Untried("connect: lost", why="connect"), unknowns=0, deferrals=7, waited=old * 10, wait=15).state == "deferred"


@settings(deadline=None)
@given(st.lists(st.sampled_from(RESULTS), max_size=30))
def test_no_row_of_outcomes_gives_a_third_copy_or_a_copy_after_the_end(results: list[Result]) -> None:
    status = Status("queued", "", 0, 0, 0)
    copies_possible = certain = 0
    for result in results:
        if status.due_in is None:
            break
        status = after(result, unknowns=status.unknowns, deferrals=status.deferrals, waited=YOUNG, wait=15)
        certain += isinstance(result, Sent)
        copies_possible += isinstance(result, Sent | Unknown)
        assert status.unknowns == copies_possible - certain
        assert status.keeps_bytes or status.state in domain.OVER
    assert copies_possible <= 2
    assert certain <= 1
