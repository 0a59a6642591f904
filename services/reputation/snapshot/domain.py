"""What of the ledger shows in a snapshot, and which bands follow. Pure.

Praise shows if both sides praised. A bad word waits until three introductions lie together or the oldest is 90 days old, and what was said
of an introduction then counts for both of its sides in equal halves: which of the two said it changes nothing. Half a bad word is half of
what a path of invitation may say, so that two halves by two paths are no more than one whole word.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.reputation.ledger.domain import Exclusion, Key, Rating
from services.reputation.trust import Evidence, Settings, reading, sums
from services.reputation.trust.evidence import SIDES
from services.reputation.trust.sums import Sum, SumKind, Sums, Voice
from shared.contracts.events.base import Event
from shared.contracts.events.reputation import Band, BandChanged

TOGETHER = 3
WAITS = timedelta(days=90)
COUNTS: frozenset[SumKind] = frozenset(("good", "mutual", "bad"))
"""What half a word adds to: it is no woman who praises her."""

Introductions = Mapping[UUID, tuple[UUID, UUID]]
"""The two sides of each introduction."""


@dataclass(frozen=True)
class Told:
    """What is known about one member.

    `ratings`: all about her, as a voucher, by reports and by vouches · `sides`: of the introductions in them · `praised`: the vouchers
    about whom her own last word is good · `charged`: what she is charged for others · `excluded`: which ratings a moderator excluded.
    """

    ratings: Sequence[Rating]
    sides: Introductions
    praised: frozenset[UUID]
    charged: Sequence[tuple[Sum, int]] = ()
    excluded: Mapping[Key, Exclusion] = field(default_factory=dict)

    def by(self, at: datetime) -> list[Rating]:
        """The ratings that counted at that moment: each counts from when it was revealed until it is excluded."""
        gone = {key for key, one in self.excluded.items() if one.excluded_at <= at}
        return [rating for rating in self.ratings if rating.revealed_at <= at and rating.key not in gone]


def shown(told: Told, moments: Sequence[datetime], voices: Mapping[UUID, Voice], settings: Settings) -> Sums:
    """Her sums in the last of the snapshots taken at these moments."""
    at = moments[-1]
    found: Counter[Sum] = Counter()
    for bucket, amount in told.charged:
        found[bucket] += amount
    for word in _lasts(one.evidence for one in told.by(at) if one.role in ("report", "vouch")):
        for bucket, amount in sums.of_vouch(word, voices[word.rater], settings) if word.kind == "vouch" else sums.of_report(word, settings):
            found[bucket] += amount
    for word in _outcomes(told, moments, settings):
        for bucket, amount in sums.of_outcome(word, voices[word.rater], word.rater in told.praised, settings):
            if word.weight == 1 or bucket.kind in COUNTS:
                found[bucket] += amount
    return {bucket: amount for bucket, amount in found.items() if amount}


def _lasts(words: Iterable[Evidence]) -> list[Evidence]:
    """The last word of each cell."""
    return list({word.cell: word for word in sorted(words, key=lambda word: word.order)}.values())


def _outcomes(told: Told, moments: Sequence[datetime], settings: Settings) -> list[Evidence]:
    """What is said of her as a voucher: of each rater what the last introduction that shows makes her say."""
    by_introduction, entered = _said(told, moments[-1]), _entered(told, moments)
    carried: list[tuple[tuple[datetime, UUID], list[Evidence]]] = []
    for introduction, said in by_introduction.items():
        if words := _as_carried(said, told.sides.get(introduction, ()), entered, settings):
            carried.append((max((word.at, word.id) for word in words), words))
    by_rater: dict[UUID, list[Evidence]] = {}
    for _, words in sorted(carried, key=lambda one: one[0]):
        by_rater |= {rater: [word for word in words if word.rater == rater] for rater in {word.rater for word in words}}
    return [word for words in by_rater.values() for word in words]


def _as_carried(said: Mapping[UUID, Evidence], sides: Sequence[UUID], entered: frozenset[UUID], settings: Settings) -> list[Evidence]:
    """What shows of an introduction, by whom it counts: whole if both praised, else each word in halves for both, once a bad one shows."""
    good = [word for word in said.values() if word.good]
    if len(good) == SIDES:
        return good
    bad = [word for word in said.values() if not word.good and word.id in entered]
    half = {True: 1 / SIDES, False: settings.branch_bad_cap / settings.base / SIDES}
    return [replace(word, rater=side, weight=half[word.good]) for word in (*good, *bad) for side in sides] if bad else []


def _said(told: Told, at: datetime) -> Mapping[UUID, Mapping[UUID, Evidence]]:
    """The last word of each side about her as a voucher, by introduction."""
    found: dict[UUID, dict[UUID, Evidence]] = defaultdict(dict)
    for rating in sorted(told.by(at), key=lambda one: one.evidence.order):
        if rating.role == "voucher":
            found[rating.introduction_id][rating.rater_id] = rating.evidence
    return found


def _entered(told: Told, moments: Sequence[datetime]) -> frozenset[UUID]:
    """The bad words that have entered by the last of these snapshots, by their ids. They stay in if another is excluded later."""
    found: set[UUID] = set()
    for at in moments if any(one.role == "voucher" and one.value == "bad" for one in told.ratings) else ():
        said = ((word, introduction) for introduction, words in _said(told, at).items() for word in words.values())
        come = [(word, introduction) for word, introduction in said if not word.good and word.id not in found]
        if come and (len({introduction for _, introduction in come}) >= TOGETHER or at - min(word.at for word, _ in come) >= WAITS):
            found |= {word.id for word, _ in come}
    return frozenset(found)


def shows(told: Told, moments: Sequence[datetime], settings: Settings) -> frozenset[Key]:
    """What of these ratings is in the last of the snapshots taken at these moments, whole or in halves."""
    counted = told.by(moments[-1]) if moments else []
    carried = _outcomes(told, moments, settings) if moments else []
    whole = {(word.id, word.rater) for word in carried if word.weight == 1}
    halves = {(word.id, word.good) for word in carried if word.weight < 1}
    return frozenset(
        one.key
        for one in counted
        if one.role in ("report", "vouch")
        or (one.role == "voucher" and ((one.event_id, one.rater_id) in whole or (one.event_id, one.value == "good") in halves))
    )


@dataclass(frozen=True)
class PublishedBand:
    """A member's band as it was last published."""

    band: Band
    version: int

    def followed_by(self, band: Band) -> "PublishedBand":
        """The same if it is the same band."""
        return self if band == self.band else PublishedBand(band, self.version + 1)


def read_bands(
    before: Mapping[UUID, PublishedBand], held: Mapping[UUID, Sums], settings: Settings, at: datetime
) -> tuple[dict[UUID, PublishedBand], list[Event]]:
    """The bands of these members at `at`, and the events of those that have really changed."""
    after = {id_: band.followed_by(reading.band(reading.weigh(held[id_], at, settings), settings)) for id_, band in sorted(before.items())}
    changed = {id_: band for id_, band in after.items() if band != before[id_]}
    return after, [BandChanged(aggregate_id=id_, aggregate_version=to.version, occurred_at=at, band=to.band) for id_, to in changed.items()]
