"""The members service: the community and its texts."""

from base64 import b64decode, b64encode

from services.web.clients.base import Client, does, reads
from shared.contracts.http.members import community as api
from shared.contracts.http.members.community import CommunityView, TextView
from shared.contracts.http.members.photos import PhotoView


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
        await self.do(api.AGREE, key, {"text": text, "version": version})

    async def logo(self) -> tuple[bytes, str]:
        """A WebP, and its tag."""
        found = await self._open(api.LOGO, PhotoView)
        return b64decode(found.picture), found.tag

    async def show_logo(self, picture: bytes, *, key: str) -> None:
        """Show this picture as its logo; empty, none."""
        await self.do(api.SHOW_LOGO, key, {"picture": b64encode(picture).decode() or None})

    settled = reads(api.STEWARD)
    settle = does(api.SETTLE)
    announce = does(api.ANNOUNCE)
    write_text = does(api.PUBLISH)
