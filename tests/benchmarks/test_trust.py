"""What `make bench-trust` measures, on a few ratings by hand: windows, moments, percentiles, attacks and their price."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.trust import SETTINGS, figure, tables
from benchmarks.trust.accuracy import Prediction, predict, windowed_auc
from benchmarks.trust.attacks import ATTACKS, Community, community, sleepers
from benchmarks.trust.counting import DAY, Beta, Mean, Popularity, Scorer
from benchmarks.trust.graphs import EigenTrust, FairnessGoodness, PageRank
from benchmarks.trust.model import Model
from benchmarks.trust.ratings import Rating, first_rated, load
from benchmarks.trust.resistance import Moved, Snapshot

BEGIN = 15_000 * DAY
WORDS = [Rating(1, 2, 1.0, 0), Rating(3, 2, 0.5, 0), Rating(2, 3, 0.5, DAY), Rating(1, 4, -1.0, 2 * DAY), Rating(5, 4, 1.0, 3 * DAY)]


def town(members: int = 60) -> Community:
    """Everybody praises five others, who have little to do with each other, and the tenth member finds the thirtieth bad."""
    praise = [Rating(one, (one + step) % members, 0.5, BEGIN + one * DAY) for one in range(members) for step in (1, 5, 14, 30, 43)]
    return community([*praise, Rating(10, 30, -1.0, BEGIN + members * DAY)], 1.0)


def test_ratings_are_read_by_time_and_then_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text("from,to,feature,time\n7,1,10,200\n8,1,-5,100\n9,2,1,100\n")
    assert load(file) == [Rating(8, 1, -0.5, 100), Rating(9, 2, 0.1, 100), Rating(7, 1, 1.0, 200)]
    assert first_rated(load(file), 1) == [1]


class Counting(Popularity):
    """Notes how many ratings it had learnt when it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.learnt = 0
        self.asked: list[int] = []

    def learn(self, ratings: Iterable[Rating]) -> None:
        self.learnt += len(list(ratings))

    def scores(self, members: Sequence[int], at: float) -> list[float]:
        self.asked += [self.learnt] * len(members)
        return super().scores(members, at)


def test_one_moment_is_predicted_whole_before_it_is_learnt() -> None:
    scorer = Counting()
    found = predict(scorer, WORDS, every=2)
    assert scorer.asked == [0, 0, 2, 3, 4]
    assert found.earlier.tolist() == [0, 1, 0, 0, 1]
    assert found.bad.tolist() == [False, False, False, True, False]


def test_pairs_are_compared_within_a_window_alone() -> None:
    found = Prediction(np.array([0.1, 0.9, 0.2, 0.2, 0.3]), np.array([True, False, True, False, True]), np.array([1, 1, 1, 4, 0]))
    assert windowed_auc(found, float("inf"), 2) == pytest.approx(1.5 / 2)
    assert windowed_auc(found, 3, 2) == 1
    assert windowed_auc(found, float("inf"), 5) == pytest.approx(3.5 / 4)


@pytest.mark.parametrize(
    ("scorer", "scores"),
    [
        (Popularity(), {2: 2, 3: 1, 4: 1, 9: 0}),
        (Mean(), {2: 0.75, 4: 0.0, 9: 0.4}),
        (Beta(), {2: 3 / 4, 4: 2 / 4, 9: 1 / 2}),
        (Beta(3), {2: 2 / 3, 9: 1 / 2}),
        (FairnessGoodness(), {9: 0.0}),
    ],
)
def test_what_counts_ratings(scorer: Scorer, scores: dict[int, float]) -> None:
    scorer.learn(WORDS)
    scorer.refresh(3 * DAY)
    assert scorer.scores(list(scores), 3 * DAY) == pytest.approx(list(scores.values()))


@pytest.mark.parametrize("scorer", [PageRank(), EigenTrust({1}), FairnessGoodness()])
def test_what_looks_at_the_graph(scorer: Scorer) -> None:
    scorer.learn(WORDS)
    scorer.refresh(3 * DAY)
    praised, criticised = scorer.scores([2, 4], 3 * DAY)
    assert praised > criticised


def test_eigentrust_reaches_whom_its_anchors_praise() -> None:
    scorer = EigenTrust({1})
    scorer.learn(WORDS)
    scorer.refresh(0)
    assert scorer.scores([4, 9], 0) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("attack", "ratings", "who", "price"),
    [
        ("ring of 10", 90, 10, (0, 0)),
        ("ring of 50, 5 tricked", 2455, 50, (5, 0)),
        ("3 sleepers", 12, 1, (9, 0)),
        ("3 flattering sleepers", 21, 1, (9, 9)),
        ("8 accounts behind one with three good words", 27, 1, (3, 0)),
        ("clique of 10", 90, 10, (0, 0)),
        ("20 fresh slanderers", 280, 14, (0, 280)),
        ("20 slanderers with three good words each", 340, 14, (60, 280)),
    ],
)
def test_attacks_and_their_price(attack: str, ratings: int, who: int, price: tuple[int, int]) -> None:
    snapshot = Snapshot(Popularity(), town())
    made = ATTACKS[attack](Community(**{**vars(snapshot.town), "top": snapshot.town.honest[:14]}), np.random.default_rng(1))
    assert (len(made.ratings), len(made.who), made.price) == (ratings, who, price)
    assert all(snapshot.town.now - 60 * DAY <= rating.at <= snapshot.town.now for rating in made.ratings)


def test_equals_are_half_below() -> None:
    snapshot = Snapshot(Popularity(), town())
    assert snapshot.attacked(ATTACKS["3 sleepers"], 1).after == 0
    assert snapshot.attacked(ATTACKS["ring of 10"], 1).after == 100
    # All who are honest have five good words, as she has whom five sleepers praise.
    assert snapshot.attacked(sleepers(5), 1).after == 50


@pytest.mark.parametrize(("attack", "most"), [("ring of 200", 0), ("3 sleepers", 0), ("20 fresh slanderers", 1)])
def test_this_model_resists(attack: str, most: float) -> None:
    found = town()
    moved = Snapshot(Model(range(0, 60, 2), SETTINGS), found).attacked(ATTACKS[attack], 1)
    assert tables.worth([moved], attack)[0] <= most


def test_every_scorer_has_its_rows_and_its_point() -> None:
    moves = {("Beta", attack): [Moved(10, 40, (1, 2))] for attack in ATTACKS}
    found = tables.Found({"Beta": (0.7, 0.6), "plain": (0.65, 0.5)}, {"Beta": 0.5, "plain": 0.1}, moves)
    shown = tables.render(found)
    assert "| Beta | 0.700 | 0.600 | 0.50 |" in shown
    assert "| clique of 10 | 10 and +30 (+30) | 1 · 2 |" in shown
    assert "| 20 fresh slanderers | -30 (-30) | 1 · 2 |" in shown
    assert "Beta: 0.700 and 70" in figure.drawn(found)
