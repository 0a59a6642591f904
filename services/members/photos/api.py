"""My photo, and other members'."""

import asyncio
from base64 import b64encode
from uuid import UUID

from fastapi import APIRouter, Depends

from services.members.photos import commands, pictures, store
from services.members.photos.commands import ShowPhoto, TakeBackPhoto
from services.members.profiles import store as profiles
from services.members.sessions.api import Policy
from services.members.visibility import has_account, takes_part
from shared.contracts.http.members.photos import PHOTO, PHOTO_TAGS, SHOW_PHOTO, TAKE_BACK_PHOTO, PhotoBody, PhotosBody, PhotoTags, PhotoView
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.http.commands import Run, runs
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction
from shared.postgres.together import LATER, together
from shared.problems import NotFound

router = APIRouter(dependencies=[Depends(takes_part)])
taking_back = APIRouter(dependencies=[Depends(has_account)])
"""Open to a suspended member, and to one in her last days: a consent can always be taken back."""
routers = (router, taking_back)
AT_ONCE = asyncio.Semaphore(1)
"""Pictures that are decoded at the same time: each takes a core, and the memory that there is."""


@serve(router, SHOW_PHOTO)
async def show_photo(body: PhotoBody, me: CurrentMember, run: Run, pool: Pool_, policy: Policy) -> None:
    """The photo takes the place of the one before, with her consent to show it. Raises NotAPhoto, ProfileNeeded, TooManyPhotos."""
    await commands.count(pool, me, policy.code_key)
    async with AT_ONCE:
        picture = await asyncio.to_thread(pictures.kept, body.picture)
    await run(ShowPhoto(b64encode(picture).decode(), body.consent))


runs(taking_back, TAKE_BACK_PHOTO, TakeBackPhoto)


@serve(router, PHOTO_TAGS)
async def who_shows_one(body: PhotosBody, me: CurrentMember, pool: Pool_) -> PhotoTags:
    """Raises ProfileNeeded if the reader hasn't joined."""
    async with transaction(pool) as tx:
        reader_joined, tags = await together(tx, profiles.joined(LATER, me), store.tags(LATER, me, body.member_ids))
    if not reader_joined:
        raise ProfileNeeded
    return PhotoTags(tags=tags)


@serve(router, PHOTO)
async def read_photo(member_id: UUID, me: CurrentMember, pool: Pool_) -> PhotoView:
    """Raises ProfileNeeded if the reader hasn't joined; NotFound if she shows none, or there is no such member for the reader."""
    async with transaction(pool) as tx:
        reader_joined, photo = await together(tx, profiles.joined(LATER, me), store.find(LATER, me, member_id))
    if not reader_joined:
        raise ProfileNeeded
    if photo is None:
        raise NotFound
    return PhotoView(picture=b64encode(photo.picture).decode(), tag=photo.tag)
