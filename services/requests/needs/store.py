"""The rows of asks by need: the only SQL of this table."""

from collections.abc import Iterable
from dataclasses import astuple, fields
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.requests import visibility
from services.requests.needs.domain import Need
from shared.paging import Paging
from shared.postgres.database import Tx

_NEED = ", ".join(field.name for field in fields(Need))
_OTHER = "(case when asker_id = $1 then voucher_id else asker_id end)"
_HERS = f"$1 in (asker_id, voucher_id) and {visibility.visible('$1', _OTHER)}"
_UNANSWERED = "state in ('open', 'declined') and not announced"
_LOOKS_OPEN = "asker_id = $1 and state <> 'met' and shown_at > $2"


async def find(tx: Tx, reader_id: UUID, need_id: UUID) -> Need | None:
    """The need, if the reader is one of its two and the other exists for her."""
    row = await tx.fetchrow(f"select {_NEED} from needs where id = $2 and {_HERS}", reader_id, need_id)
    return Need(**row) if row else None


async def all_of(tx: Tx, member_id: UUID) -> list[Need]:
    """Every need of hers of which the other exists for her, oldest first."""
    return [Need(**row) for row in await tx.fetch(f"select {_NEED} from needs where {_HERS} order by asked_at, id", member_id)]


async def lock(tx: Tx, reader_id: UUID, need_id: UUID) -> Need | None:
    """As `find`, with the row locked. Looked at anew once it is locked, so that a block meanwhile is seen."""
    await tx.execute("select from needs where id = $2 and $1 in (asker_id, voucher_id) for update", reader_id, need_id)
    return await find(tx, reader_id, need_id)


async def of_member(tx: Tx, member_id: UUID, paging: Paging, at: datetime, which: Literal["waiting", "sent"]) -> list[Need]:
    """The newest with members who exist for her: those that wait for her answer, or hers that look open to her."""
    waiting = "voucher_id = $1 and state = 'open' and ends_at > $2"
    rows = await tx.fetch(
        f"select {_NEED} from needs where {waiting if which == 'waiting' else _LOOKS_OPEN} and {_HERS}"
        " order by asked_at desc, id desc limit $3",
        member_id,
        at,
        paging.fetch,
    )
    return [Need(**row) for row in rows]


async def open_of(tx: Tx, asker_id: UUID, at: datetime) -> list[datetime]:
    """When those of hers end that look open to her; to ask another, `members.take_turns` first."""
    rows = await tx.fetch(f"select shown_at from needs where {_LOOKS_OPEN} order by shown_at", asker_id, at)
    return [row["shown_at"] for row in rows]


async def reached(tx: Tx, voucher_ids: Iterable[UUID], since: datetime) -> dict[UUID, int]:
    """How many have reached each of these since then."""
    rows = await tx.fetch(
        "select voucher_id, count(*) as count from needs where voucher_id = any($1::uuid[]) and asked_at > $2 group by voucher_id",
        list(voucher_ids),
        since,
    )
    return {row["voucher_id"]: row["count"] for row in rows}


async def insert(tx: Tx, need: Need) -> None:
    places = ", ".join(f"${number}" for number in range(1, len(fields(need)) + 1))
    await tx.execute(f"insert into needs ({_NEED}) values ({places})", *astuple(need))


async def save(tx: Tx, need: Need) -> None:
    """Keep what changed of a need that this transaction has locked."""
    await tx.execute(
        "update needs set state = $2, version = $3, ended_at = $4, shown_at = $5, announced = $6, introduction_id = $7 where id = $1",
        need.id,
        need.state,
        need.version,
        need.ended_at,
        need.shown_at,
        need.announced,
        need.introduction_id,
    )


async def lock_answered(tx: Tx, introduction_id: UUID) -> Need | None:
    """The need that this introduction answers, locked, whoever exists for whom."""
    row = await tx.fetchrow(f"select {_NEED} from needs where introduction_id = $1 for update", introduction_id)
    return Need(**row) if row else None


async def lock_open_between(tx: Tx, member_id: UUID, other_id: UUID) -> list[Need]:
    """Those between the two, either way, that a proposal could still answer, locked."""
    rows = await tx.fetch(
        f"select {_NEED} from needs where {_UNANSWERED} and (asker_id, voucher_id) in (($1, $2), ($2, $1)) order by id for update",
        member_id,
        other_id,
    )
    return [Need(**row) for row in rows]


async def lock_open_of(tx: Tx, member_id: UUID) -> list[Need]:
    """All of hers, asked or to answer, that a proposal could still answer, locked."""
    rows = await tx.fetch(
        f"select {_NEED} from needs where {_UNANSWERED} and $1 in (asker_id, voucher_id) order by id for update", member_id
    )
    return [Need(**row) for row in rows]


async def forget_words(tx: Tx, asker_id: UUID) -> None:
    """She left for good, and what she wrote goes with her."""
    await tx.execute("update needs set looking_for = '' where asker_id = $1", asker_id)


async def lock_due(tx: Tx, at: datetime, limit: int, skip: int) -> list[Need]:
    """At most `limit` whose end shows by now and hasn't been announced, locked, without the first `skip` of them.

    Those that others hold come later.
    """
    rows = await tx.fetch(
        f"select {_NEED} from needs where shown_at <= $1 and not announced order by shown_at, id limit $2 offset $3 for update skip locked",
        at,
        limit,
        skip,
    )
    return [Need(**row) for row in rows]
