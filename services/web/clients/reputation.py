"""The reputation service: her own ledger, and what others may see."""

from uuid import UUID

from services.web.clients.base import Client, reads
from shared.contracts.http import reputation as api
from shared.contracts.http.reputation import ShownBand


class Reputation(Client):
    """Its routes."""

    ledger = reads(api.LEDGER)
    vouches = reads(api.VOUCHES)
    reference = reads(api.REFERENCE)
    circles = reads(api.CIRCLES)
    """For moderators alone."""

    async def band(self, member_id: UUID) -> ShownBand | None:
        """What may be said of a member's trust, if anything."""
        return (await self._read(api.BANDS, {"member_id": member_id})).bands.get(member_id)
