"""“I don't know her”: what follows if several women say it of one who asks. Pure.

It counts once the end of the request shows, so that nobody can tell whose no it was. If three different women said it among the last
eight requests of hers that have ended, then from the first of the next month on she may be introduced only, for 30 days. She is told on
that day, whoever said it and whenever. What led to it doesn't count again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from shared.contracts.events.base import Event
from shared.contracts.events.requests import RequestsRestricted

OF_THE_LAST = 8
WOMEN = 3
FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class End:
    """A request of hers that has ended: whom she had asked, when its end showed, and whether that woman said she doesn't know her."""

    recipient_id: UUID
    shown_at: datetime
    unknown: bool


def month_of(at: datetime) -> datetime:
    """The first of that month, by UTC: what has shown before it is weighed."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def restricted_from(ends: Sequence[End], last: datetime | None) -> datetime | None:
    """From when on she may be introduced only; None if nothing says so.

    `ends`: all of hers, the oldest first. `last`: since when she was restricted the last time; what showed before that is spent.
    """
    for number in range(OF_THE_LAST, len(ends) + 1):
        latest = ends[number - OF_THE_LAST : number]
        if len({end.recipient_id for end in latest if end.unknown and (last is None or end.shown_at >= last)}) >= WOMEN:
            return month_of(month_of(latest[-1].shown_at) + timedelta(days=31))
    return None


def restricted_until(begins_at: datetime | None, at: datetime) -> datetime | None:
    """Until when she may be introduced only; None if she may ask."""
    return begins_at + FOR if begins_at and begins_at <= at < begins_at + FOR else None


def told(member_id: UUID, begins_at: datetime, at: datetime) -> list[Event]:
    """What she hears of it; nothing if it is over by now."""
    until = restricted_until(begins_at, at)
    if until is None:
        return []
    id_ = uuid5(member_id, begins_at.isoformat())
    return [RequestsRestricted(aggregate_id=id_, aggregate_version=1, occurred_at=at, member_id=member_id, until=until)]
