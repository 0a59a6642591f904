"""Keeping the other as a connection, once it was worthwhile. Pure. Two yeses connect them; one tells the other nothing."""

from collections.abc import Set
from datetime import datetime
from uuid import UUID

from services.requests.introductions.domain.introduction import NOBODY, Changed, Introduction, check_confirmed
from services.requests.people.domain.connection import ConnectionSide
from shared.contracts.events.requests import SidesConnected
from shared.contracts.http.requests.connection_problems import AlreadyConnected
from shared.contracts.http.requests.connections import Closeness
from shared.contracts.http.requests.introduction_problems import NotNow, Suspended


def keep(
    intro: Introduction,
    by: UUID,
    closeness: Closeness,
    at: datetime,
    *,
    connected: bool = False,
    removed: bool = False,
    suspended: Set[UUID] = NOBODY,
) -> Changed:
    """A side would like to keep the other, whom she knows so well. `connected`: the two are already, in whatever way. `removed`: they
    were, and one of them removed that since: an older yes doesn't connect them anew.

    If the other has said so too, they are connected from now on, and whoever said it first is told.
    """
    check_confirmed(intro, by, at)
    if by in suspended:
        raise Suspended
    if intro.side(by).keeps == closeness:
        return intro, []
    if connected:
        raise AlreadyConnected
    if removed or not _found_it_worthwhile(intro, by):
        raise NotNow
    after, other = intro.changed(sides=intro.with_side(by, keeps=closeness)), intro.other_side(by)
    if not other.keeps:
        return after, []
    told = SidesConnected(
        aggregate_id=intro.id,
        aggregate_version=after.version,
        occurred_at=at,
        voucher_id=intro.voucher_id,
        side_ids=intro.side_ids,
        told_id=other.member_id,
    )
    return after, [told]


def let_go(intro: Introduction, by: UUID, at: datetime) -> Changed:
    """She would rather not, after all; until the other has said so too nobody knows."""
    check_confirmed(intro, by, at)
    if not intro.side(by).keeps:
        return intro, []
    if intro.other_side(by).keeps:
        raise AlreadyConnected
    return intro.changed(sides=intro.with_side(by, keeps=None)), []


def may_keep(intro: Introduction, by: UUID) -> bool:
    """Whether that is still hers to say; that the two aren't connected in another way is asked elsewhere."""
    return intro.confirmed_at is not None and by in intro.side_ids and _found_it_worthwhile(intro, by) and not intro.side(by).keeps


def may_let_go(intro: Introduction, by: UUID) -> bool:
    """Whether she has said it, and the other hasn't."""
    return by in intro.side_ids and intro.side(by).keeps is not None and intro.other_side(by).keeps is None


def connection(intro: Introduction, since: datetime) -> tuple[ConnectionSide, ...]:
    """Both sides of the connection, with the introduction as its provenance."""
    sides = [(side, intro.other_side(side.member_id).member_id) for side in intro.sides]
    return tuple(
        ConnectionSide(side.member_id, other_id, side.keeps or "met", since, "through_someone", "", None, introduction_id=intro.id)
        for side, other_id in sides
    )


def _found_it_worthwhile(intro: Introduction, by: UUID) -> bool:
    outcome = intro.side(by).outcome
    return outcome is not None and outcome.answer == "worthwhile"
