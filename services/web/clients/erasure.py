"""The members service: leaving, and staying after all."""

from services.web.clients.base import Client, does
from shared.contracts.http.members import erasure


class Erasure(Client):
    """Its routes."""

    keep = does(erasure.KEEP)

    async def leave(self, language: str, *, key: str) -> None:
        """Her account ends in seven days, and her sessions now."""
        await self.do(erasure.LEAVE, key, {"language": language})
