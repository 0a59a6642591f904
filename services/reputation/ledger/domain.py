"""What sides say about introductions, and which introductions went well.

A side's answer rates two members: the voucher, and (for standing alone) the other side.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar
from uuid import UUID

from shared.contracts.events.requests import OutcomeAnswer, OutcomesRevealed

Role = Literal["voucher", "side"]
Value = Literal["good", "bad"]
SIDES = 2
K = TypeVar("K")

VALUES: Mapping[OutcomeAnswer, Value] = {"worthwhile": "good", "not_as_described": "bad"}
"""The answers that rate. Not having met doesn't, and misconduct doesn't until a moderator upholds it."""


@dataclass(frozen=True)
class Vouch:
    """A vouch for an introduction that both sides confirmed."""

    introduction_id: UUID
    side_ids: tuple[UUID, UUID]
    confirmed_at: datetime


@dataclass(frozen=True)
class Rating:
    """What the rater said about a member, in the role she had in one introduction."""

    member_id: UUID
    introduction_id: UUID
    rater_id: UUID
    event_id: UUID
    role: Role
    value: Value
    revealed_at: datetime


def ratings_of(event: OutcomesRevealed) -> list[Rating]:
    """The ratings in an event: by each side, of the voucher and of the other side."""
    ratings: list[Rating] = []
    for rater, answer in event.answers.items():
        value = VALUES.get(answer)
        if value is None or rater not in event.side_ids:
            continue
        other = next(side for side in event.side_ids if side != rater)
        rated: tuple[tuple[UUID, Role], ...] = ((event.voucher_id, "voucher"), (other, "side"))
        ratings += [Rating(member, event.introduction_id, rater, event.id, role, value, event.occurred_at) for member, role in rated]
    return ratings


def went_well(ratings: Iterable[Rating]) -> dict[UUID, datetime]:
    """The introductions that both sides found worthwhile, each with when the second praise was revealed."""
    of_vouchers = (rating for rating in ratings if rating.role == "voucher")
    praise: dict[UUID, list[datetime]] = defaultdict(list)
    for rating in last_of_each(of_vouchers, lambda rating: (rating.introduction_id, rating.rater_id)).values():
        if rating.value == "good":
            praise[rating.introduction_id].append(rating.revealed_at)
    return {introduction_id: max(revealed) for introduction_id, revealed in praise.items() if len(revealed) == SIDES}


def last_of_each(ratings: Iterable[Rating], key: Callable[[Rating], K]) -> dict[K, Rating]:
    """The last rating of each key, by the time of its event and, if that is the same, the event's id."""
    last: dict[K, Rating] = {}
    for rating in ratings:
        found = last.get(key(rating))
        if found is None or (found.revealed_at, found.event_id) < (rating.revealed_at, rating.event_id):
            last[key(rating)] = rating
    return last
