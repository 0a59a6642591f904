"""The members service: whom she blocks, and what she tells moderators."""

from uuid import UUID

from services.web.clients.base import Client, Typed
from shared.contracts.http.base import Page
from shared.contracts.http.members import safety
from shared.contracts.http.members.safety import BlockView, MyReport


class Safety(Client):
    """Its routes for her safety."""

    async def blocks(self, after: UUID | None = None) -> Page[BlockView]:
        """Whom she blocks."""
        return await self._read(safety.BLOCKS, {"after": after})

    async def blocked(self, member_id: UUID) -> BlockView:
        """One of them."""
        return await self._read(safety.BLOCKED, member_id=member_id)

    async def block(self, member_id: UUID, *, key: str) -> None:
        """From now on the two don't exist for each other."""
        await self._do(safety.BLOCK, key, member_id=member_id)

    async def unblock(self, member_id: UUID, *, key: str) -> None:
        """Take it back."""
        await self._do(safety.UNBLOCK, key, member_id=member_id)

    async def report(self, member_id: UUID, report: Typed, *, key: str) -> UUID:
        """Tell moderators about her."""
        return await self._create(safety.REPORT, key, report, member_id=member_id)

    async def my_reports(self, after: UUID | None = None) -> Page[MyReport]:
        """What she told them."""
        return await self._read(safety.MY_REPORTS, {"after": after})

    async def my_report(self, report_id: UUID) -> MyReport:
        """How far one of these is."""
        return await self._read(safety.MY_REPORT, report_id=report_id)
