"""Finding somebody."""

from fastapi import APIRouter, Depends

from services.members.directory import commands, views
from services.members.profiles import store as profiles
from services.members.visibility import takes_part
from shared.contracts.http.members.directory import FIND, FindBody, Found
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter(dependencies=[Depends(takes_part)])


@serve(router, FIND)
async def find(body: FindBody, me: CurrentMember, pool: Pool_) -> Found:
    """Members who allow being found and whom the words fit, the nearest first.

    Raises ProfileNeeded if the reader hasn't joined, TooManySearches.
    """
    if not await profiles.joined(pool, me):
        raise ProfileNeeded
    await commands.count(pool, me)
    async with transaction(pool) as tx:
        return Found(members=await views.find(tx, me, body.sought))
