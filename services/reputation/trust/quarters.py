"""The arithmetic of trust: from what became of a member's vouches to her score, her band and its explanation.

Pure: no I/O, no clock. Evidence lies in buckets, one a kind and tier of the rater, as integer sums of 2^((t − T0) / H)
in fixed point. Integers add up to the same bits in any order; and since every weight halves in the same time H,
reading a sum at another moment is one division.

Sources: Jøsang & Ismail 2002 (Beta reputation: `score`), Levien (Advogato: what a ring praises itself with is capped).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from services.reputation.trust.sums import grown as grown_since
from shared.contracts.events.reputation import Band
from shared.contracts.http.reputation import LedgerLine, LineKind

Kind = Literal["good", "mutual", "bad"]

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
POINT = 64
"""Bits after the point of a sum."""
FIRST_TIER = 1
"""Quarters of standing of every rater until a first standing exists."""

MOST_GOOD, MOST_MUTUAL, MOST_UNANCHORED_BAD = 5.0, 2.0, 0.25
SOME_EVIDENCE, MUCH_EVIDENCE, EVEN = 0.5, 2.0, 0.5


@dataclass(frozen=True)
class HalfLives:
    """How long it takes until an outcome weighs half."""

    good: timedelta = timedelta(days=240)
    bad: timedelta = timedelta(days=365)

    def of(self, kind: Kind) -> timedelta:
        return self.bad if kind == "bad" else self.good


class Bucket(NamedTuple):
    """Where evidence of one kind by raters of one tier (quarters of standing, 0 to 4) is summed."""

    kind: Kind
    tier: int


Sums = Mapping[Bucket, int]
"""A member's evidence, by bucket, as sums of `grown`."""


@dataclass(frozen=True)
class Weights:
    """What her evidence weighs at one moment: weighted by the raters' standing, faded, not yet capped.

    `unanchored_bad` counts the bad ratings by raters without standing.
    """

    good: float = 0.0
    mutual: float = 0.0
    bad: float = 0.0
    unanchored_bad: float = 0.0
    newcomer: float = 0.0


def grown(at: datetime, half_life: timedelta) -> int:
    """2^((at − T0) / half_life) in fixed point: what an outcome of that moment adds to its bucket."""
    return grown_since(at, half_life, EPOCH, POINT)


def weigh(sums: Sums, now: datetime, lives: HalfLives, newcomer: float = 0.0) -> Weights:
    """What her sums weigh at `now`. `newcomer`: her newcomer's prior, which counts only if there are no outcomes."""

    def faded(kind: Kind, tier: int) -> float:
        return sums.get(Bucket(kind, tier), 0) / grown(now, lives.of(kind))

    def anchored(kind: Kind) -> float:
        return sum(tier / 4 * faded(kind, tier) for tier in range(1, 5))

    found = Weights(anchored("good"), anchored("mutual"), anchored("bad"), faded("bad", 0))
    return found if found != Weights() else Weights(newcomer=newcomer)


def _counted(weights: Weights) -> tuple[float, float]:
    """Good and mutual, as far as they count: mutual at most 2, both together at most 5."""
    mutual = min(MOST_MUTUAL, weights.mutual)
    together = weights.good + mutual
    share = min(1.0, MOST_GOOD / together) if together else 1.0
    return weights.good * share, mutual * share


def p_and_q(weights: Weights) -> tuple[float, float]:
    """The evidence for her (p, at most 5 and the newcomer's prior) and against her (q)."""
    return sum(_counted(weights)) + weights.newcomer, weights.bad + min(MOST_UNANCHORED_BAD, weights.unanchored_bad / 4)


def score(weights: Weights) -> float:
    """(p + ½) / (p + 4q + 1): between 0 and 1, ½ without evidence."""
    p, q = p_and_q(weights)
    return (p + EVEN) / (p + 4 * q + 1)


def band(weights: Weights) -> Band:
    """Below ½ of evidence new; then mixed if the score is under ½, else building up to 2 and established above."""
    evidence = sum(p_and_q(weights))
    if evidence < SOME_EVIDENCE:
        return "new"
    if score(weights) < EVEN:
        return "mixed"
    return "established" if evidence > MUCH_EVIDENCE else "building"


def points(weights: Weights) -> dict[LineKind, float]:
    """The score in parts. score − ½ = (p/2 − 2q) / (p + 4q + 1) is linear above the fraction's bar, so each kind has its share."""
    good, mutual = _counted(weights)
    p, q = p_and_q(weights)
    whole = p + 4 * q + 1
    return {
        "start": EVEN,
        "good": good / 2 / whole,
        "mutual": mutual / 2 / whole,
        "bad": -2 * q / whole,
        "newcomer": weights.newcomer / 2 / whole,
    }


def explain(sums: Sums, now: datetime, lives: HalfLives, newcomer: float = 0.0) -> list[LedgerLine]:
    """The lines that add up to her score at `now`, each with when it will have faded by half."""
    shown = points(weigh(sums, now, lives, newcomer))
    return [LedgerLine(kind=kind, points=worth, fades_by_half_at=_half_of(kind, worth, sums, now, lives)) for kind, worth in shown.items()]


def _half_of(kind: LineKind, worth: float, sums: Sums, now: datetime, lives: HalfLives) -> datetime | None:
    """When the line will be worth half, to the second. The start and the newcomer's prior don't fade."""
    if kind in ("start", "newcomer") or not worth:
        return None

    def faded(later: timedelta) -> bool:
        return abs(points(weigh(sums, now + later, lives))[kind]) <= abs(worth) / 2

    early, late = timedelta(0), lives.of("bad" if kind == "bad" else "good")
    while not faded(late):
        early, late = late, late * 2
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        early, late = (early, middle) if faded(middle) else (middle, late)
    return now + late
