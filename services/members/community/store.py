"""The rows of the community, of its texts, and of who agreed to which."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import get_args
from uuid import UUID

import asyncpg

from services.members.community.domain import Community
from shared.contracts.events.members import Language
from shared.contracts.http.members.community import (
    FIRST_VERSION,
    MOST_MONTHS,
    AnnouncementView,
    ChangeView,
    Join,
    Stage,
    TextName,
    TextView,
)
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx


async def read(connection: Tx | Pool, *, lock: bool = False) -> Community:
    """The community as it is; to change it, locked until the transaction ends."""
    row = await connection.fetchrow(
        "select version, name, sender, who_may_join, announcement, logo from community" + (" for update" if lock else "")
    )
    if row is None:
        return Community()
    said = row["announcement"]
    return Community(**{**row, "announcement": AnnouncementView.model_validate(said) if said else None})


async def who_may_join(connection: Tx | Pool) -> Join | None:
    """What its steward chose; None if she has chosen nothing."""
    chosen: Join | None = await connection.fetchval("select who_may_join from community")
    return chosen


async def save(tx: Tx, community: Community, at: datetime) -> None:
    """Keep it as it is now."""
    said = community.announcement
    await tx.execute(
        "insert into community (version, name, sender, who_may_join, announcement, logo, changed_at) values ($1, $2, $3, $4, $5, $6, $7)"
        " on conflict (one) do update set version = excluded.version, name = excluded.name, sender = excluded.sender,"
        " who_may_join = excluded.who_may_join, announcement = excluded.announcement, logo = excluded.logo,"
        " changed_at = excluded.changed_at",
        community.version,
        community.name,
        community.sender,
        community.who_may_join,
        said.model_dump(mode="json") if said else None,
        community.logo,
        at,
    )


async def add_text(tx: Tx, text: TextName, version: int, at: datetime, *, language: Language, words: str, changes: str) -> None:
    """Keep a text in one language."""
    await tx.execute("insert into texts values ($1, $2, $3, $4, $5, $6)", text, version, language, words, changes, at)


async def lock(tx: Tx) -> None:
    """Let stewards take turns until the transaction ends: the one row may not be there yet."""
    await tx.execute("lock table community_changes in share row exclusive mode")


async def log(tx: Tx, by_id: UUID, what: str, at: datetime, *, before: str, after: str) -> None:
    """Write down what a steward did; no line is changed or taken out again."""
    await tx.execute(
        "insert into community_changes (changed_at, by_id, what, before, after) values ($1, $2, $3, $4, $5)", at, by_id, what, before, after
    )


async def changes(pool: Pool) -> list[ChangeView]:
    """What stewards did last."""
    rows = await pool.fetch("select changed_at as at, by_id, what, before, after from community_changes order by change_id desc limit 50")
    return [ChangeView(**row) for row in rows]


async def version(connection: Tx | Pool, text: TextName) -> int:
    """The text's current version: the first, which ships with the pages, until a steward publishes one."""
    return await connection.fetchval("select max(version) from texts where text = $1", text) or FIRST_VERSION


async def find_text(pool: Pool, text: TextName, wanted: int | None) -> TextView | None:
    """The text in that version, or the newest; None if it has no such version."""
    newest = await version(pool, text)
    rows = await pool.fetch(
        "select language, words, changes, published_at from texts where text = $1 and version = $2", text, wanted or newest
    )
    if not rows and (wanted or newest) != FIRST_VERSION:
        return None
    return TextView(
        version=wanted or newest,
        newest=newest,
        published_at=rows[0]["published_at"] if rows else None,
        words={row["language"]: row["words"] for row in rows},
        changes={row["language"]: row["changes"] for row in rows},
    )


async def agree(tx: Tx, member_id: UUID, text: TextName, version: int, at: datetime) -> None:
    """Keep, once, that she agreed."""
    await tx.execute(
        "insert into agreements (member_id, text, version, agreed_at) values ($1, $2, $3, $4) on conflict do nothing",
        member_id,
        text,
        version,
        at,
    )


async def to_agree(connection: Tx | Pool, member_id: UUID, text: TextName) -> int | None:
    """The current version of the text if she has agreed to none as new, else None."""
    newest: int | None = await connection.fetchval(
        "select newest from (select coalesce((select max(version) from texts where text = $2), $3) as newest) as t"
        " where newest > coalesce((select max(version) from agreements where member_id = $1 and text = $2), $3)",
        member_id,
        text,
        FIRST_VERSION,
    )
    return newest


async def add_month(tx: Tx, month: date, counts: Mapping[Stage, int]) -> None:
    """Keep, once, what was counted of a month."""
    await tx.executemany(
        "insert into funnel (month, stage, counted) values ($1, $2, $3) on conflict do nothing",
        [(month, stage, counted) for stage, counted in counts.items()],
    )


async def months(pool: Pool) -> dict[date, dict[Stage, int]]:
    """What was counted of the last months, the latest first."""
    rows = await pool.fetch("select month, stage, counted from funnel order by month desc limit $1", MOST_MONTHS * len(get_args(Stage)))
    found: dict[date, dict[Stage, int]] = {}
    for row in rows:
        found.setdefault(row["month"], {})[row["stage"]] = row["counted"]
    return found


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member agreed to nothing, and what she did as a steward was done by nobody."""
    await tx.execute("update community_changes set by_id = null where by_id = $1", member_id)
    await tx.execute("delete from agreements where member_id = $1", member_id)


async def agreed(tx: Tx, member_id: UUID) -> list[asyncpg.Record]:
    """The text, version and time of what she agreed to, the oldest first."""
    return await tx.fetch("select text, version, agreed_at from agreements where member_id = $1 order by agreed_at", member_id)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """To what she agreed."""
    return await found(tx, member_id, agreements="select text, version, agreed_at from agreements where member_id = $1 order by agreed_at")
