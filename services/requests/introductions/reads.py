"""Loads what a reader may see of introductions; used by the routes here and by what waits for her."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.requests.introductions import queries
from services.requests.introductions.queries import Loaded, Tie
from services.requests.introductions.views import IntroductionView, WhereMet, is_there, view
from services.requests.introductions.vouching import Grounds
from shared.contracts.events.reputation import Band
from shared.postgres.database import Tx
from shared.problems import NotFound


@dataclass(frozen=True, slots=True)
class Voucher:
    """What bears on whether she may vouch, and how she knows the askers."""

    ties: dict[UUID, Tie] = field(default_factory=dict)
    open_vouches: int = 0
    band: Band = "new"

    def grounds(self, side_ids: Sequence[UUID]) -> Grounds:
        """Hers, for introducing these two."""
        closeness = [tie.closeness if (tie := self.ties.get(one)) else None for one in side_ids]
        return Grounds(closeness, self.open_vouches, self.band)


async def voucher(tx: Tx, voucher_id: UUID, side_ids: Sequence[UUID], at: datetime) -> Voucher:
    """What is known of her and these sides; while she vouches, `queries.lock_vouches` first."""
    held, band = await queries.open_vouches(tx, voucher_id, at)
    return Voucher(await queries.ties(tx, voucher_id, side_ids), held, band)


async def views(tx: Tx, reader: UUID, loaded: Sequence[Loaded], at: datetime) -> list[IntroductionView]:
    """Those that are there for the reader, as she may see them."""
    there = [one for one in loaded if is_there(one.intro, reader, one.cards, one.strangers)]
    asked = {side for one in there if one.intro.voucher_id == reader and one.intro.asker_id for side in one.intro.side_ids}
    her = await voucher(tx, reader, sorted(asked), at) if asked else Voucher()
    return [_view(one, reader, at, her) for one in there]


async def view_of(tx: Tx, reader: UUID, loaded: Loaded | None, at: datetime) -> IntroductionView:
    """One introduction as the reader may see it. Raises NotFound."""
    found = await views(tx, reader, [loaded] if loaded else [], at)
    if not found:
        raise NotFound
    return found[0]


async def waiting_for(tx: Tx, member_id: UUID, at: datetime) -> tuple[list[IntroductionView], list[IntroductionView]]:
    """What waits for her: introductions to vouch for or to confirm, and those whose outcome she may say before they settle."""
    hers = await views(tx, member_id, await queries.unfinished_of_member(tx, member_id), at)
    to_decide = [one for one in hers if {"decline", "confirm"} & set(one.actions)]
    outcomes = [one for one in hers if one.state == "confirmed" and "say_outcome" in one.actions]
    return to_decide, outcomes


def _view(one: Loaded, reader: UUID, at: datetime, her: Voucher) -> IntroductionView:
    intro = one.intro
    if reader != intro.voucher_id or not intro.asker_id:
        return view(intro, reader, at, one.cards, suspended=one.suspended)
    obstacle = her.grounds(intro.side_ids).obstacle(lost=bool(intro.gone_for))
    tie = her.ties.get(intro.asker_id)
    met = WhereMet(how_met=tie.how_met, where_we_met=tie.where_we_met) if tie else None
    return view(intro, reader, at, one.cards, suspended=one.suspended, obstacle=obstacle, met=met)
