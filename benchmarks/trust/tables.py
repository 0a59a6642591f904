"""What was found, as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from benchmarks.trust.resistance import Moved

SHOWN = (
    "ring of 10",
    "ring of 50",
    "ring of 200",
    "ring of 50, 5 tricked",
    "3 sleepers",
    "10 sleepers",
    "clique of 10",
    "20 fresh slanderers",
)
"""The attacks of the second table; the others are holes that it doesn't show."""


@dataclass
class Found:
    """By scorer: its two AUCs, the correlation with popularity, and, by attack, its draws."""

    accuracy: dict[str, tuple[float, float]] = field(default_factory=dict)
    popularity: dict[str, float] = field(default_factory=dict)
    moved: dict[tuple[str, str], list[Moved]] = field(default_factory=dict)


def worth(draws: Sequence[Moved], attack: str) -> list[float]:
    """What an attack wins in each draw: the percentile reached, or the points that the clique gains or that others lose."""
    if attack.startswith("clique"):
        return [draw.after - draw.before for draw in draws]
    if "sland" in attack or "against" in attack:
        return [draw.before - draw.after for draw in draws]
    return [draw.after for draw in draws]


def render(found: Found) -> str:
    hidden = [attack for attack in dict.fromkeys(attack for _, attack in found.moved) if attack not in SHOWN]
    return "\n\n".join([_accuracy(found), _attacks(found, SHOWN), "Holes that no row above shows:", _attacks(found, hidden)])


def _accuracy(found: Found) -> str:
    rows = [[name, *(f"{auc:.3f}" for auc in aucs), f"{found.popularity[name]:.2f}"] for name, aucs in found.accuracy.items()]
    return _table(["scorer", "wAUC, known ratee", "wAUC, 1-3 earlier ratings", "correlation with popularity"], rows)


def _attacks(found: Found, attacks: Sequence[str]) -> str:
    """Of those scorers of whom all these attacks were measured."""
    names = [name for name in found.accuracy if all((name, attack) in found.moved for attack in attacks)]
    rows = []
    for attack in attacks:
        cells = [_cell(found.moved[name, attack], attack) for name in names]
        rows.append([attack, *cells, _price(found.moved[names[0], attack])])
    return _table(["attack: mean (worst draw)", *names, "price: good words by real members · introductions by real members"], rows)


def _cell(draws: Sequence[Moved], attack: str) -> str:
    won = worth(draws, attack)
    begun = f"{fmean(draw.before for draw in draws):.0f} and " if attack.startswith("clique") else ""
    return f"{begun}{fmean(won):+.0f} ({max(won):+.0f})" if begun else f"{fmean(won):.0f} ({max(won):.0f})"


def _price(draws: Sequence[Moved]) -> str:
    words, met = (fmean(draw.price[part] for draw in draws) for part in (0, 1))
    return f"{words:.0f} · {met:.0f}"


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def resistance(moved: Mapping[tuple[str, str], Sequence[Moved]], name: str) -> float:
    """100 less what the attacks of the second table win in the mean, sizes of one attack together."""
    kinds = (SHOWN[:3], SHOWN[3:4], SHOWN[4:6], SHOWN[6:7], SHOWN[7:])
    won = [fmean(fmean(worth(moved[name, attack], attack)) for attack in kind) for kind in kinds]
    return 100 - fmean(max(0.0, each) for each in won)
