"""Standing behind an introduction, one's own idea or another's ask, and withdrawing the vouch. Pure."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from services.requests.introductions.domain.ending import closed_event, not_for
from services.requests.introductions.domain.introduction import NOBODY, Changed, Introduction, check_open, check_takes_part
from services.requests.introductions.domain.parts import End, Side
from services.requests.people.domain.connection import ConnectionSide
from services.requests.reach.domain import Reaching
from shared.contracts.events.base import Event
from shared.contracts.events.reputation import Band
from shared.contracts.events.requests import IntroductionVouched, VouchWithdrawn
from shared.contracts.http.requests.connections import LastSpoke
from shared.contracts.http.requests.introduction_problems import (
    CannotPropose,
    CannotVouch,
    KnowBothBetter,
    NotConnectedToBoth,
    NotNow,
    Suspended,
    TooManyOpenVouches,
    WordsForBoth,
)
from shared.contracts.http.requests.introductions import VouchersReason
from shared.problems import Problem

MOST_OPEN_VOUCHES = 5
MOST_OPEN_VOUCHES_MIXED = 2
SaidToHaveSpoken = Mapping[UUID, LastSpoke | None]
"""When the voucher last spoke with each side, if she says so."""
UNSAID: SaidToHaveSpoken = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NeedAnswered:
    """The ask by need that a proposal answers; `shown`: the counterpart may read what the asker looks for."""

    id: UUID
    looking_for: str
    asked_at: datetime
    shown: bool = False


@dataclass(frozen=True, slots=True)
class VoucherRecord:
    """What is known of a voucher. `connections` are her sides of those with members asked about; by them she knows these."""

    connections: Mapping[UUID, ConnectionSide] = field(default_factory=dict)
    open_vouches: int = 0
    band: Band = "new"
    reaching: Reaching = field(default_factory=Reaching)

    @property
    def vouches_left(self) -> int:
        """For so many more she can vouch now."""
        return max(0, (MOST_OPEN_VOUCHES_MIXED if self.band == "mixed" else MOST_OPEN_VOUCHES) - self.open_vouches)

    def obstacle(self, side_ids: Sequence[UUID], *, connection_lost: bool = False) -> type[Problem] | None:
        """What stands in the way of her introducing these two, or None.

        `connection_lost`: a no that isn't shown yet may have ended a connection since the ask, which must not show here either.
        """
        closeness = [self.connections[side_id].closeness for side_id in side_ids if side_id in self.connections]
        if len(closeness) < len(side_ids) and not connection_lost:
            return NotConnectedToBoth
        if {"met", "not_met"} & set(closeness):
            return KnowBothBetter
        if not self.vouches_left:
            return TooManyOpenVouches
        return None

    def obstacle_to(self, intro: Introduction, at: datetime) -> type[Problem] | None:
        """What stands in the way of her vouching for what she was asked: on her own side first, then on that of the two."""
        if mine := self.obstacle(intro.side_ids, connection_lost=bool(intro.hidden_from)):
            return mine
        reaches = self.reaching.may_introduce(intro.side_ids, at, asker=intro.asker_id, asked_at=intro.made_at)
        return None if reaches else CannotVouch


def propose(
    id_: UUID,
    *,
    voucher: UUID,
    side_ids: tuple[UUID, UUID],
    words_for: Mapping[UUID, str],
    at: datetime,
    her: VoucherRecord,
    last_spoke: SaidToHaveSpoken = UNSAID,
    sides_blocked: bool = False,
    need: NeedAnswered | None = None,
) -> Changed:
    """The voucher's own idea, or her answer to a need of the first side's: vouched from the start, with neither side's yes.

    `sides_blocked`: the sides don't exist for each other, which the voucher must not learn: neither hears of it.
    """
    if set(words_for) != set(side_ids):
        raise WordsForBoth
    if obstacle := her.obstacle(side_ids):
        raise obstacle
    asker, asked_at = (side_ids[0], need.asked_at) if need else (None, None)
    if not her.reaching.may_introduce(side_ids, at, asker=asker, asked_at=asked_at):
        raise CannotPropose
    a, b = (Side(member_id, words_for[member_id], last_spoke.get(member_id)) for member_id in side_ids)
    intro = Introduction(id=id_, origin="proposed", voucher_id=voucher, sides=(a, b), made_at=at, vouched_at=at)
    if need:
        intro = replace(intro, need_id=need.id, why_her=need.looking_for, show_why_her=need.shown)
    if sides_blocked:
        intro = replace(intro, hidden_end=End("blocked", at), hidden_from=frozenset(intro.side_ids))
    return intro, _vouched(intro, at)


def vouch(
    intro: Introduction,
    by: UUID,
    words_for: Mapping[UUID, str],
    at: datetime,
    her: VoucherRecord,
    *,
    show_why_her: bool,
    last_spoke: SaidToHaveSpoken = UNSAID,
    suspended: Set[UUID] = NOBODY,
) -> Changed:
    """The voucher stands behind it, after declining as well, with her words for each side. `suspended` are those of the three who are."""
    check_takes_part(intro, by, {intro.voucher_id})
    if by in suspended:
        raise Suspended
    check_open(intro, at)
    if intro.vouched_at:
        raise NotNow
    if set(words_for) != set(intro.side_ids):
        raise WordsForBoth
    if obstacle := her.obstacle_to(intro, at):
        raise obstacle
    a, b = (replace(side, words=words_for[side.member_id], last_spoke=last_spoke.get(side.member_id)) for side in intro.sides)
    after = intro.changed(vouched_at=at, declined_at=None, reason=None, reminded_at=None, show_why_her=show_why_her, sides=(a, b))
    return after, _vouched(after, at)


def withdraw_vouch(intro: Introduction, by: UUID, at: datetime, *, reason: VouchersReason | None = None) -> Changed:
    """The voucher withdraws her vouch, which shows at once; why is hers alone to see."""
    check_takes_part(intro, by, {intro.voucher_id})
    if intro.shown_end and intro.shown_end.reason == "vouch_withdrawn":
        return intro, []
    check_open(intro, at)
    if not intro.vouched_at:
        raise NotNow
    after = intro.changed(shown_end=End("vouch_withdrawn", at), reason=reason)
    return after, [after.event(VouchWithdrawn, at, shown_at=at, not_for=not_for(after)), closed_event(after, at)]


def _vouched(intro: Introduction, at: datetime) -> list[Event]:
    if intro.hidden_from >= set(intro.side_ids):
        return []  # there is nobody to hear it
    return [vouched_event(intro, at, to=intro.side_ids[1:] if intro.need_id else None)]


def vouched_event(intro: Introduction, at: datetime, *, to: tuple[UUID, ...] | None = None) -> IntroductionVouched:
    """The event of its vouch, for `to` alone if they are given."""
    why_her = intro.why_her if intro.show_why_her else None
    return intro.event(IntroductionVouched, at, why_her=why_her, closes_at=intro.expires_at, to=to, **intro.certificate())
