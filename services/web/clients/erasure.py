"""The members service: leaving, and staying after all."""

from services.web.clients.base import Client
from shared.contracts.http.members import erasure


class Erasure(Client):
    """Its routes."""

    async def leave(self, language: str, *, key: str) -> None:
        """Her account ends in seven days, and her sessions now."""
        await self._do(erasure.LEAVE, key, {"language": language})

    async def keep(self, *, key: str) -> None:
        """It doesn't end."""
        await self._do(erasure.KEEP, key)
