"""What a rule must reach in a usual community of every size."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.communities.measures import Found


@dataclass(frozen=True)
class Gate:
    """The share of what was counted, or the median of values, between `least` and `most`. Nothing measured is not passed."""

    what: str
    least: float = 0.0
    most: float = 1.0

    def reached(self, found: Found) -> tuple[float | None, int]:
        """The figure, and of how many; None of 0."""
        often, of = found.counts.get(self.what, (0, 0))
        values = found.values.get(self.what, [])
        if values:
            return median(values), len(values)
        return (often / of, of) if of else (None, 0)

    def holds(self, found: Found) -> bool:
        figure, _ = self.reached(found)
        return figure is not None and self.least <= figure <= self.most


GATES = (
    Gate("two: Building", least=0.80),
    Gate("five: Established", least=0.75),
    Gate("one a year: Building", least=0.99),
    Gate("anchors named: lowered", most=0),
    Gate("ring of 10: anybody Established", most=0),
    Gate("ring of 50: anybody Established", most=0),
    Gate("fresh slander: band lost", most=0),
    Gate("clique: two bands more", most=0),
    Gate("connections, raw", least=-1, most=0.2),
    Gate("connections, partial", least=-1, most=0.2),
)


def missed(by_size: Mapping[int, Found]) -> list[str]:
    """What doesn't hold, in words."""
    found = []
    for size, measured in by_size.items():
        for gate in GATES:
            if not gate.holds(measured):
                figure, of = gate.reached(measured)
                said = "nothing measured" if figure is None else f"{figure:.3f} of {of}"
                found.append(f"{gate.what} at {size:,} members: {said}, not between {gate.least:g} and {gate.most:g}")
    return found
