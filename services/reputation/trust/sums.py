"""What a word adds to which bucket, in integers: they add up to the same bits in any order.

A word of moment t adds 2^((t − T0) / H) in fixed point; since all of a bucket halves in the same time H, reading it at another moment is
one division.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal, NamedTuple

from services.reputation.trust.evidence import Evidence, Id
from services.reputation.trust.settings import Settings

SumKind = Literal["good", "mutual", "bad", "upheld", "women", "known", "vouched"]
"""`upheld`: reports and what vouchers are charged for them · `women`: how many praise her · `known`: of those, who are known elsewhere ·
`vouched`: how many vouch for her."""
LASTING: frozenset[SumKind] = frozenset(("women", "known", "vouched"))
"""What is counted, and doesn't fade."""

FLOAT_BITS = 52


class Branch(NamedTuple):
    """Below whom a rater came in; each anchor's good words are a branch of their own, by her name."""

    name: Id
    anchor: bool = False


class Sum(NamedTuple):
    """A bucket of a member's evidence."""

    kind: SumKind
    tier: int = 0
    branch: Branch | None = None


Sums = Mapping[Sum, int]
Entry = tuple[Sum, int]
"""What one word adds to a bucket."""


class Voice(NamedTuple):
    """A rater as she counts: in which tier with good words and in which with bad ones, in which branch, and whether others know her."""

    good: int
    bad: int
    branch: Id
    anchor: bool
    known: bool = False


def grown(at: datetime, half_life: timedelta, t0: datetime, point: int) -> int:
    """2^((at − t0) / half_life) with `point` bits after the point."""
    halvings, rest = divmod(at - t0, half_life)
    mantissa = round(math.ldexp(math.pow(2.0, rest / half_life), FLOAT_BITS))
    shift = halvings + point - FLOAT_BITS
    return mantissa << shift if shift >= 0 else mantissa >> -shift


def half_life(kind: SumKind, settings: Settings) -> timedelta:
    return settings.bad_half_life if kind in ("bad", "upheld") else settings.good_half_life


def amount(kind: SumKind, at: datetime, settings: Settings, weight: float | Fraction = 1) -> int:
    """What a word of that kind, moment and weight adds."""
    whole = grown(at, half_life(kind, settings), settings.t0, settings.point)
    if weight == 1:
        return whole
    part = Fraction(weight)
    return whole * part.numerator // part.denominator


def of_outcome(word: Evidence, voice: Voice, mutual: bool, settings: Settings) -> list[Entry]:
    """What an outcome adds. `mutual`: the member found an introduction by the rater worthwhile, too."""
    if not word.weight:
        return []
    by_branch = settings.branch_cap is not None
    if not word.good:
        return [(Sum("bad", voice.bad, Branch(voice.branch) if by_branch else None), amount("bad", word.at, settings, word.weight))]
    path = _path(word, voice) if by_branch else None
    entry = Sum("mutual" if mutual else "good", voice.good, path), amount("good", word.at, settings, word.weight)
    if not voice.good:
        return [entry]
    # An anchor goes on doubling the branch she came by: else to name one would lower whom others of it praise.
    doubling = [(Sum("known", 0, Branch(voice.branch)), 1)] if settings.doubling and voice.known else []
    return [entry, (Sum("women"), 1), *doubling]


def _path(word: Evidence, voice: Voice) -> Branch:
    """By which path a good word comes. Anchors of one branch don't share theirs: else to name a second would lower whom both praise."""
    return Branch(word.rater, anchor=True) if voice.anchor else Branch(voice.branch)


def of_vouch(word: Evidence, voice: Voice, settings: Settings) -> list[Entry]:
    """What a vouch for her adds, until it is taken back."""
    branch = _path(word, voice) if settings.branch_cap is not None else None
    return [(Sum("vouched", voice.good, branch), 1)] if word.good and word.weight else []


def of_report(word: Evidence, settings: Settings) -> list[Entry]:
    """What an upheld report adds, whoever made it."""
    return [(Sum("upheld"), amount("upheld", word.at, settings, word.weight))] if upheld(word) else []


def upheld(word: Evidence | None) -> bool:
    return word is not None and not word.good and word.weight > 0


def of_charge(report: Evidence, vouchers: int, settings: Settings) -> list[Entry]:
    """What each of the women who vouched for a member reported is charged: one step, and no further."""
    each = min(Fraction(settings.charge), Fraction(settings.most_charged) / vouchers)
    return [(Sum("upheld"), amount("upheld", report.at, settings, each))]


def move(sums: dict[Sum, int], before: Iterable[Entry], after: Iterable[Entry]) -> None:
    """Take what was and add what is; an empty bucket is no bucket."""
    for entries, sign in ((before, -1), (after, 1)):
        for bucket, amount in entries:
            sums[bucket] = sums.get(bucket, 0) + sign * amount
            if not sums[bucket]:
                del sums[bucket]
