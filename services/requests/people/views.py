"""What a reader may see of her connections; every answer about them is made here."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.requests import visibility
from services.requests.introductions import store as introductions
from services.requests.people import store
from services.requests.people.domain.connection import ConnectionSide
from shared.contracts.http.base import Card, Page
from shared.contracts.http.requests.people import ConnectionView
from shared.messaging import member_copy
from shared.paging import Paging
from shared.postgres.database import Tx
from shared.problems import NotFound


async def connection(tx: Tx, reader_id: UUID, member_id: UUID) -> ConnectionView:
    """Her connection with that member. Raises NotFound."""
    side = await store.side(tx, reader_id, member_id)
    shown = await _connections(tx, reader_id, [side] if side else [])
    if not shown:
        raise NotFound
    return shown[0]


async def connections(tx: Tx, reader_id: UUID, paging: Paging) -> Page[ConnectionView]:
    """Her connections with members who exist for her, newest first."""
    shown, after = paging.cut(await store.sides(tx, reader_id, paging), lambda side: side.other_id)
    return Page(items=await _connections(tx, reader_id, shown), next=after)


async def tidy(tx: Tx, reader_id: UUID, at: datetime) -> Page[ConnectionView]:
    """A few that have gone quiet; when she has said of these what is to become of them, others may come."""
    return Page(items=await _connections(tx, reader_id, await store.quiet(tx, reader_id, at)))


async def _connections(tx: Tx, reader_id: UUID, sides: Sequence[ConnectionSide]) -> list[ConnectionView]:
    cards = await member_copy.cards(tx, [side.other_id for side in sides])
    by = await introductions.vouchers(tx, [side.introduction_id for side in sides if side.introduction_id])
    here = await visibility.seen(tx, reader_id, by.values())
    introduced = {introduction_id: here.get(voucher_id) for introduction_id, voucher_id in by.items()}
    return [
        connection_view(side, cards[side.other_id], introduced.get(side.introduction_id) if side.introduction_id else None)
        for side in sides
        if side.other_id in cards
    ]


def connection_view(side: ConnectionSide, card: Card, introduced_by: Card | None = None) -> ConnectionView:
    """Her side of a connection with the member of `card`."""
    return ConnectionView(
        member=card,
        closeness=side.closeness,
        since=side.since,
        how_met=side.how_met,
        where_we_met=side.where_we_met,
        met_at=side.met_at,
        last_spoke=side.last_spoke,
        last_spoke_at=side.last_spoke_at,
        open_to_asks=side.open_to_asks,
        introduction_id=side.introduction_id,
        introduced_by=introduced_by,
    )
