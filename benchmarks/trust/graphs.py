"""What looks at the whole graph of ratings, and is computed anew from time to time: Fairness & Goodness, PageRank, EigenTrust."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.trust.ratings import Rating

Floats = NDArray[np.float64]


class Graph:
    """The last rating of each pair, as arrays; and what the last refresh found."""

    def __init__(self) -> None:
        self._values: dict[tuple[int, int], float] = {}
        self._found: dict[int, float] = {}

    def learn(self, ratings: Iterable[Rating]) -> None:
        self._values |= {(rating.rater, rating.about): rating.value for rating in ratings}

    def arrays(self) -> tuple[list[int], Any, Any, Floats]:
        """Members, raters and rated as indices of them, and values."""
        pairs = np.array(list(self._values), dtype=np.int64)
        members, indices = np.unique(pairs, return_inverse=True)
        rater, about = indices.reshape(pairs.shape).T
        return members.tolist(), rater, about, np.array(list(self._values.values()))


class FairnessGoodness(Graph):
    """Goodness: the mean of the ratings of her, each by its rater's fairness, which is how near she is to others' goodness.

    Kumar, Spezzano, Subrahmanian & Faloutsos 2016, Edge Weight Prediction in Weighted Signed Networks (ICDM), algorithm 1. Between two
    refreshes ratings count by the fairness of the last; who isn't known then is fair.
    """

    rounds = 30

    def __init__(self) -> None:
        super().__init__()
        self._rated: dict[int, list[tuple[int, float]]] = {}

    def learn(self, ratings: Iterable[Rating]) -> None:
        for rating in ratings:
            self._values[rating.rater, rating.about] = rating.value
            self._rated.setdefault(rating.about, []).append((rating.rater, rating.value))

    def refresh(self, at: float) -> None:
        members, rater, about, value = self.arrays()
        size = len(members)
        rated, given = np.bincount(about, minlength=size), np.bincount(rater, minlength=size)
        fairness = np.ones(size)
        for _ in range(self.rounds):
            goodness = np.where(rated > 0, np.bincount(about, fairness[rater] * value, size) / np.maximum(rated, 1), 1.0)
            missed = np.bincount(rater, np.abs(value - goodness[about]) / 2, size)
            fairness = np.where(given > 0, 1 - missed / np.maximum(given, 1), 1.0)
        self._found = dict(zip(members, fairness.tolist(), strict=True))

    def scores(self, members: Sequence[int], at: float) -> list[float]:
        return [self._goodness(member) for member in members]

    def _goodness(self, member: int) -> float:
        ratings = self._rated.get(member, [])
        return sum(self._found.get(rater, 1.0) * value for rater, value in ratings) / max(1, len(ratings))


class PageRank(Graph):
    """The stationary share of a walk along good ratings, by their value, that begins anew anywhere with probability 0.15.

    Page, Brin, Motwani & Winograd 1999, The PageRank Citation Ranking. Who isn't known has the share of someone nobody praised.
    """

    follow = 0.85
    rounds = 40

    def refresh(self, at: float) -> None:
        members, rater, about, value = self.arrays()
        start, weight = self.start(members), np.maximum(value, 0)
        given = np.bincount(rater, weight, len(members))
        shares = np.divide(weight, given[rater], out=np.zeros(len(weight)), where=weight > 0)
        onward = sparse.csr_array((shares, (about, rater)), shape=(len(members), len(members)))
        found = start
        for _ in range(self.rounds):
            found = self.follow * (onward @ found + found[given == 0].sum() * start) + (1 - self.follow) * start
        self._found = dict(zip(members, found.tolist(), strict=True))

    def start(self, members: list[int]) -> Floats:
        return np.full(len(members), 1 / len(members))

    def scores(self, members: Sequence[int], at: float) -> list[float]:
        nobody = min(self._found.values(), default=0.0)
        return [self._found.get(member, nobody) for member in members]


class EigenTrust(PageRank):
    """The same walk over how satisfied each was, begun at the anchors.

    Kamvar, Schlosser & Garcia-Molina 2003, The EigenTrust Algorithm for Reputation Management in P2P Networks, algorithm 2.
    """

    def __init__(self, anchors: Collection[int]) -> None:
        super().__init__()
        self._anchors = anchors

    def start(self, members: list[int]) -> Floats:
        trusted = np.array([float(member in self._anchors) for member in members])
        return np.asarray(trusted / max(1.0, trusted.sum()))
