"""A synthetic community: clustered, and with the heavy tail of real ones. Pure; the same for the same number of members.

Members stand in a row, and four of five connections are with a neighbour there: whoever stands near is likely to know the same women. How
many each begins follows Pareto's law (α = 2, from 10 on: 20 on average, and a few thousand for a handful), the fifth leads anywhere. A
connection is begun by the one who stands first, so that no two women have two.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
"""The business time of every read."""
BEGAN = NOW - timedelta(days=1095)
LEAST, ALPHA, MOST = 10, 2.0, 10_000
NEIGHBOURS = 3
"""So many times as many women stand near as she knows of them."""
SHUFFLED = 1_000_000
"""Connections are made in an order of their own, within so many."""


@dataclass
class Town:
    """`degrees` counts each member's connections, once `connections` has been read to its end."""

    members: int
    ids: list[str] = field(init=False)
    degrees: "array[int]" = field(init=False)

    def __post_init__(self) -> None:
        self._random = random = Random(self.members)  # noqa: S311  (the same community each time)
        self.degrees = array("I", bytes(4 * self.members))
        # Neighbours joined at any time: ids sort by when, as those of the product do.
        order = list(range(self.members))
        random.shuffle(order)
        began, step = int(BEGAN.timestamp() * 1000), int((NOW - BEGAN).total_seconds() * 1000) // self.members
        self.ids = [
            f"{(began + joined * step) << 80 | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62):032x}"
            for joined in order
        ]

    def connections(self) -> Iterator[tuple[int, int]]:
        """Pairs of members by their places, in the order in which they were made."""
        made: list[tuple[int, int]] = []
        for one in range(self.members):
            made += [(one, other) for other in self._begun_by(one)]
            if len(made) >= SHUFFLED:
                yield from self._counted(made)
                made = []
        yield from self._counted(made)

    def _counted(self, made: list[tuple[int, int]]) -> list[tuple[int, int]]:
        for one, other in made:
            self.degrees[one] += 1
            self.degrees[other] += 1
        self._random.shuffle(made)
        return made

    def _begun_by(self, one: int) -> set[int]:
        random, after = self._random, self.members - one - 1
        many = min(int(LEAST * random.paretovariate(ALPHA)), MOST, after // 2)
        near = min(many * 4 // 5, after)
        others = set(random.sample(range(one + 1, one + 1 + min(after, near * NEIGHBOURS + 1)), near))
        while len(others) < many:
            others.add(random.randrange(one + 1, self.members))
        return others

    def best_connected(self, many: int) -> list[int]:
        """Those with the most connections."""
        return sorted(range(self.members), key=lambda place: -self.degrees[place])[:many]

    def ordinary(self, many: int, least: int = 20, most: int = 60) -> list[int]:
        """Some of those with about as many connections as most women."""
        random = Random(many)  # noqa: S311  (the same each time)
        found: list[int] = []
        while len(found) < many:
            place = random.randrange(self.members)
            if least <= self.degrees[place] <= most:
                found.append(place)
        return found
