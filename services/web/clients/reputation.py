"""The reputation service: her own ledger, what she contests of it, and what others may see."""

from uuid import UUID

from services.web.clients.base import Client, creates, does, reads
from shared.contracts.http import contests as of_lines
from shared.contracts.http import reputation as api
from shared.contracts.http.reputation import ShownBand


class Reputation(Client):
    """Its routes."""

    ledger = reads(api.LEDGER)
    vouches = reads(api.VOUCHES)
    reference = reads(api.REFERENCE)
    contest_line = creates(of_lines.CONTEST_LINE)
    my_contests = reads(of_lines.MY_CONTESTS)
    my_contest = reads(of_lines.MY_CONTEST)
    # For moderators alone.
    circles = reads(api.CIRCLES)
    contests = reads(of_lines.CONTESTS)
    contest = reads(of_lines.CONTEST)
    decide_contest = does(of_lines.DECIDE_CONTEST)

    async def band(self, member_id: UUID) -> ShownBand | None:
        """What may be said of a member's trust, if anything."""
        return (await self._read(api.BANDS, {"member_id": member_id})).bands.get(member_id)
