"""Her own ledger: the score as lines that add up, the introductions she vouched for, and why she withdrew a vouch."""

import asyncio
from collections.abc import Sequence
from math import floor
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.visitors import Member

router = APIRouter()


@router.get("/ledger")
async def mine(visit: Member, after: UUID | None = None) -> Response:
    """Hers alone; no rank, no count."""
    ledger, vouches, reference, contests, withdrawn = await asyncio.gather(
        visit.reputation.ledger(),
        visit.reputation.vouches(after=after),
        visit.found(visit.reputation.reference()),
        visit.found(visit.reputation.my_contests()),
        visit.part(visit.requests.withdrawn_vouches()),
    )
    shown = [line for line in ledger.lines if line.points]
    lines = list(zip(shown, in_hundredths([line.points for line in shown], ledger.score), strict=True))
    return visit.page(
        "ledger.html",
        ledger=ledger,
        lines=lines,
        total=round(ledger.score * 100),
        vouches=vouches,
        reference=reference,
        withdrawn=withdrawn,
        contests=contests.items if contests else [],
        contested={one.line: one.id for one in contests.items if one.decided_at is None} if contests else {},
    )


def in_hundredths(points: Sequence[float], score: float) -> list[int]:
    """The points as whole hundredths that add up to the rounded score: what is left goes to those rounded down most."""
    parts = [floor(value * 100) for value in points]
    left = round(score * 100) - sum(parts)
    by_loss = sorted(range(len(parts)), key=lambda place: parts[place] - points[place] * 100)
    for place in by_loss[: max(left, 0)]:
        parts[place] += 1
    return parts
