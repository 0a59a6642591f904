"""The members service: notices by whoever needn't be a member."""

from uuid import UUID

from services.web.clients.base import Client, Typed, reads
from shared.contracts.http.members import public_notices as api
from shared.contracts.http.members.public_notices import Receipt, ReceiptView


class PublicNotices(Client):
    """Its routes: the first two show the web's key in place of a member's token, the others are for moderators."""

    async def give(self, notice: Typed) -> str:
        """The end of the link to the receipt."""
        return (await self._open(api.GIVE_NOTICE, Receipt, notice)).token

    async def receipt(self, token: str) -> ReceiptView:
        """How far it is."""
        return await self._open(api.READ_RECEIPT, ReceiptView, {"token": token})

    waiting = reads(api.PUBLIC_NOTICES)
    notice = reads(api.PUBLIC_NOTICE)

    async def reply(self, notice_id: UUID, reply: str, *, key: str) -> None:
        """Answer it."""
        await self.do(api.REPLY, key, {"reply": reply}, public_notice_id=notice_id)
