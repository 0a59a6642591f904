"""The members service: her addresses."""

from services.web.clients.base import Client, does, reads
from shared.contracts.http.members import addresses
from shared.contracts.http.members.addresses import ChangeView


class Addresses(Client):
    """Its routes; the last two show the web's key in place of a member's token."""

    mine = reads(addresses.ADDRESSES)
    name = does(addresses.NAME_ADDRESS)
    pass_on_first = does(addresses.PASS_ON_FIRST)

    async def confirm(self, code: str, *, key: str) -> None:
        """It is hers."""
        await self.do(addresses.CONFIRM_ADDRESS, key, {"code": code})

    async def change(self, token: str) -> ChangeView:
        """What the link in a letter undoes."""
        return await self._open(addresses.OPEN_CHANGE, ChangeView, {"token": token})

    async def undo(self, token: str) -> None:
        """Undo it."""
        await self._service.call(addresses.UNDO_CHANGE, {}, body={"token": token})
