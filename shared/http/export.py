"""What a service keeps of a member, by its features: read when she takes it, and kept nowhere."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic_core import to_jsonable_python

from shared.contracts.http.export import EXPORT_PART, PartView
from shared.http.routing import Pool_, serve
from shared.http.tokens import Fresh
from shared.messaging.feature import Feature
from shared.postgres.database import Pool

router = APIRouter()


@serve(router, EXPORT_PART)
async def part(request: Request, me: Fresh, pool: Pool_) -> PartView:
    return PartView(sections=await sections_of(pool, request.app.state.features, me))


async def sections_of(pool: Pool, features: Iterable[Feature], member_id: UUID) -> dict[str, Any]:
    """Everything that the features export of her, of one moment. Raises ValueError if two have a section of one name."""
    found: dict[str, Any] = {}
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read", readonly=True):
        for feature in features:
            more = await feature.export(tx, member_id) if feature.export else {}
            if twice := found.keys() & more.keys():
                raise ValueError(f"two features export {', '.join(sorted(twice))}")
            found |= more
    return dict(to_jsonable_python(found))
