"""The rows of requests to join."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import datetime
from uuid import UUID

from services.members.joining.domain import JoinRequest
from shared.messaging.feature import Sections, found
from shared.paging import Paging
from shared.postgres.database import Tx

_FIELDS = [field.name for field in fields(JoinRequest)][1:]
_ROW = ", ".join(("request_id", *_FIELDS))


async def _some(tx: Tx, where: str, *values: object) -> list[JoinRequest]:
    return [JoinRequest(*row.values()) for row in await tx.fetch(f"select {_ROW} from join_requests where {where}", *values)]


async def lock(tx: Tx, request_id: UUID) -> JoinRequest | None:
    """The request, locked until the transaction ends; None if there is none."""
    return next(iter(await _some(tx, "request_id = $1 for update", request_id)), None)


async def of(tx: Tx, member_id: UUID) -> JoinRequest | None:
    """Hers; None if she has none."""
    return next(iter(await _some(tx, "member_id = $1", member_id)), None)


async def for_recommender(tx: Tx, member_id: UUID) -> Sequence[JoinRequest]:
    """Those that wait for an answer and name her, the earliest first."""
    return await _some(tx, "recommender_id = $1 and answered_at is null order by asked_at, request_id limit 100", member_id)


async def waiting(tx: Tx, paging: Paging) -> list[JoinRequest]:
    """Those that wait for an answer, the earliest first."""
    after = "(asked_at, request_id) > (select asked_at, request_id from join_requests where request_id = $1)"
    where = f"answered_at is null and ($1::uuid is null or {after}) order by asked_at, request_id limit $2"
    return await _some(tx, where, paging.after, paging.fetch)


async def lock_due(tx: Tx, at: datetime, limit: int, skip: int) -> list[JoinRequest]:
    """Those whose time has come, the earliest first, locked."""
    return await _some(tx, "due_at <= $1 order by due_at, request_id limit $2 offset $3 for update skip locked", at, limit, skip)


async def save(tx: Tx, request: JoinRequest) -> None:
    """Keep it as it is now."""
    values = ", ".join(f"${number}" for number in range(1, len(_FIELDS) + 2))
    changed = ", ".join(f"{name} = excluded.{name}" for name in ("due_at", "recommends", "answered_at", "let_in"))
    await tx.execute(
        f"insert into join_requests ({_ROW}) values ({values}) on conflict (request_id) do update set {changed}", *astuple(request)
    )


async def drop(tx: Tx, member_id: UUID) -> None:
    """Hers is gone: it was kept for long enough, or she came in otherwise."""
    await tx.execute("delete from join_requests where member_id = $1", member_id)


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member goes her request, and that another one named her."""
    await drop(tx, member_id)
    await tx.execute("update join_requests set recommender_id = null, recommends = null where recommender_id = $1", member_id)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her request; and what she said of the women who named her, without a word of theirs."""
    return await found(
        tx,
        member_id,
        my_request_to_join="select name, about, language, asked_at, answer_by, answered_at, let_in from join_requests where member_id = $1",
        whom_i_recommended="select name, recommends, asked_at from join_requests where recommender_id = $1 order by asked_at",
    )
