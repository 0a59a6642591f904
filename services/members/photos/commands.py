"""Showing a photo, and taking it back."""

import hashlib
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.photos import store
from services.members.profiles import store as profiles
from services.members.sessions import store as counts
from services.members.sessions.domain.hashes import keyed
from services.members.sessions.domain.limits import PHOTOS
from shared.clock import machine_now
from shared.contracts.events.base import Event
from shared.contracts.http.members.photos import TooManyPhotos
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.postgres.database import Pool, Tx, transaction
from shared.problems import NotSignedIn


async def count(pool: Pool, me: UUID, code_key: str) -> None:
    """One more picture that she sends, whatever comes of it; before it is decoded, which takes a core. Raises TooManyPhotos."""
    async with transaction(pool) as tx:
        if not await counts.within(tx, {keyed(code_key, PHOTOS.name, str(me)): PHOTOS}, machine_now()):
            raise TooManyPhotos


async def _herself(tx: Tx, me: UUID) -> UUID:
    if await accounts.lock(tx, me) is None:
        raise NotSignedIn
    return me


@dataclass(frozen=True)
class ShowPhoto:
    """From now on this picture, in base64, is shown to whoever may open her page, by her consent to these words."""

    picture: str
    consent: int

    async def load(self, tx: Tx, me: UUID) -> UUID:
        """Raises NotSignedIn if her account is gone, ProfileNeeded."""
        if not await profiles.joined(tx, await _herself(tx, me)):
            raise ProfileNeeded
        return me

    def decide(self, loaded: UUID, me: UUID, at: datetime) -> tuple[store.Photo, list[Event]]:
        picture = b64decode(self.picture)
        return store.Photo(picture, hashlib.sha256(picture).hexdigest()[:16], self.consent, at), []

    async def save(self, tx: Tx, loaded: UUID, row: store.Photo) -> None:
        await store.keep(tx, loaded, row)


@dataclass(frozen=True)
class TakeBackPhoto:
    """The consent ends, and the photo with it."""

    async def load(self, tx: Tx, me: UUID) -> UUID:
        return await _herself(tx, me)

    def decide(self, loaded: UUID, me: UUID, at: datetime) -> tuple[None, list[Event]]:
        return None, []

    async def save(self, tx: Tx, loaded: UUID, row: None) -> None:
        await store.delete(tx, loaded)
