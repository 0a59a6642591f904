"""Her data: asking for it, and taking it."""

from uuid import UUID

from services.web.clients.base import Client
from shared.contracts.http.members import export
from shared.contracts.http.members.export import DocumentView, ExportView


class Export(Client):
    """The members service's routes of it."""

    async def mine(self) -> ExportView | None:
        """The export that is good now."""
        return (await self._read(export.MY_EXPORT)).export

    async def ask(self, *, key: str) -> None:
        """Ask for one."""
        await self._create(export.ASK_EXPORT, key, {})

    async def take(self, export_id: UUID) -> DocumentView:
        """What is in it, as of now."""
        return await self._read(export.EXPORT, export_id=export_id)
