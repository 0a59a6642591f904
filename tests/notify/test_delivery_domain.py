"""The state machine of a delivery, alone: whatever comes of attempts, in whatever order."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.delivery import domain
from services.notify.delivery.domain import (
    GIVE_UP_AFTER,
    LONGEST_WAIT,
    NotNow,
    Outcome,
    Refused,
    Sent,
    Standing,
    Stopped,
    Unreachable,
    Unsure,
    after,
)

OUTCOMES: list[Outcome] = [Sent(), NotNow("rcpt: 450"), Unreachable("connect"), Refused("rcpt: 550"), Unsure("words"), Stopped("blocked")]
YOUNG = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("outcome", "state", "tried_again"),
    [
        (Sent(), "sent", False),
        (Refused("rcpt: 550"), "refused", False),
        (Stopped("blocked"), "suppressed", False),
        (NotNow("rcpt: 450"), "deferred", True),
        (Unreachable("connect"), "deferred", True),
        (Unsure("words"), "unknown", True),
    ],
)
def test_where_a_letter_stands_after_its_first_attempt(outcome: Outcome, state: str, tried_again: bool) -> None:
    standing = after(outcome, attempts=1, unknowns=0, age=YOUNG)
    assert (standing.state, standing.due_in is not None) == (state, tried_again)
    assert standing.keeps_bytes == tried_again


def test_a_second_unknown_is_parked_with_its_bytes() -> None:
    standing = after(Unsure("words"), attempts=2, unknowns=1, age=YOUNG)
    assert (standing.state, standing.due_in, standing.unknowns, standing.keeps_bytes) == ("unknown", None, 2, True)


@given(st.integers(1, 200))
def test_waits_grow_to_half_an_hour(attempts: int) -> None:
    waits = [after(NotNow("rcpt: 450"), attempts=number, unknowns=0, age=YOUNG).due_in or 0 for number in (attempts, attempts + 1)]
    assert 15 <= waits[0] <= waits[1] <= LONGEST_WAIT


def test_one_recipient_is_given_up_after_days_and_a_server_that_is_away_never() -> None:
    old = GIVE_UP_AFTER + timedelta(seconds=1)
    assert after(NotNow("rcpt: 450"), attempts=99, unknowns=0, age=old).state == "refused"
    assert after(NotNow("rcpt: 450"), attempts=99, unknowns=0, age=GIVE_UP_AFTER).state == "deferred"
    assert after(Unreachable("connect"), attempts=9999, unknowns=0, age=old * 10).state == "deferred"


@settings(deadline=None)
@given(st.lists(st.sampled_from(OUTCOMES), max_size=30))
def test_no_row_of_outcomes_gives_a_third_copy_or_a_copy_after_the_end(outcomes: list[Outcome]) -> None:
    standing = Standing("queued", "", 0, 0)
    copies_possible = certain = 0
    for attempts, outcome in enumerate(outcomes, 1):
        if standing.due_in is None:
            break
        standing = after(outcome, attempts=attempts, unknowns=standing.unknowns, age=YOUNG)
        certain += isinstance(outcome, Sent)
        copies_possible += isinstance(outcome, Sent | Unsure)
        assert standing.unknowns == copies_possible - certain
        assert standing.keeps_bytes or standing.state in domain.OVER
    assert copies_possible <= 2
    assert certain <= 1
