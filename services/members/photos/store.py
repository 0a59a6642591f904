"""The rows of photos: one is there as long as her consent is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members import visibility
from shared.messaging.feature import Sections, found
from shared.postgres.database import Tx


@dataclass(frozen=True)
class Photo:
    """The picture as it is shown, a tag that changes with it, and by which words and since when she wants it shown."""

    picture: bytes
    tag: str
    consent: int
    consented_at: datetime


async def keep(tx: Tx, member_id: UUID, photo: Photo) -> None:
    """In place of the one before, of which nothing stays."""
    await delete(tx, member_id)
    await tx.execute(
        "insert into photos (member_id, picture, tag, consent, consented_at) values ($1, $2, $3, $4, $5)",
        member_id,
        photo.picture,
        photo.tag,
        photo.consent,
        photo.consented_at,
    )


async def delete(tx: Tx, member_id: UUID) -> None:
    """She takes her consent back."""
    await tx.execute("delete from photos where member_id = $1", member_id)


async def find(tx: Tx, reader_id: UUID, member_id: UUID) -> Photo | None:
    """Her photo; None if she shows none, or doesn't exist for the reader."""
    row = await tx.fetchrow(
        f"select picture, tag, consent, consented_at from photos where member_id = $2 and {visibility.visible('$1', '$2')}",
        reader_id,
        member_id,
    )
    return None if row is None else Photo(**row)


async def tag(tx: Tx, member_id: UUID) -> str:
    """The tag of her photo, empty if she shows none; whoever asks knows for whom she exists."""
    return await tx.fetchval("select tag from photos where member_id = $1", member_id) or ""


async def tags(tx: Tx, reader_id: UUID, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The tags of those among `ids` who show a photo and exist for the reader."""
    shown = visibility.visible("$1", "photos.member_id")
    rows = await tx.fetch(f"select member_id, tag from photos where member_id = any($2::uuid[]) and {shown}", reader_id, list(ids))
    return {row["member_id"]: row["tag"] for row in rows}


async def consent(tx: Tx, member_id: UUID) -> tuple[int, datetime] | None:
    """By which words and since when her photo is shown; None if it isn't."""
    row = await tx.fetchrow("select consent, consented_at from photos where member_id = $1", member_id)
    return (row["consent"], row["consented_at"]) if row else None


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her photo, in base64."""
    columns = "encode(picture, 'base64') as webp_in_base64, consent, consented_at"
    return await found(tx, member_id, photo=f"select {columns} from photos where member_id = $1")


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member has no photo any more."""
    await delete(tx, member_id)
