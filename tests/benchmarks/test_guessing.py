"""The classifier of `make bench-privacy`: it finds a difference that is there, and none that isn't."""

import random

import pytest

from benchmarks.privacy.guessing import accuracy, medians


@pytest.mark.parametrize(("later", "least", "most"), [(0.0, 0.46, 0.54), (1.0, 0.65, 0.73), (-1.0, 0.65, 0.73), (9.0, 0.99, 1.0)])
def test_the_further_apart_two_kinds_are_the_better_they_are_told_apart(later: float, least: float, most: float) -> None:
    chance = random.Random(7)
    one = [chance.gauss() for _ in range(4000)]
    other = [chance.gauss(later) for _ in range(4000)]
    assert least <= accuracy(one, other) <= most


def test_several_calls_tell_more_than_one() -> None:
    chance = random.Random(7)
    one, other = [chance.gauss() for _ in range(4000)], [chance.gauss(0.5) for _ in range(4000)]
    assert accuracy(medians(one, 9), medians(other, 9)) > accuracy(one, other) + 0.1
    assert medians([3, 1, 2, 9, 9], 3) == [2]
