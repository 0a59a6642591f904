"""This model, as a scorer."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from benchmarks.trust.ratings import Rating
from services.reputation.trust import Evidence, Settings, Trust


class Model:
    """Trust in memory: every rating is evidence about a voucher."""

    def __init__(self, anchors: Iterable[int], settings: Settings) -> None:
        self._trust = Trust(anchors, settings)
        self._learnt = 0

    def learn(self, ratings: Iterable[Rating]) -> None:
        for rating in ratings:
            self._trust.record(Evidence(self._learnt, rating.rater, rating.about, rating.good, rating.moment))
            self._learnt += 1

    def refresh(self, at: float) -> None:
        self._trust.settle(datetime.fromtimestamp(at, UTC))

    def scores(self, members: Sequence[int], at: float) -> list[float]:
        moment = datetime.fromtimestamp(at, UTC)
        return [self._trust.score(member, moment) for member in members]
