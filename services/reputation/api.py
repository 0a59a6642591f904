"""A member's own ledger, and the bands that others may see."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.reputation import evidence, members, queries, trust
from services.reputation.members import Card
from services.reputation.queries import Vouch
from shared import clock
from shared.http.app import Pool_
from shared.http.tokens import CurrentMember
from shared.postgres.database import Tx

MOST_BANDS = 100


class LineOut(BaseModel):
    kind: trust.LineKind
    points: float
    fades_by_half_at: datetime | None


class WentWell(BaseModel):
    introduction_id: UUID
    confirmed_at: datetime
    revealed_at: datetime


class VouchOut(BaseModel):
    """`sides` has the cards of those who are still here."""

    introduction_id: UUID
    confirmed_at: datetime
    sides: list[Card]
    state: Literal["given", "went_well"]


class Ledger(BaseModel):
    """What a member sees of her trust. `evidence` is what stands behind the score, for and against."""

    score: float
    band: trust.Band
    evidence: float
    lines: list[LineOut]
    went_well: list[WentWell]
    vouches: list[VouchOut]


class Bands(BaseModel):
    bands: dict[UUID, Literal["building", "established"] | None]


def router(lives: trust.HalfLives) -> APIRouter:
    """The service's routes, with evidence that fades by these half-lives."""
    routes = APIRouter(prefix="/v1")

    @routes.get("/me/ledger")
    async def my_ledger(member_id: CurrentMember, pool: Pool_) -> Ledger:
        async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read", readonly=True):
            return await _ledger(tx, member_id, clock.now(), lives)

    @routes.get("/bands")
    async def bands(_: CurrentMember, pool: Pool_, member_id: Annotated[list[UUID], Query(min_length=1, max_length=MOST_BANDS)]) -> Bands:
        async with pool.acquire() as tx:
            found = await queries.bands_of(tx, member_id)
        return Bands(bands={one: _shown(found.get(one)) for one in member_id})

    return routes


def _shown(band: trust.Band | None) -> Literal["building", "established"] | None:
    """What others see of a band: mixed and new are nothing."""
    return band if band in ("building", "established") else None


async def _ledger(tx: Tx, member_id: UUID, now: datetime, lives: trust.HalfLives) -> Ledger:
    sums = (await queries.sums_of(tx, [member_id]))[member_id]
    account = (await queries.accounts(tx, [member_id])).get(member_id)
    vouches = await queries.vouches_of(tx, member_id)
    well = evidence.went_well(await queries.said_of(tx, member_id))
    cards = await members.cards(tx, {side for vouch in vouches for side in vouch.side_ids})
    weights = trust.weigh(sums, now, lives)
    return Ledger(
        score=trust.score(weights),
        band=account.band if account else "new",
        evidence=sum(trust.p_and_q(weights)),
        lines=[LineOut(**line._asdict()) for line in trust.explain(sums, now, lives)],
        went_well=[WentWell(introduction_id=one, confirmed_at=confirmed, revealed_at=at) for one, (confirmed, at) in _newest_first(well)],
        vouches=[_vouch(vouch, cards, well) for vouch in vouches],
    )


def _newest_first(well: dict[UUID, tuple[datetime, datetime]]) -> list[tuple[UUID, tuple[datetime, datetime]]]:
    return sorted(well.items(), key=lambda one: one[1][1], reverse=True)


def _vouch(vouch: Vouch, cards: dict[UUID, Card], well: dict[UUID, tuple[datetime, datetime]]) -> VouchOut:
    return VouchOut(
        introduction_id=vouch.introduction_id,
        confirmed_at=vouch.confirmed_at,
        sides=[cards[side] for side in vouch.side_ids if side in cards],
        state="went_well" if vouch.introduction_id in well else "given",
    )
