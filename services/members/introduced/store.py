"""The rows of introduced pairs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.members import visibility
from shared.contracts.events.requests import IntroductionConfirmed
from shared.messaging.feature import Sections, found
from shared.postgres.database import Tx


async def add(tx: Tx, event: IntroductionConfirmed) -> None:
    """Keep who was introduced to whom, once."""
    await tx.execute(
        "insert into introduced (introduction_id, low_id, high_id, confirmed_at)"
        " values ($1, least($2::uuid, $3::uuid), greatest($2::uuid, $3::uuid), $4) on conflict do nothing",
        event.introduction_id,
        *event.side_ids,
        event.confirmed_at,
    )


async def introduced(tx: Tx, reader_id: UUID, member_id: UUID) -> bool:
    """Whether the two were introduced to each other, and she exists for the reader."""
    return bool(
        await tx.fetchval(
            "select exists (select from introduced where low_id = least($1::uuid, $2::uuid) and high_id = greatest($1::uuid, $2::uuid))"
            f" and {visibility.visible('$1', '$2')}",
            reader_id,
            member_id,
        )
    )


async def with_any(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Who was introduced to one of these."""
    rows = await tx.fetch("select low_id, high_id from introduced where low_id = any($1::uuid[]) or high_id = any($1::uuid[])", list(ids))
    return {member_id for row in rows for member_id in row.values()} - set(ids)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """To whom she was introduced, as far as they exist for her; their addresses are theirs."""
    other = "(case when low_id = $1 then high_id else low_id end)"
    return await found(
        tx,
        member_id,
        introduced=f'select profiles.name as "with", confirmed_at from introduced join profiles on profiles.member_id = {other}'
        f" where $1 in (low_id, high_id) and {visibility.visible('$1', other)} order by confirmed_at",
    )


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member was introduced to nobody."""
    await tx.execute("delete from introduced where $1 in (low_id, high_id)", member_id)
