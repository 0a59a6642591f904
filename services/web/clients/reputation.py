"""The reputation service: her own ledger, and what others may see."""

from uuid import UUID

from services.web.clients.base import Client
from shared.contracts.http import reputation as api
from shared.contracts.http.base import Page
from shared.contracts.http.reputation import LedgerView, ShownBand, VouchView


class Reputation(Client):
    """Its routes."""

    async def ledger(self) -> LedgerView:
        """Her score, and what it is made of."""
        return await self._read(api.LEDGER)

    async def vouches(self, after: UUID | None = None) -> Page[VouchView]:
        """The confirmed introductions she vouched for."""
        return await self._read(api.VOUCHES, {"after": after})

    async def band(self, member_id: UUID) -> ShownBand | None:
        """What may be said of a member's trust, if anything."""
        return (await self._read(api.BANDS, {"member_id": member_id})).bands.get(member_id)
