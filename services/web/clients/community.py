"""The members service: the community and its texts."""

from services.web.clients.base import Client
from shared.contracts.http.members import community as api
from shared.contracts.http.members.community import CommunityView


class Community(Client):
    """Its routes; the first shows the web's key in place of a member's token."""

    async def community(self) -> CommunityView:
        """What its steward settled."""
        return await self._open(api.COMMUNITY, CommunityView)
