"""No small number stands on the page, nor can be worked out from what does."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from services.members.moderation.transparency import LEAST, shown

COUNTS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 9), min_size=1)


@given(COUNTS)
def test_no_cell_under_five_is_shown(counts: dict[str, int]) -> None:
    seen = shown(counts)
    assert {kind: count for kind, count in counts.items() if count >= LEAST} == {k: c for k, c in seen.kinds.items() if c is not None}
    assert seen.total is None or seen.total >= LEAST


@given(COUNTS)
def test_what_isnt_shown_doesnt_follow_from_what_is(counts: dict[str, int]) -> None:
    """Every table that shows the same is a possible one: of each hidden number several are left, and of their sum no small one."""
    seen = shown(counts)
    hidden = [kind for kind, count in seen.kinds.items() if count is None]
    if not hidden:
        assert seen.total in {None, sum(counts.values())}
        return
    known = sum(count for count in seen.kinds.values() if count is not None)
    possible = [
        guess for guess in product(range(LEAST), repeat=len(hidden)) if shown({**counts, **dict(zip(hidden, guess, strict=True))}) == seen
    ]
    for place in range(len(hidden)):
        assert len({guess[place] for guess in possible}) > 1, (counts, seen)
    if seen.total is not None:
        assert seen.total - known >= LEAST
