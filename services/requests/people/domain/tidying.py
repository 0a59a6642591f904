"""Which connections she is asked about because they have gone quiet. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.requests.people.domain.connection import YEAR, ConnectionSide, spoke_within

NEW = timedelta(days=30)
"""So long nobody is asked about whom she has just been connected with, however long ago they spoke."""
MOST_AT_ONCE = 5


def quiet(side: ConnectionSide, at: datetime) -> bool:
    """She has met her at most, and by her own word they haven't been in touch for a year; if she never said, since they were connected."""
    if side.closeness not in ("met", "not_met") or side.since > at - NEW:
        return False
    if side.kept_at is not None and side.kept_at > at - YEAR:
        return False
    return side.since <= at - YEAR if side.last_spoke is None else spoke_within(side, YEAR, at) is False


def keep(side: ConnectionSide, at: datetime) -> ConnectionSide:
    """It is to stay: for a year she isn't asked about it again."""
    return replace(side, kept_at=at)
