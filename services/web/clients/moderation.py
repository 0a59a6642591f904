"""The members service: cases for moderators, and what was decided about her."""

from uuid import UUID

from services.web.clients.base import Client, does, reads
from shared.contracts.http.members import moderation as api
from shared.contracts.http.members.moderation import Transparency


class Moderation(Client):
    """Its routes; the first ones are there for moderators and stewards alone."""

    cases = reads(api.CASES)
    case = reads(api.CASE)
    take = does(api.TAKE)
    decide = does(api.DECIDE)
    log = reads(api.LOG)
    notices = reads(api.NOTICES)
    notice = reads(api.NOTICE)
    acknowledge = does(api.ACKNOWLEDGE)

    async def hand_over(self, case_id: UUID, to: str, *, key: str) -> None:
        """To another, or to whoever takes it."""
        await self.do(api.HAND_OVER, key, {"to": to or None}, case_id=case_id)

    async def add_note(self, case_id: UUID, note: str, *, key: str) -> None:
        """For moderators alone."""
        await self.do(api.ADD_NOTE, key, {"note": note}, case_id=case_id)

    async def transparency(self) -> Transparency:
        """Sums, for everyone."""
        return await self._open(api.TRANSPARENCY, Transparency)

    async def appeal(self, notice_id: UUID, words: str, *, key: str) -> None:
        """She says what speaks against it."""
        await self.do(api.APPEAL, key, {"appeal": words}, notice_id=notice_id)
