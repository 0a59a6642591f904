"""Whose ratings count in a member's score, and how much. Pure arithmetic over the ledger; the weights are in `trust`.

Only what both sides found worthwhile counts so far: a single rating that showed on the voucher's page would tell her
who gave it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.reputation import trust
from services.reputation.ledger.domain import Rating, last_of_each, went_well
from services.reputation.trust import Bucket, HalfLives, Sums
from shared.contracts.events.base import Event
from shared.contracts.events.reputation import Band, BandChanged


class Pair(NamedTuple):
    """A member, and someone who rates her."""

    member_id: UUID
    rater_id: UUID


class Voice(NamedTuple):
    """The one voice a rater has in a member's score."""

    kind: trust.Kind
    tier: int
    at: datetime


class Entry(NamedTuple):
    """A voice as it is summed: in which bucket, and how much of it."""

    bucket: Bucket
    amount: int


Amounts = dict[tuple[UUID, Bucket], int]
"""What is in, or is added to, the buckets of members."""


def voices(ratings: Iterable[Rating]) -> dict[Pair, Voice]:
    """Who has which voice in whose score.

    A rater has one voice about a member: her last rating counts. It is mutual if the member's last rating of the rater,
    in whatever role, is good: her own words, whatever the other side said, so that she learns nothing from it. Else it is
    good, as both sides said.
    """
    ratings = list(ratings)
    well = went_well(ratings)
    shown = last_of_each((rating for rating in ratings if rating.role == "voucher" and rating.introduction_id in well), _pair)
    praised = {pair for pair, rating in last_of_each(ratings, _pair).items() if rating.value == "good"}
    return {
        pair: Voice("mutual" if (pair.rater_id, pair.member_id) in praised else "good", trust.FIRST_TIER, rating.revealed_at)
        for pair, rating in shown.items()
    }


def _pair(rating: Rating) -> Pair:
    return Pair(rating.member_id, rating.rater_id)


def entries(ratings: Iterable[Rating], lives: HalfLives) -> dict[Pair, Entry]:
    """The voices in these ratings, as they are summed."""
    return {
        pair: Entry(Bucket(voice.kind, voice.tier), trust.grown(voice.at, lives.of(voice.kind))) for pair, voice in voices(ratings).items()
    }


def not_mutual(entry: Entry) -> Entry:
    """The entry once the rated member's words about the rater are gone: mutual praise fades like any other."""
    return Entry(Bucket("good", entry.bucket.tier), entry.amount) if entry.bucket.kind == "mutual" else entry


def moves(before: Mapping[Pair, Entry], after: Mapping[Pair, Entry]) -> Amounts:
    """What to add to which bucket when the voices of these pairs change from `before` to `after`."""
    moved: Amounts = defaultdict(int)
    for entries, sign in ((before, -1), (after, 1)):
        for pair, entry in entries.items():
            moved[pair.member_id, entry.bucket] += sign * entry.amount
    return {key: amount for key, amount in moved.items() if amount}


@dataclass(frozen=True)
class PublishedBand:
    """A member's band as it was last published."""

    band: Band
    version: int

    def followed_by(self, band: Band) -> "PublishedBand":
        """The same if it is the same band."""
        return self if band == self.band else PublishedBand(band, self.version + 1)


def read_bands(
    before: Mapping[UUID, PublishedBand], sums: Mapping[UUID, Sums], lives: HalfLives, at: datetime
) -> tuple[dict[UUID, PublishedBand], list[Event]]:
    """The bands of these members at `at`, and the events of those that have really changed."""
    after = {id_: band.followed_by(trust.band(trust.weigh(sums[id_], at, lives))) for id_, band in sorted(before.items())}
    changed = {id_: band for id_, band in after.items() if band != before[id_]}
    return after, [BandChanged(aggregate_id=id_, aggregate_version=to.version, occurred_at=at, band=to.band) for id_, to in changed.items()]
