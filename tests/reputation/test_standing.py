"""What each word weighs by standing, on graphs of a few women. No server, no clock."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from services.reputation.trust import standing as module
from services.reputation.trust.nightly import whole
from services.reputation.trust.settings import Settings
from services.reputation.trust.standing import Standing, Words, standing
from services.reputation.trust.tenure import tier

PLAIN = Settings(kappa=0.001, budget=float("inf"))
EXPERIENCED = replace(PLAIN, experience_rounds=3, experience_over=0.5, blame_in_full=True)
ANCHORS = (0, 1, 2, 3)
KNOWN = [(0, 4), (1, 4), (2, 4), (3, 4), (0, 5), (1, 6)]
"""All anchors praise 4; one of them each 5 and 6."""


def stands(good: list[tuple[int, int]], bad: list[tuple[int, int]] = [], settings: Settings = PLAIN, age: float = 0) -> Standing:  # noqa: B006
    pairs = sorted([*((*pair, True) for pair in good), *((*pair, False) for pair in bad)])
    rater, about, liked = (np.array([pair[part] for pair in pairs]) for part in range(3))
    words = Words(20, rater, about, liked, np.ones(len(pairs)), np.full(len(pairs), age))
    return standing(words, np.array(ANCHORS), settings)


def test_nobody_stands_without_anchors() -> None:
    words = Words(2, np.array([0]), np.array([1]), np.array([True]), np.ones(1), np.zeros(1))
    found = standing(words, np.array([], dtype=np.int64), PLAIN)
    assert not found.praise.any()
    assert not found.blame.any()


def test_only_whom_the_anchors_reach_stands() -> None:
    found = stands([*KNOWN, (4, 7), (10, 11), (11, 10), (10, 4)])
    assert (found.praise[[4, 5, 7]] > 0).all()
    assert not found.praise[[10, 11]].any()


def test_what_one_member_passes_on_is_bounded() -> None:
    settings = replace(PLAIN, kappa=0.5)
    accounts = [[(5, one) for one in range(7, 7 + count)] for count in (1, 3, 9)]
    shared = [stands([*KNOWN, *praised], settings=settings).praise[7:].sum() for praised in accounts]
    assert shared == sorted(shared, reverse=True)
    assert shared[2] < shared[0] / 5


@pytest.mark.parametrize(("critics", "left"), [(0, 1.0), (1, 0.4), (2, 0.0)])
def test_standing_goes_as_others_find_her_bad(critics: int, left: float) -> None:
    clean = stands(KNOWN).praise[4]
    assert stands(KNOWN, [(critic, 4) for critic in (5, 6)[:critics]]).praise[4] == pytest.approx(left * clean)


def test_whoever_gives_praise_away_has_less_of_it() -> None:
    many = [(4, about) for about in range(7, 17)]
    whole, bounded = (stands([*KNOWN, *many], settings=replace(PLAIN, budget=budget)).praise[4] for budget in (10, 5))
    assert bounded == pytest.approx(whole / 2)


@pytest.mark.parametrize(
    ("good", "has"),
    [
        ([*KNOWN, (5, 4)], True),  # she praised someone whom others praise
        (KNOWN, False),  # she praised nobody
        ([*KNOWN, (5, 6)], True),  # one anchor is more than a half
        ([*KNOWN, (5, 7), (5, 8), (7, 8), (8, 7)], False),  # whom she praised, only they praise
    ],
)
def test_a_word_counts_once_others_confirm_one_of_hers(good: list[tuple[int, int]], has: bool) -> None:
    assert (stands(good, settings=EXPERIENCED).praise[5] > 0) == has


def test_no_more_is_asked_than_a_quarter_of_the_anchors() -> None:
    assert stands([*KNOWN, (5, 4)], settings=replace(EXPERIENCED, experience_over=9)).praise[5] > 0


def test_who_has_no_experience_takes_nobodys_standing() -> None:
    good = [*KNOWN, (4, 5), (5, 4)]
    before = stands(good, settings=EXPERIENCED).praise[4]
    assert stands(good, [(critic, 4) for critic in range(8, 18)], EXPERIENCED).praise[4] == pytest.approx(before)
    assert stands(good, [(0, 4), (1, 4)], EXPERIENCED).praise[4] < before


def test_bad_words_of_all_who_are_reached_weigh_the_same() -> None:
    both = [(4, 7), (5, 7), *((anchor, 7) for anchor in ANCHORS)]
    found = stands([*KNOWN, *both], settings=replace(EXPERIENCED, kappa=0.1))
    assert found.blame[4] == found.blame[5] == 1
    assert found.praise[5] < found.praise[4] < 1
    assert not stands(KNOWN, settings=EXPERIENCED).blame[[5, 10]].any()


def test_words_of_women_in_touch_weigh_less() -> None:
    apart, touching = (stands([*KNOWN, (5, 7), (6, 7), *more], settings=replace(PLAIN, independence=1)) for more in ([], [(5, 6), (6, 5)]))
    assert apart.voices[-1] == pytest.approx(apart.praise[6])
    assert touching.voices[-1] == pytest.approx(touching.praise[6] / (1 + touching.praise[5] ** 2))


def test_a_few_raters_at_a_time_give_the_same_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(1)
    good = sorted({(one, other) for one, other in (random.sample(range(20), 2) for _ in range(150))})
    settings = replace(PLAIN, independence=1)
    whole = stands(good, settings=settings).voices
    monkeypatch.setattr(module, "AT_ONCE", 3)
    assert stands(good, settings=settings).voices.tolist() == whole.tolist()
    assert len({*whole.tolist()}) > 20


@pytest.mark.parametrize(
    ("weight", "half_to_even", "down"),
    [(0.0, 0, 0), (0.125, 0, 0), (0.375, 2, 1), (0.99, 4, 3), (0.9999999999, 4, 4), (1.0, 4, 4)],
)
def test_weights_have_parts(weight: float, half_to_even: int, down: int) -> None:
    assert tier(weight, Settings()) == half_to_even
    assert tier(weight, Settings(round_down=True)) == down
    for settings, of in ((Settings(), half_to_even), (Settings(round_down=True), down)):
        assert whole(np.array([weight * settings.tiers]), settings).tolist() == [of]
