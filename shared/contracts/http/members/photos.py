"""Her photo: hers to show, by a consent of its own, and gone with it."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Base64Bytes, Field

from shared.contracts.http.base import Answer, Body, CommandRoute, QueryRoute
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.contracts.lengths import Word
from shared.problems import NotFound, Problem

CONSENT: Final = 1
"""The version of the words by which she agrees that it is shown: another one when they change."""
MOST_BYTES = 5 * 1024 * 1024
"""Of a picture that is sent."""
PHOTOS_A_DAY = 20
AS_TEXT = MOST_BYTES * 4 // 3 + 4
MOST_TAGS = 200
"""At a time; the longest page has fewer members."""
LARGEST_SENT = AS_TEXT + 1024
"""Of the body around it."""


class PhotoBody(Body):
    """A JPEG, PNG or WebP of 5 MB at most. `consent`: she wants it shown to whoever may open her page; the version of these words."""

    picture: Annotated[Base64Bytes, Field(max_length=AS_TEXT)]
    consent: Annotated[int, Field(strict=True, ge=CONSENT, le=CONSENT)]


class PhotoView(Answer):
    """A WebP, in base64; `tag` is another with every other picture."""

    picture: Annotated[str, Field(max_length=400_000)]
    tag: Word


class PhotosBody(Body):
    """Members of whom a page is about to tell."""

    member_ids: Annotated[list[UUID], Field(max_length=MOST_TAGS)]


class PhotoTags(Answer):
    """The tags of those who show a photo to the reader, and of nobody else."""

    tags: dict[UUID, Word] = Field(max_length=MOST_TAGS)


class NotAPhoto(Problem, status=422, sentence="We can't read this picture. Please choose a JPEG, PNG or WebP."):
    """Another format, broken, moving, too small or of too many pixels."""


class TooManyPhotos(Problem, sentence="You have sent twenty pictures today. Please go on tomorrow."):
    """20 within 24 hours, those that couldn't be read too."""


SHOW_PHOTO = CommandRoute(method="PUT", path="/v1/me/photo", body=PhotoBody, problems=(NotAPhoto, ProfileNeeded, TooManyPhotos))
TAKE_BACK_PHOTO = CommandRoute(path="/v1/me/photo/taken-back")
PHOTO_TAGS = QueryRoute(path="/v1/photos", body=PhotosBody, answer=PhotoTags, problems=(ProfileNeeded,))
PHOTO = QueryRoute(path="/v1/profiles/{member_id}/photo", answer=PhotoView, problems=(ProfileNeeded, NotFound))
