"""The members service: photos."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from itertools import islice
from uuid import UUID

from services.web.clients.base import Client, does
from shared.contracts.http.members import photos


class Photos(Client):
    """Its routes."""

    async def show(self, picture: bytes, *, consent: int, key: str) -> None:
        """Show this picture as hers; `consent`: the version of the words by which she agreed."""
        await self.do(photos.SHOW_PHOTO, key, {"picture": b64encode(picture).decode(), "consent": consent})

    take_back = does(photos.TAKE_BACK_PHOTO)

    async def tags(self, member_ids: Iterable[UUID]) -> Mapping[UUID, str]:
        """Who of these shows a photo to the reader, with its tag."""
        asked = list(islice(member_ids, photos.MOST_TAGS))
        return (await self._read(photos.PHOTO_TAGS, body={"member_ids": asked})).tags

    async def photo(self, member_id: UUID) -> tuple[bytes, str]:
        """A WebP, and its tag."""
        found = await self._read(photos.PHOTO, member_id=member_id)
        return b64decode(found.picture), found.tag
