"""The members service: notices by whoever needn't be a member."""

from uuid import UUID

from services.web.clients.base import Client, Typed
from shared.contracts.http.base import Page
from shared.contracts.http.members import public_notices as api
from shared.contracts.http.members.public_notices import PublicNoticeRow, PublicNoticeView, Receipt, ReceiptView


class PublicNotices(Client):
    """Its routes: the first two show the web's key in place of a member's token, the others are for moderators."""

    async def give(self, notice: Typed) -> str:
        """The end of the link to the receipt."""
        return (await self._open(api.GIVE_NOTICE, Receipt, notice)).token

    async def receipt(self, token: str) -> ReceiptView:
        """How far it is."""
        return await self._open(api.READ_RECEIPT, ReceiptView, {"token": token})

    async def waiting(self, after: UUID | None = None) -> Page[PublicNoticeRow]:
        """What has no answer yet."""
        return await self._read(api.PUBLIC_NOTICES, {"after": after})

    async def notice(self, notice_id: UUID) -> PublicNoticeView:
        """One, which is logged."""
        return await self._read(api.PUBLIC_NOTICE, public_notice_id=notice_id)

    async def reply(self, notice_id: UUID, reply: str, *, key: str) -> None:
        """Answer it."""
        await self.do(api.REPLY, key, {"reply": reply}, public_notice_id=notice_id)
