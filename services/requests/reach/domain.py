"""What a member allows others to ask of her, and whom an introduction may reach. Pure."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from shared.contracts.http.requests.reach import Bar, HowLong
from shared.problems import Field, Invalid

WINDOW = timedelta(days=30)
"""Within it so much may reach her as she says."""

_LONG = {"two_weeks": timedelta(days=14), "month": timedelta(days=30)}
_LONGEST = timedelta(days=366)
_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """What she has allowed; of who was never asked, nothing. The pause is seen by her alone."""

    bar: Bar = "met"
    question: str | None = None
    """Hers, which each requester answers."""
    suggestible: bool = False
    """She may be suggested to others."""
    open_to_asks: bool = False
    """Her contacts may ask her for introductions, but for those of whom she said otherwise."""
    reachable: bool = False
    """Others may ask her contacts for an introduction to her."""
    introductions_in_30_days: int = 2
    """So many vouched introductions reach her within 30 days; those she asked for aren't counted."""
    asks_in_30_days: int = 3
    """So many asks reach her as a voucher within 30 days."""
    paused_from: datetime | None = None
    paused_until: datetime | None = None
    version: int = 0

    def paused(self, at: datetime) -> bool:
        """Nothing new reaches her at that time."""
        return self.paused_from is not None and self.paused_until is not None and self.paused_from <= at < self.paused_until

    def open_to(self, said: bool | None) -> bool:
        """Whether a contact may ask her for introductions; `said` is what she said of that contact alone."""
        return self.open_to_asks if said is None else said


def pause(reach: Reach, how_long: HowLong, at: datetime, *, until: date | None = None, starting: date | None = None) -> Reach:
    """Nothing more reaches her from the next midnight UTC on, or from the midnight of `starting`, so that nobody can tell by the hour
    which answer of hers a pause came with. One that has begun goes on.

    Raises Invalid if it would end before it begins, or in more than a year.
    """
    begins = _tomorrow(at)
    if starting:
        begins = max(begins, min(_midnight(starting), at + _LONGEST))  # no day is so far away that adding to it fails
    elif reach.paused_from and reach.paused(at):
        begins = reach.paused_from
    ends = begins + _LONG[how_long] if how_long in _LONG else _midnight(until) if until else begins
    if not max(begins, at) < ends <= at + _LONGEST:
        raise Invalid(fields=[Field("until" if until or not starting else "starting", "not_a_pause")])
    return replace(reach, paused_from=begins, paused_until=ends)


def end_pause(reach: Reach, at: datetime) -> Reach:
    """She can be reached again at once; of a pause that had begun it is kept until when it was."""
    if reach.paused_until is None or reach.paused_until <= at:
        return reach
    return replace(reach, paused_until=at) if reach.paused(at) else replace(reach, paused_from=None, paused_until=None)


def offers_pause(answers: Sequence[tuple[datetime, bool]], reach: Reach, at: datetime) -> bool:
    """Whether to offer her a pause: she let the last three of what reached her end without a word, since her last pause.

    `answers`: when each was answered, or ended, and whether she had answered.
    """
    since = max(at - WINDOW, reach.paused_until or at - WINDOW)
    latest = sorted(((when, said) for when, said in answers if since < when <= at), reverse=True)[:_IN_A_ROW]
    planned = reach.paused_until is not None and at < reach.paused_until
    return not planned and len(latest) == _IN_A_ROW and not any(said for _, said in latest)


@dataclass(frozen=True, slots=True)
class Reaching:
    """Whom an introduction may reach: the one rule of asks, proposals, vouches and paths.

    `apart`: pairs of whom one excludes the other. `introductions` and `asks`: how many have reached each within 30 days.
    """

    allowed: Mapping[UUID, Reach] = field(default_factory=dict)
    apart: Set[frozenset[UUID]] = frozenset()
    introductions: Mapping[UUID, int] = field(default_factory=dict)
    asks: Mapping[UUID, int] = field(default_factory=dict)

    def may_introduce(self, sides: Sequence[UUID], at: datetime, *, asker: UUID | None = None, asked_at: datetime | None = None) -> bool:
        """Whether an introduction of these two may reach both now. An asker is reached by what she asked for herself, however often,
        unless she began a pause after she asked.
        """
        if frozenset(sides) in self.apart:
            return False
        return all(self._still_reaches_asker(side, asked_at, at) if side == asker else self._may_reach(side, at) for side in sides)

    def may_ask_for(self, asker: UUID, counterpart: UUID, at: datetime) -> bool:
        """Whether the asker may ask any contact of hers for an introduction to the counterpart."""
        apart = frozenset((asker, counterpart)) in self.apart
        return not apart and self._of(counterpart).reachable and self._may_reach(counterpart, at)

    def may_ask(self, asker: UUID, voucher: UUID, counterpart: UUID, said: bool | None, at: datetime) -> bool:
        """Whether the asker may ask this voucher; `said` is what the voucher said of being asked by her."""
        return self.hears_asks(voucher, said, at) and self.may_ask_for(asker, counterpart, at)

    def hears_asks(self, voucher: UUID, said: bool | None, at: datetime) -> bool:
        """Whether an ask, by name or by need, may reach this voucher from a contact of whom she said that."""
        her = self._of(voucher)
        return her.open_to(said) and not her.paused(at) and self.asks.get(voucher, 0) < her.asks_in_30_days

    def _may_reach(self, side: UUID, at: datetime) -> bool:
        her = self._of(side)
        return not her.paused(at) and self.introductions.get(side, 0) < her.introductions_in_30_days

    def _still_reaches_asker(self, asker: UUID, asked_at: datetime | None, at: datetime) -> bool:
        her = self._of(asker)
        return her.paused_from is None or not her.paused(at) or (asked_at is not None and her.paused_from <= asked_at)

    def _of(self, member_id: UUID) -> Reach:
        return self.allowed.get(member_id) or Reach()


def _tomorrow(at: datetime) -> datetime:
    return _midnight(at.astimezone(UTC).date() + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
