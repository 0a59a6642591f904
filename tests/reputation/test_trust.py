"""The arithmetic of trust, by hand and by property. No server, no clock."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reputation import trust
from services.reputation.trust import Bucket, HalfLives, Weights
from shared.contracts.events.reputation import Band
from tests.reputation.examples import T

LIVES = HalfLives()
KINDS: tuple[trust.Kind, ...] = ("good", "mutual", "bad")


def sums_of(*evidence: tuple[trust.Kind, int, float]) -> dict[Bucket, int]:
    """Buckets of evidence given as (kind, tier of rater, days before T)."""
    found: dict[Bucket, int] = {}
    for kind, tier, days in evidence:
        bucket = Bucket(kind, tier)
        found[bucket] = found.get(bucket, 0) + trust.grown(T - timedelta(days=days), LIVES.of(kind))
    return found


def many(count: int, kind: trust.Kind, tier: int, days: float) -> list[tuple[trust.Kind, int, float]]:
    return [(kind, tier, days)] * count


def score_of(*evidence: tuple[trust.Kind, int, float]) -> float:
    return trust.score(trust.weigh(sums_of(*evidence), T, LIVES))


def band_of(*evidence: tuple[trust.Kind, int, float]) -> Band:
    return trust.band(trust.weigh(sums_of(*evidence), T, LIVES))


# --- by hand, from (p + 1/2) / (p + 4q + 1) ---


def test_no_evidence_is_a_half_and_new() -> None:
    assert score_of() == 0.5
    assert band_of() == "new"


def test_one_introduction_that_both_found_worthwhile() -> None:
    # two raters of a quarter: p = 1/2, so 1 / 1.5
    assert score_of(("good", 1, 0), ("good", 1, 0)) == pytest.approx(2 / 3)


def test_good_outcomes_weigh_half_after_240_days_and_bad_ones_after_365() -> None:
    assert score_of(("good", 4, 240)) == pytest.approx((0.5 + 0.5) / (0.5 + 1))
    assert score_of(("bad", 4, 365)) == pytest.approx(0.5 / (4 * 0.5 + 1))


def test_bad_outcomes_weigh_four_times_below_the_bar() -> None:
    # p = 1, q = 1/4: 1.5 / 3
    assert score_of(("good", 4, 0), ("bad", 1, 0)) == pytest.approx(0.5)


def test_mutual_praise_counts_at_most_two() -> None:
    assert score_of(*many(10, "mutual", 4, 0)) == pytest.approx(2.5 / 3)


def test_evidence_for_her_counts_at_most_five() -> None:
    assert score_of(*many(9, "good", 4, 0), ("mutual", 4, 0)) == pytest.approx(5.5 / 6)


def test_bad_words_of_raters_without_standing_count_a_quarter_in_all() -> None:
    assert score_of(("bad", 0, 0)) == pytest.approx(0.5 / (4 * 0.25 + 1))
    assert score_of(*many(20, "bad", 0, 0)) == pytest.approx(0.5 / (4 * 0.25 + 1))


def test_good_words_of_raters_without_standing_count_nothing() -> None:
    assert score_of(*many(20, "good", 0, 0)) == 0.5


def test_the_newcomers_prior_goes_with_the_first_real_outcome() -> None:
    assert trust.score(trust.weigh({}, T, LIVES, newcomer=0.5)) == pytest.approx(1 / 1.5)
    assert trust.weigh(sums_of(("good", 1, 0)), T, LIVES, newcomer=0.5).newcomer == 0


@pytest.mark.parametrize(
    ("evidence", "band"),
    [
        ([("good", 1, 0)], "new"),
        ([("good", 1, 0)] * 2, "building"),
        ([("good", 4, 0)] * 2, "building"),
        ([("good", 4, 0)] * 2 + [("good", 1, 0)], "established"),
        ([("bad", 1, 0)], "new"),
        ([("bad", 1, 0)] * 2, "mixed"),
        ([("good", 4, 0), ("bad", 1, 0)], "building"),
        ([("good", 4, 0), ("bad", 2, 0)], "mixed"),
        ([("good", 4, 0)] * 2 + [("bad", 4, 0)], "mixed"),
    ],
)
def test_bands(evidence: list[tuple[trust.Kind, int, float]], band: Band) -> None:
    assert band_of(*evidence) == band


def test_a_band_fades() -> None:
    evidence: list[tuple[trust.Kind, int, float]] = [("good", 1, 0)] * 3
    assert band_of(*evidence) == "building"
    assert band_of(*[(kind, tier, 240.0) for kind, tier, _ in evidence]) == "new"


# --- by property ---

EVIDENCE = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 4), st.floats(0, 3000)),
    max_size=30,
)


@given(EVIDENCE, st.randoms())
def test_any_order_gives_the_same_bits(evidence: list[tuple[trust.Kind, int, float]], random: Random) -> None:
    shuffled = list(evidence)
    random.shuffle(shuffled)
    assert sums_of(*shuffled) == sums_of(*evidence)
    assert score_of(*shuffled) == score_of(*evidence)


@given(EVIDENCE)
def test_what_is_added_and_taken_away_leaves_no_bit(evidence: list[tuple[trust.Kind, int, float]]) -> None:
    sums = sums_of(("good", 1, 7.5), *evidence)
    sums[Bucket("good", 1)] -= trust.grown(T - timedelta(days=7.5), LIVES.good)
    assert {bucket: held for bucket, held in sums.items() if held} == sums_of(*evidence)


@given(EVIDENCE, st.sampled_from([0.0, 0.25, 0.5]), st.floats(0, 1000))
def test_the_lines_add_up_to_the_score(evidence: list[tuple[trust.Kind, int, float]], newcomer: float, later: float) -> None:
    now = T + timedelta(days=later)
    lines = trust.explain(sums_of(*evidence), now, LIVES, newcomer)
    assert [line.kind for line in lines] == ["start", "good", "mutual", "bad", "newcomer"]
    assert sum(line.points for line in lines) == pytest.approx(trust.score(trust.weigh(sums_of(*evidence), now, LIVES, newcomer)), abs=1e-9)


@given(EVIDENCE)
def test_each_line_is_worth_half_when_it_says_so(evidence: list[tuple[trust.Kind, int, float]]) -> None:
    sums = sums_of(*evidence)
    for line in trust.explain(sums, T, LIVES):
        if line.fades_by_half_at is None:
            assert line.kind in ("start", "newcomer") or line.points == 0
        else:
            then = trust.points(trust.weigh(sums, line.fades_by_half_at, LIVES))
            assert then[line.kind] == pytest.approx(line.points / 2, rel=1e-5)


@given(EVIDENCE, st.sampled_from(KINDS), st.integers(1, 4))
def test_good_words_never_lower_and_bad_words_never_raise(
    evidence: list[tuple[trust.Kind, int, float]], kind: trust.Kind, tier: int
) -> None:
    before, after = score_of(*evidence), score_of(*evidence, (kind, tier, 0))
    assert after <= before + 1e-12 if kind == "bad" else after >= before - 1e-12


@given(EVIDENCE)
def test_the_score_is_a_share(evidence: list[tuple[trust.Kind, int, float]]) -> None:
    assert 0 < score_of(*evidence) < 1


def test_without_anything_new_only_time_moves_the_score_towards_a_half() -> None:
    sums = sums_of(*many(3, "good", 4, 0.0))
    seen = [trust.score(trust.weigh(sums, T + timedelta(days=days), LIVES)) for days in range(0, 2000, 50)]
    assert all(later < earlier for earlier, later in pairwise(seen))
    assert seen[-1] > 0.5


def test_weights_know_nothing_of_raters_without_standing_but_their_bad_words() -> None:
    assert trust.weigh(sums_of(("good", 0, 0), ("mutual", 0, 0), ("bad", 0, 0)), T, LIVES) == Weights(unanchored_bad=1.0)
