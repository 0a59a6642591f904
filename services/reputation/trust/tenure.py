"""What a voice weighs: by time as a member, or as standing says."""

from collections.abc import Callable
from datetime import datetime

from services.reputation.trust.evidence import Id
from services.reputation.trust.settings import Settings

Placed = Callable[[Id], tuple[Id, datetime | None]]
"""A member's branch, and when she joined; None if that isn't known."""


def herself(member: Id) -> tuple[Id, None]:
    """The placement of members of whom none is known."""
    return member, None


def tier(weight: float, settings: Settings) -> int:
    """A weight between 0 and 1, in `settings.tiers` parts, half to even."""
    return round(weight * settings.tiers)


def by_time(joined: datetime | None, at: datetime, settings: Settings) -> int:
    """The tier of a member at `at`; without a known day of joining, her word waits."""
    return tier(settings.base, settings) if joined is not None and at - joined >= settings.grace else 0
