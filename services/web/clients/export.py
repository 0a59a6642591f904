"""Her data: asking for it, and taking it."""

from services.web.clients.base import Client, creates, reads
from shared.contracts.http.members import export
from shared.contracts.http.members.export import ExportView


class Export(Client):
    """The members service's routes of it."""

    async def mine(self) -> ExportView | None:
        """The export that is good now."""
        return (await self._read(export.MY_EXPORT)).export

    ask = creates(export.ASK_EXPORT)
    take = reads(export.EXPORT)
