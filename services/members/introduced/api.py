"""The address of a woman to whom the reader was introduced."""

from uuid import UUID

from fastapi import APIRouter, Depends

from services.members.accounts import store as accounts
from services.members.introduced import store
from services.members.visibility import takes_part
from shared.contracts.http.members.profiles import INTRODUCED, Introduced
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction
from shared.problems import NotFound

router = APIRouter(dependencies=[Depends(takes_part)])


@serve(router, INTRODUCED)
async def read_address(member_id: UUID, me: CurrentMember, pool: Pool_) -> Introduced:
    """Raises NotFound unless the two were introduced to each other and exist for each other."""
    async with transaction(pool) as tx:
        # Decided first: for whomever it isn't, no statement reads an address.
        address = await accounts.passed_on_of(tx, member_id) if await store.introduced(tx, me, member_id) else None
    if address is None:
        raise NotFound
    return Introduced(address=address)
