"""The members service: invitations, and asking to join."""

from uuid import UUID

from services.web.clients.base import Client, does, reads
from shared.contracts.http.members import groups
from shared.contracts.http.members import joining as api
from shared.contracts.http.members.joining import InvitationFrom, Invitations


class Joining(Client):
    """Its routes; `opened` shows the web's key in place of a member's token."""

    async def opened(self, token: str) -> InvitationFrom:
        """Who invites whoever holds the link with this end."""
        return await self._open(api.OPEN_INVITATION, InvitationFrom, {"invitation": token})

    async def invitations(self) -> Invitations:
        """Her own."""
        return await self._read(api.INVITATIONS)

    async def invite(self, *, key: str) -> UUID:
        """One more."""
        return await self._create(api.INVITE, key, {})

    async def invite_by_letter(self, email: str, language: str, *, key: str) -> UUID:
        """One more, which goes by email."""
        return await self._create(api.INVITE_BY_LETTER, key, {"email": email, "language": language})

    async def take_back(self, invitation_id: UUID, *, key: str) -> None:
        """It lets nobody in any more."""
        await self.do(api.TAKE_BACK, key, invitation_id=invitation_id)

    async def release(self, member_id: UUID, *, key: str) -> None:
        """She is that woman's sponsor no longer."""
        await self.do(api.RELEASE, key, member_id=member_id)

    request = reads(api.MY_JOIN_REQUEST)
    ask = does(api.ASK_TO_JOIN)
    recommend = does(api.RECOMMEND)
    requests = reads(api.JOIN_REQUESTS)
    answer = does(api.ANSWER_JOIN_REQUEST)
    group = reads(groups.MY_GROUP)
    take_back_group = does(groups.TAKE_BACK_GROUP)
