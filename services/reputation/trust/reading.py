"""From a member's sums to her score, its lines and her band.

Sources: Jøsang & Ismail 2002 (Beta reputation: the score), Levien (Advogato: what a group that knows itself can give is bounded).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import fsum
from typing import Literal, NamedTuple

from services.reputation.trust.settings import Settings
from services.reputation.trust.sums import LASTING, Branch, SumKind, Sums, grown, half_life
from shared.contracts.events.reputation import Band

LineKind = Literal["start", "good", "mutual", "bad", "upheld", "newcomer"]
EVEN = 0.5
ByBranch = Mapping[Branch | None, float]
NOBODY: ByBranch = {}


@dataclass(frozen=True)
class Weights:
    """What speaks for her and against her at one moment, capped. `women`: how many praise her whose word counts."""

    good: float = 0.0
    mutual: float = 0.0
    newcomer: float = 0.0
    bad: float = 0.0
    upheld: float = 0.0
    women: int = 0

    @property
    def p(self) -> float:
        return self.good + self.mutual + self.newcomer

    @property
    def q(self) -> float:
        return self.bad + self.upheld


class Line(NamedTuple):
    """A part of a score. `fades_by_half_at`: None if it doesn't fade."""

    kind: LineKind
    points: float
    fades_by_half_at: datetime | None = None


def weigh(sums: Sums, at: datetime, settings: Settings) -> Weights:
    """What her sums weigh at `at`. The newcomer's prior counts only while no outcome does."""
    found = _by_branch(sums, at, settings)
    good, mutual = _praise(found, settings)
    bad = fsum(min(settings.branch_bad_cap, weight) if branch else weight for branch, weight in found["bad"].items())
    bad += min(settings.most_unanchored, settings.most_unanchored * found["unanchored"].get(None, 0.0))
    upheld = found["upheld"].get(None, 0.0)
    newcomer = 0.0 if good or mutual or bad or upheld else _newcomer(found["vouched"], settings)
    return Weights(good, mutual, newcomer, bad, upheld, int(found["women"].get(None, 0)))


def _by_branch(sums: Sums, at: datetime, settings: Settings) -> Mapping[str, ByBranch]:
    """What her sums of each kind weigh, by branch. Sums are exact until they are rounded once, so that no order shows."""
    terms: dict[tuple[str, Branch | None], list[float]] = defaultdict(list)
    scales: dict[SumKind, int] = {}
    for (kind, tier, branch), amount in sums.items():
        if kind not in scales:
            scales[kind] = 1 if kind in LASTING else grown(at, half_life(kind, settings), settings.t0, settings.point)
        if kind in ("upheld", "women", "known"):
            terms[kind, branch].append(amount / scales[kind])
        elif tier > 0:
            terms[kind, branch].append(amount / scales[kind] * tier / settings.tiers)
        elif kind == "bad":
            terms["unanchored", None].append(amount / scales[kind])
    found: dict[str, dict[Branch | None, float]] = defaultdict(dict)
    for (name, branch), parts in terms.items():
        found[name][branch] = fsum(parts)
    return found


def _praise(found: Mapping[str, ByBranch], settings: Settings) -> tuple[float, float]:
    """Good and mutual, as far as they count: each branch, all that is mutual, and all of it together have a bound."""
    known = found["known"]
    good = {branch: min(_cap(branch, settings, known), weight) for branch, weight in found["good"].items()}
    returned = found["mutual"]
    if settings.mutual_shares_branch:
        returned = {branch: min(_cap(branch, settings, known) - good.get(branch, 0.0), weight) for branch, weight in returned.items()}
    all_good, mutual = fsum(good.values()), min(settings.most_mutual, fsum(returned.values()))
    share = min(1.0, settings.most_good / (all_good + mutual)) if all_good + mutual else 1.0
    return all_good * share, mutual * share


def _cap(branch: Branch | None, settings: Settings, known: ByBranch = NOBODY) -> float:
    """What a branch comes to at most; twice that if enough of those who praise her there are known elsewhere."""
    if branch is None or settings.branch_cap is None:
        return float("inf")
    doubled = settings.doubling and known.get(branch, 0.0) >= settings.doubling
    return settings.anchor_cap if branch.anchor else settings.branch_cap * (2 if doubled else 1)


def _newcomer(vouched: ByBranch, settings: Settings) -> float:
    voices = fsum(min(_cap(branch, settings), weight) for branch, weight in vouched.items())
    return min(settings.most_newcomer, settings.newcomer_share * voices)


def score(weights: Weights, settings: Settings) -> float:
    """(p + ½) / (p + 4q + 1): between 0 and 1, ½ without evidence."""
    return (weights.p + settings.start) / _whole(weights, settings)


def _whole(weights: Weights, settings: Settings) -> float:
    return weights.p + settings.bad_weighs * weights.q + 2 * settings.start


def band(weights: Weights, settings: Settings) -> Band:
    """Her band. Mixed, which she alone sees, needs more against her than one branch can say in the product."""
    now = score(weights, settings)
    if weights.p + weights.q >= settings.some and now < EVEN and weights.q > settings.mixed_over:
        return "mixed"
    evidence = weights.p if settings.praise_alone else weights.p + weights.q
    if evidence < settings.some:
        return "new"
    much = evidence > settings.much and now >= settings.established_score and weights.women >= settings.established_women
    return "established" if much else "building"


def points(weights: Weights, settings: Settings) -> dict[LineKind, float]:
    """The score in parts: score − ½ = (p/2 − 2q) / (p + 4q + 1) is linear above the fraction's bar, so each kind has its share."""
    whole = _whole(weights, settings)
    against = -settings.bad_weighs * EVEN / whole
    return {
        "start": EVEN,
        "good": weights.good * EVEN / whole,
        "mutual": weights.mutual * EVEN / whole,
        "newcomer": weights.newcomer * EVEN / whole,
        "bad": weights.bad * against,
        "upheld": weights.upheld * against,
    }


def explain(sums: Sums, at: datetime, settings: Settings) -> list[Line]:
    """The lines that add up to her score, at most six: the start, and each kind that moves it, with when it will be worth half."""

    def later(kind: LineKind) -> Callable[[timedelta], float]:
        return lambda wait: abs(points(weigh(sums, at + wait, settings), settings)[kind])

    parts = points(weigh(sums, at, settings), settings)
    praise, against = settings.good_half_life, settings.bad_half_life
    fading: dict[LineKind, timedelta] = {"good": praise, "mutual": praise, "bad": against, "upheld": against}
    return [
        Line(kind, worth, at + _half(later(kind), fading[kind]) if kind in fading else None)
        for kind, worth in parts.items()
        if kind == "start" or worth
    ]


def _half(worth: Callable[[timedelta], float], half_life: timedelta) -> timedelta:
    """After how long it will be worth half of what it is now, to the second."""
    half, early, late = worth(timedelta(0)) / 2, timedelta(0), half_life
    while worth(late) > half:
        early, late = late, late * 2
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        early, late = (early, middle) if worth(middle) <= half else (middle, late)
    return late
