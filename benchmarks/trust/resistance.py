"""How far attacks move those they are about: percentiles among honest established members, before and after."""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import spearmanr

from benchmarks.trust.attacks import Build, Community
from benchmarks.trust.counting import Scorer
from benchmarks.trust.ratings import good_and_bad


@dataclass(frozen=True)
class Moved:
    """Mean percentiles, 0 to 100, of those an attack is about, and its price."""

    before: float
    after: float
    price: tuple[int, int]


class Snapshot:
    """A scorer that has learnt a community, as often as it is needed."""

    def __init__(self, scorer: Scorer, town: Community) -> None:
        scorer.learn(town.ratings)
        scorer.refresh(town.now)
        self._learnt = pickle.dumps(scorer)
        self._scorer = scorer
        scores = scorer.scores(town.honest, town.now)
        least = float(np.quantile(scores, 0.75))
        self.town = replace(town, top=[member for member, score in zip(town.honest, scores, strict=True) if score >= least])

    def attacked(self, build: Build, seed: int) -> Moved:
        """One draw of an attack."""
        attack = build(self.town, np.random.default_rng(seed))
        scorer: Scorer = pickle.loads(self._learnt)  # noqa: S301 (our own bytes)
        scorer.learn(sorted(attack.ratings, key=lambda rating: rating.at))
        scorer.refresh(self.town.now)
        apart = set(attack.who) if attack.apart else set()
        others = [member for member in self.town.honest if member not in apart]
        return Moved(self._percentile(self._scorer, attack.who, others), self._percentile(scorer, attack.who, others), attack.price)

    def popularity(self) -> float:
        """The rank correlation of the scores of honest established members with how many praise them."""
        good, _ = good_and_bad(self.town.ratings)
        scores = self._scorer.scores(self.town.honest, self.town.now)
        return float(spearmanr(scores, [good[member] for member in self.town.honest]).statistic)

    def _percentile(self, scorer: Scorer, who: Sequence[int], others: Sequence[int]) -> float:
        """The mean of theirs among the others; of equals half are below."""
        ordered, theirs = np.sort(scorer.scores(others, self.town.now)), scorer.scores(who, self.town.now)
        below = (np.searchsorted(ordered, theirs, "left") + np.searchsorted(ordered, theirs, "right")) / 2
        return float(below.mean() / len(others) * 100)
