"""The members service: finding somebody."""

from services.web.clients.base import Client
from shared.contracts.http.base import Card
from shared.contracts.http.members import directory


class Directory(Client):
    """Its one route."""

    async def find(self, sought: str) -> list[Card]:
        """The nearest first; it counts as one of her searches of the hour."""
        return (await self._read(directory.FIND, body={"sought": sought})).members
