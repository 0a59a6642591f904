"""What counts ratings: popularity, the mean, Beta."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from benchmarks.trust.ratings import Rating

DAY = 86_400.0


class Scorer(Protocol):
    """Learns ratings in the order of time, and says what it thinks of members: the more, the better."""

    def learn(self, ratings: Iterable[Rating]) -> None: ...

    def refresh(self, at: float) -> None:
        """Compute anew what isn't kept up with every rating."""

    def scores(self, members: Sequence[int], at: float) -> list[float]: ...


class Popularity:
    """How many good ratings she has."""

    def __init__(self) -> None:
        self._good: dict[int, int] = defaultdict(int)

    def learn(self, ratings: Iterable[Rating]) -> None:
        for rating in ratings:
            self._good[rating.about] += rating.good

    def refresh(self, at: float) -> None:
        pass

    def scores(self, members: Sequence[int], at: float) -> list[float]:
        return [float(self._good.get(member, 0)) for member in members]


class Mean:
    """The mean of her ratings; without any, that of all."""

    def __init__(self) -> None:
        self._sum: dict[int, float] = defaultdict(float)
        self._count: dict[int, int] = defaultdict(int)

    def learn(self, ratings: Iterable[Rating]) -> None:
        for rating in ratings:
            self._sum[rating.about] += rating.value
            self._count[rating.about] += 1

    def refresh(self, at: float) -> None:
        pass

    def scores(self, members: Sequence[int], at: float) -> list[float]:
        overall = sum(self._sum.values()) / max(1, sum(self._count.values())) if any(one not in self._count for one in members) else 0.0
        return [self._sum[member] / self._count[member] if member in self._count else overall for member in members]


class Beta:
    """(r + 1) / (r + s + 2) of r good and s bad ratings, which may fade. Jøsang & Ismail 2002, The Beta Reputation System."""

    def __init__(self, half_life_days: float = float("inf")) -> None:
        self._half_life = half_life_days * DAY
        self._found: dict[int, tuple[float, float, float]] = {}

    def learn(self, ratings: Iterable[Rating]) -> None:
        for rating in ratings:
            at = max(rating.at, self._found.get(rating.about, (0, 0, rating.at))[2])
            good, bad = self._faded(rating.about, at)
            weight = 2 ** ((rating.at - at) / self._half_life)
            self._found[rating.about] = good + weight * rating.good, bad + weight * (not rating.good), at

    def refresh(self, at: float) -> None:
        pass

    def scores(self, members: Sequence[int], at: float) -> list[float]:
        return [(good + 1) / (good + bad + 2) for good, bad in (self._faded(member, at) for member in members)]

    def _faded(self, member: int, at: float) -> tuple[float, float]:
        good, bad, since = self._found.get(member, (0.0, 0.0, at))
        left = 2 ** ((since - at) / self._half_life)
        return good * left, bad * left
