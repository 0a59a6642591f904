"""The members service: invitations, and asking to join."""

from uuid import UUID

from services.web.clients.base import Client, creates, does, reads
from shared.contracts.http.members import groups
from shared.contracts.http.members import joining as api
from shared.contracts.http.members.joining import InvitationFrom


class Joining(Client):
    """Its routes; `opened` shows the web's key in place of a member's token."""

    async def opened(self, token: str) -> InvitationFrom:
        """Who invites whoever holds the link with this end."""
        return await self._open(api.OPEN_INVITATION, InvitationFrom, {"invitation": token})

    async def invite_by_letter(self, email: str, language: str, *, key: str) -> UUID:
        """One more, which goes by email."""
        return await self._create(api.INVITE_BY_LETTER, key, {"email": email, "language": language})

    invitations = reads(api.INVITATIONS)
    invite = creates(api.INVITE)
    take_back = does(api.TAKE_BACK)
    release = does(api.RELEASE)
    request = reads(api.MY_JOIN_REQUEST)
    ask = does(api.ASK_TO_JOIN)
    recommend = does(api.RECOMMEND)
    requests = reads(api.JOIN_REQUESTS)
    answer = does(api.ANSWER_JOIN_REQUEST)
    group = reads(groups.MY_GROUP)
    take_back_group = does(groups.TAKE_BACK_GROUP)
