"""Asking a voucher for an introduction. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.requests.introductions.domain.introduction import OPEN_DAYS, Changed, Introduction
from services.requests.introductions.domain.parts import End, Side
from shared.contracts.events.requests import IntroductionAsked
from shared.contracts.http.requests.introduction_problems import AlreadyIntroduced, CannotAsk, TooManyOpenAsks
from shared.problems import Problem

REST = timedelta(days=90)
YEAR = timedelta(days=365)
"""A pair that was introduced isn't introduced again for so long."""
MOST_OPEN_ASKS = 5


@dataclass(frozen=True, slots=True)
class AskerRecord:
    """What is known of an asker and a counterpart. `introduced` is their introduction of the past year, if there is one."""

    last: Introduction | None = None
    """Her last ask for the counterpart, through whomever."""
    introduced: Introduction | None = None
    knows_who: bool = False
    """That introduction is there for her."""
    open_asks: int = 0
    first_end: datetime | None = None
    """How many of her asks look open to her, and the first end among them."""

    def obstacle(self, at: datetime) -> Problem | None:
        """What stands in the way of her asking for the counterpart, or None."""
        if problem := too_many_open(self.open_asks, self.first_end):
            return problem
        if self.introduced and self.introduced.confirmed_at and self.knows_who:
            return AlreadyIntroduced(again_at=self.introduced.confirmed_at + YEAR)
        return CannotAsk() if self.introduced or (self.last and not may_ask_again(self.last, at)) else None


def too_many_open(count: int, first_end: datetime | None) -> Problem | None:
    """What stands in the way of her asking anything, by name or by need: `count` asks look open to her, and the first ends then."""
    return TooManyOpenAsks(again_at=first_end) if count >= MOST_OPEN_ASKS else None


def ask(
    id_: UUID,
    *,
    asker: UUID,
    voucher: UUID,
    counterpart: UUID,
    why_her: str,
    at: datetime,
    days: int = OPEN_DAYS,
    sides_blocked: bool = False,
) -> Changed:
    """The asker asks the voucher, who has so many days; asking is her own confirmation.

    `sides_blocked`: voucher and counterpart don't exist for each other, which the asker must not learn: neither hears of it.
    """
    sides = (Side(asker, said="confirmed", said_at=at), Side(counterpart))
    intro = Introduction(
        id=id_, origin="asked", voucher_id=voucher, sides=sides, asker_id=asker, made_at=at, open_days=days, why_her=why_her
    )
    if sides_blocked:
        return replace(intro, hidden_end=End("blocked", at), hidden_from=frozenset({voucher, counterpart})), []
    return intro, [intro.event(IntroductionAsked, at, why_her=why_her, expires_at=intro.expires_at)]


def may_ask_again(last: Introduction, at: datetime) -> bool:
    """Whether the asker of `last` may ask for its counterpart again: not while it looks open, and not for 90 days after the
    end that she saw if it was vouched for. Whatever ended it rests alike, so that the rest tells nothing.
    """
    if last.state(at) in ("asked", "vouched"):
        return False
    until = rests_until(last)
    return until is None or at >= until


def rests_until(last: Introduction) -> datetime | None:
    """Until when the asker of `last`, which has ended, can't ask for its counterpart again; None if it leaves no rest."""
    if last.confirmed_at or not last.vouched_at:
        return None
    return (last.shown_end.at if last.shown_end else last.expires_at) + REST
