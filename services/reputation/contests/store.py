"""The rows of contests and of their log."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from services.reputation.contests.domain import Contest
from shared.messaging.feature import Sections, found
from shared.paging import Paging
from shared.postgres.database import Tx

Action = Literal["contested", "read", "decided"]
_CONTEST = "contest_id, member_id, line, objection, contested_at, answer, decided_at"


async def _some(tx: Tx, rest: str, *values: object) -> list[Contest]:
    return [Contest(*row.values()) for row in await tx.fetch(f"select {_CONTEST} from contests {rest}", *values)]


async def find(tx: Tx, contest_id: UUID) -> Contest | None:
    """None if there is none."""
    return next(iter(await _some(tx, "where contest_id = $1", contest_id)), None)


async def lock(tx: Tx, contest_id: UUID) -> Contest | None:
    """The same, locked; scores are locked before, so that an erasure and a decision take turns."""
    return next(iter(await _some(tx, "where contest_id = $1 for update", contest_id)), None)


async def of(tx: Tx, member_id: UUID, paging: Paging) -> list[Contest]:
    """A page of hers, the latest first."""
    after = "(contested_at, contest_id) < (select contested_at, contest_id from contests where contest_id = $2 and member_id = $1)"
    return await _some(
        tx,
        f"where member_id = $1 and ($2::uuid is null or {after}) order by contested_at desc, contest_id desc limit $3",
        member_id,
        paging.after,
        paging.fetch,
    )


async def since(tx: Tx, member_id: UUID, at: datetime) -> list[Contest]:
    """Hers that are open, and all that she made since then."""
    return await _some(tx, "where member_id = $1 and (decided_at is null or contested_at > $2)", member_id, at)


async def waiting(tx: Tx, paging: Paging) -> list[Contest]:
    """A page of open ones, the oldest first."""
    after = "(contested_at, contest_id) > (select contested_at, contest_id from contests where contest_id = $1)"
    return await _some(
        tx,
        f"where decided_at is null and ($1::uuid is null or {after}) order by contested_at, contest_id limit $2",
        paging.after,
        paging.fetch,
    )


async def add(tx: Tx, made: Contest) -> None:
    """Keep it."""
    await tx.execute(
        "insert into contests (contest_id, member_id, line, objection, contested_at) values ($1, $2, $3, $4, $5)",
        made.id,
        made.member_id,
        made.line,
        made.objection,
        made.contested_at,
    )


async def decide(tx: Tx, decided: Contest) -> None:
    """Keep its answer."""
    await tx.execute(
        "update contests set answer = $2, decided_at = $3 where contest_id = $1", decided.id, decided.answer, decided.decided_at
    )


async def log(tx: Tx, contest_id: UUID, by_id: UUID | None, action: Action, at: datetime) -> None:
    """Who did what in which contest; None is the member herself."""
    await tx.execute(
        "insert into contest_log (logged_at, by_id, action, contest_id) values ($1, $2, $3, $4)", at, by_id, action, contest_id
    )


async def export(tx: Tx, member_id: UUID) -> Sections:
    """What she contested and what she was answered; by whom is nobody's to read."""
    return await found(
        tx,
        member_id,
        contests="select line, objection, contested_at, answer, decided_at from contests where member_id = $1 order by contested_at",
    )


async def forget_erased(tx: Tx) -> None:
    """Those, too, of who was erased by code that knew of no contests."""
    await tx.execute("delete from contests where member_id in (select member_id from members where erased)")


async def erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member contests nothing. What she decided as a moderator stays, by her bare id."""
    await tx.execute("delete from contests where member_id = $1", member_id)
