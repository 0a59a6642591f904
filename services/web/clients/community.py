"""The members service: the community and its texts."""

from services.web.clients.base import Client, Typed
from shared.contracts.http.members import community as api
from shared.contracts.http.members.community import CommunityView, StewardView, TextView


class Community(Client):
    """Its routes; the first two show the web's key in place of a member's token."""

    async def community(self) -> CommunityView:
        """What its steward settled."""
        return await self._open(api.COMMUNITY, CommunityView)

    async def text(self, text: str, version: int | None = None) -> TextView:
        """A text of the steward's, the newest or in that version; without words it is the one that ships with the pages."""
        return await self._open(api.TEXT, TextView, {"text": text, "version": version})

    async def agree(self, text: str, version: str, *, key: str) -> None:
        """She agrees to a text in the version that she had before her."""
        await self._do(api.AGREE, key, {"text": text, "version": version})

    async def settled(self) -> StewardView:
        """What a steward settles, and the stewards' log."""
        return await self._read(api.STEWARD)

    async def settle(self, settled: Typed, *, key: str) -> None:
        """What the community is called, and who may join."""
        await self._do(api.SETTLE, key, settled)

    async def announce(self, announcement: Typed, *, key: str) -> None:
        """What members read on Today."""
        await self._do(api.ANNOUNCE, key, announcement)

    async def write_text(self, text: Typed, *, key: str) -> None:
        """A text in its next version."""
        await self._do(api.PUBLISH, key, text)
