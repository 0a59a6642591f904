"""Asking a voucher for an introduction. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.requests.introductions.domain.introduction import Changed, End, Introduction, Side
from shared.contracts.events.requests import IntroductionAsked

REST = timedelta(days=90)


def ask(id_: UUID, *, asker: UUID, voucher: UUID, counterpart: UUID, why_her: str, at: datetime, sides_blocked: bool = False) -> Changed:
    """The asker asks the voucher; asking is her own confirmation.

    `sides_blocked`: voucher and counterpart don't exist for each other, which the asker must not learn: neither hears of it.
    """
    sides = (Side(asker, said="confirmed", said_at=at), Side(counterpart))
    intro = Introduction(id=id_, origin="asked", voucher_id=voucher, sides=sides, asker_id=asker, why_her=why_her, made_at=at)
    if sides_blocked:
        return replace(intro, hidden_end=End("blocked", at), hidden_from=frozenset({voucher, counterpart})), []
    return intro, [intro.event(IntroductionAsked, at, why_her=why_her, expires_at=intro.expires_at)]


def may_ask_again(last: Introduction, at: datetime) -> bool:
    """Whether the asker of `last` may ask for its counterpart again: not while it looks open, and not for 90 days after its
    end if the counterpart let it go by. A pass, a yes and silence rest alike, so that the rest tells nothing.
    """
    if last.state(at) in ("asked", "vouched"):
        return False
    let_go = last.vouched_at and not last.confirmed_at and (not last.shown_end or last.shown_end.at == last.expires_at)
    return not let_go or at >= last.expires_at + REST
