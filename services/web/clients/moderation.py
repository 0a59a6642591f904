"""The members service: cases for moderators, and what was decided about her."""

from uuid import UUID

from services.web.clients.base import Client, Typed
from shared.contracts.http.base import Page
from shared.contracts.http.members import moderation as api
from shared.contracts.http.members.moderation import CaseRow, CaseView, DecisionView, LogView, Transparency


class Moderation(Client):
    """Its routes; the first ones are there for moderators and stewards alone."""

    async def cases(self, after: UUID | None = None) -> Page[CaseRow]:
        """What waits for a moderator."""
        return await self._read(api.CASES, {"after": after})

    async def case(self, case_id: UUID) -> CaseView:
        """A case with what was reported, which is logged."""
        return await self._read(api.CASE, case_id=case_id)

    async def take(self, case_id: UUID, *, key: str) -> None:
        """Work on it."""
        await self._do(api.TAKE, key, case_id=case_id)

    async def hand_over(self, case_id: UUID, to: str, *, key: str) -> None:
        """To another, or to whoever takes it."""
        await self._do(api.HAND_OVER, key, {"to": to or None}, case_id=case_id)

    async def add_note(self, case_id: UUID, note: str, *, key: str) -> None:
        """For moderators alone."""
        await self._do(api.ADD_NOTE, key, {"note": note}, case_id=case_id)

    async def decide(self, case_id: UUID, decision: Typed, *, key: str) -> None:
        """With its reasons."""
        await self._do(api.DECIDE, key, decision, case_id=case_id)

    async def log(self, before: int | None = None) -> LogView:
        """Who did what."""
        return await self._read(api.LOG, {"before": before})

    async def transparency(self) -> Transparency:
        """Sums, for everyone."""
        return await self._open(api.TRANSPARENCY, Transparency)

    async def notices(self) -> Page[DecisionView]:
        """What was decided about her."""
        return await self._read(api.NOTICES)

    async def notice(self, notice_id: UUID) -> DecisionView:
        """One of these."""
        return await self._read(api.NOTICE, notice_id=notice_id)

    async def acknowledge(self, notice_id: UUID, *, key: str) -> None:
        """She has read it."""
        await self._do(api.ACKNOWLEDGE, key, notice_id=notice_id)

    async def appeal(self, notice_id: UUID, words: str, *, key: str) -> None:
        """She says what speaks against it."""
        await self._do(api.APPEAL, key, {"appeal": words}, notice_id=notice_id)
