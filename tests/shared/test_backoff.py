"""Waits grow from the first to the longest, each a little off its round number."""

from statistics import fmean

import pytest

from shared.backoff import backoff


@pytest.mark.parametrize(("tries", "seconds"), [(1, 0.5), (2, 1), (3, 2), (7, 32), (8, 60), (9, 60), (100_000, 60)])
def test_each_wait_is_twice_the_one_before_up_to_the_longest(tries: int, seconds: float) -> None:
    waits = [backoff(tries, first=0.5, longest=60) for _ in range(400)]
    assert seconds * 0.75 <= min(waits) <= max(waits) <= seconds * 1.25
    assert fmean(waits) == pytest.approx(seconds, rel=0.05)


def test_what_failed_together_is_not_tried_again_together() -> None:
    waits = [backoff(3, first=1, longest=60) for _ in range(100)]
    assert len(set(waits)) == 100
    assert max(waits) - min(waits) > 1
