"""The ledger's lines, as whole hundredths, add up to the score she sees."""

import math

from hypothesis import given
from hypothesis import strategies as st

from services.web.pages.ledger import in_hundredths

POINTS = st.floats(min_value=-1, max_value=1, allow_nan=False)


@given(st.lists(POINTS, min_size=1, max_size=5))
def test_lines_add_up_and_are_off_by_less_than_one(points: list[float]) -> None:
    score = math.fsum(points)
    shown = in_hundredths(points, score)
    assert sum(shown) == round(score * 100)
    assert all(abs(whole - one * 100) < 1 + 1e-9 for whole, one in zip(shown, points, strict=True))


def test_a_plain_start_is_a_half() -> None:
    assert in_hundredths([0.5], 0.5) == [50]
