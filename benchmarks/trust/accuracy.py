"""How well a scorer spots the bad rating that comes next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from benchmarks.trust.counting import Scorer
from benchmarks.trust.ratings import Rating, moments


@dataclass(frozen=True)
class Prediction:
    """What was thought of the rated just before each rating, whether it was bad, and how many ratings of her came before it."""

    score: NDArray[np.float64]
    bad: NDArray[np.bool_]
    earlier: NDArray[np.int64]


def predict(scorer: Scorer, ratings: Sequence[Rating], every: int) -> Prediction:
    """Replay: all ratings of one moment are predicted before any of them is learnt. Refresh after every so many."""
    scores: list[float] = []
    rated: dict[int, int] = {}
    earlier: list[int] = []
    due = every
    for same in moments(ratings):
        scores += scorer.scores([rating.about for rating in same], same[0].at)
        for rating in same:
            earlier.append(rated.get(rating.about, 0))
            rated[rating.about] = earlier[-1] + 1
        scorer.learn(same)
        if len(scores) >= due:
            scorer.refresh(same[0].at)
            due = (len(scores) // every + 1) * every
    return Prediction(np.array(scores), np.array([not rating.good for rating in ratings]), np.array(earlier))


def windowed_auc(found: Prediction, most_earlier: float, window: int) -> float:
    """The AUC of spotting a bad rating among those of members rated 1 to `most_earlier` times before, within windows of so many ratings.

    The pairs of all windows are pooled, so that to know the date is of no use. NaN if there are none.
    """
    right = pairs = 0.0
    counted = (found.earlier > 0) & (found.earlier <= most_earlier)
    for begin in range(0, len(found.score), window):
        part = slice(begin, begin + window)
        score, bad = found.score[part][counted[part]], found.bad[part][counted[part]]
        bads, goods = int(bad.sum()), int((~bad).sum())
        if bads and goods:
            right += float(rankdata(-score)[bad].sum()) - bads * (bads + 1) / 2
            pairs += bads * goods
    return right / pairs if pairs else float("nan")
