"""The rows of public notices; their words stand in `reports`."""

from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.public_notices.domain import PublicNotice
from services.members.safety.store import REPORTS_KEPT
from shared.clock import machine_now
from shared.paging import Paging
from shared.postgres.database import Pool, Tx

_NOTICE = "notice_id as id, about_id, concerns, language, given_at, address, reply, answered_at"


async def add(tx: Tx, notice: PublicNotice, address_key: str | None) -> None:
    """Keep a new one."""
    await tx.execute(
        "insert into public_notices (notice_id, about_id, concerns, language, given_at, address, address_key)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        notice.id,
        notice.about_id,
        notice.concerns,
        notice.language,
        notice.given_at,
        notice.address,
        address_key,
    )


async def find(tx: Tx, notice_id: UUID) -> PublicNotice | None:
    """That one, locked until the transaction ends."""
    row = await tx.fetchrow(f"select {_NOTICE} from public_notices where notice_id = $1 for update", notice_id)
    return None if row is None else PublicNotice(**row)


async def waiting(tx: Tx, paging: Paging) -> list[PublicNotice]:
    """Those without an answer, the oldest first."""
    rows = await tx.fetch(
        f"select {_NOTICE} from public_notices where answered_at is null and ($1::uuid is null or (given_at, notice_id) >"
        " (select given_at, notice_id from public_notices where notice_id = $1)) order by given_at, notice_id limit $2",
        paging.after,
        paging.fetch,
    )
    return [PublicNotice(**row) for row in rows]


async def answer(tx: Tx, notice: PublicNotice) -> None:
    """Keep its answer; the address goes."""
    await tx.execute(
        "update public_notices set reply = $2, answered_at = $3, address = null, address_key = null where notice_id = $1",
        notice.id,
        notice.reply,
        notice.answered_at,
    )


async def clean(pool: Pool) -> None:
    """Forget notices after two years; work for an hourly timer."""
    await pool.execute("delete from public_notices where stored_at < $1", machine_now() - REPORTS_KEPT)


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member goes what names her, and her address where she left it without saying that she is a member."""
    await tx.execute("update public_notices set about_id = null, concerns = '' where about_id = $1", member_id)
    keys = await accounts.address_keys_of(tx, member_id)
    await tx.execute("update public_notices set address = null, address_key = null where address_key = any($1::text[])", keys)
