"""How many requests one member may send. Pure. What she answers isn't counted, and a no she wasn't told of counts as open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from services.requests.connections.domain.unknown import restricted_until
from shared.contracts.http.requests.connection_problems import IntroductionsOnly, RequestsLimited, TooManyOpenRequests, TooManyRequestsToday
from shared.problems import Problem

MOST_OPEN = 20
MOST_A_DAY = 10
MOST_A_DAY_OF_A_NEWCOMER = 3
NEWCOMER_FOR = timedelta(days=14)
DAY = timedelta(days=1)
FEW = 0.3
"""At most this part of a day's requests is left: time to say so."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What she has sent: how many requests look open to her, the first end among them, and when she sent the latest, newest first."""

    open: int = 0
    first_end: datetime | None = None
    latest: Sequence[datetime] = ()
    joined_at: datetime | None = None
    restricted_from: datetime | None = None
    """Since when she may be introduced only, the last time that it was so."""
    limited_until: datetime | None = None
    """Until when she may be introduced only by moderators' decision, or could."""

    def obstacle(self, at: datetime) -> Problem | None:
        """Why she can't send another now, with the time from which she can; None if she can."""
        if self.limited_until and at < self.limited_until:
            return RequestsLimited(again_at=self.limited_until)
        if until := restricted_until(self.restricted_from, at):
            return IntroductionsOnly(again_at=until)
        if self.open >= MOST_OPEN:
            return TooManyOpenRequests(again_at=self.first_end)
        newcomer_until = self.joined_at + NEWCOMER_FOR if self.joined_at else at
        if at < newcomer_until and (full := self._full(MOST_A_DAY_OF_A_NEWCOMER, at)):
            return TooManyRequestsToday(again_at=min(full, self._full(MOST_A_DAY, newcomer_until) or newcomer_until))
        if full := self._full(MOST_A_DAY, at):
            return TooManyRequestsToday(again_at=full)
        return None

    def few_left(self, at: datetime) -> int | None:
        """How many she can still send today, once few are left; None before, and when none is."""
        newcomer = self.joined_at is not None and at < self.joined_at + NEWCOMER_FOR
        most = MOST_A_DAY_OF_A_NEWCOMER if newcomer else MOST_A_DAY
        left = most - sum(one + DAY > at for one in self.latest)
        return left if 0 < left <= ceil(FEW * most) else None

    def _full(self, most: int, at: datetime) -> datetime | None:
        """Until when the day before `at` holds as many as it can."""
        return self.latest[most - 1] + DAY if len(self.latest) >= most and self.latest[most - 1] + DAY > at else None
