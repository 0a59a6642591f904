"""The rows of anchors, nights and tiers."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from services.reputation.ledger.exclusions import excluded
from services.reputation.trust import Settings
from services.reputation.trust.sums import Voice
from shared.contracts.events.base import NIL
from shared.postgres.database import Tx

IN_FORCE = (
    "(select distinct on (rater_id) rater_id, tier, branch, anchor, known from tiers where applied order by rater_id, settled_at desc)"
)
"""SQL: how each rater counts who does."""
LONG = 3600.0
"""Seconds that a statement over all of the ledger may take."""


def voice(row: Record, settings: Settings) -> Voice:
    """A row of tiers, which may be one of nulls. An anchor's bad words stay with her branch's, and weigh by her time."""
    tier, anchor = row["tier"] or 0, bool(row["anchor"])
    return Voice(settings.tiers if anchor else tier, tier, row["branch"] or NIL, anchor, bool(row["known"]))


async def in_force(tx: Tx, ids: Collection[UUID], settings: Settings, at: datetime | None = None) -> Mapping[UUID, Voice]:
    """How these raters count, or counted at `at`. If it is to last, their scores must be locked."""
    rows = await tx.fetch(
        "select rater_id, tier, branch, anchor, known from unnest($1::uuid[]) as them (rater_id)"
        " left join lateral (select tier, branch, anchor, known"
        " from tiers where tiers.rater_id = them.rater_id and applied and ($2::timestamptz is null or settled_at <= $2)"
        " order by settled_at desc limit 1) as last on true",
        list(ids),
        at,
    )
    return {row["rater_id"]: voice(row, settings) for row in rows}


# --- nights ---


async def lock_nights(tx: Tx) -> datetime | None:
    """Keep everyone else from settling a night until `tx` ends. Gives the last one's moment."""
    await tx.execute("lock table nights in exclusive mode")
    settled_at: datetime | None = await tx.fetchval("select max(settled_at) from nights")
    return settled_at


async def last_night(tx: Tx) -> tuple[datetime, bool] | None:
    """The last night's moment, and whether it is finished; None before the first."""
    row = await tx.fetchrow("select settled_at, finished from nights order by settled_at desc limit 1")
    return None if row is None else (row["settled_at"], row["finished"])


def _known_by(praise: str) -> str:
    """SQL: of whom women of enough other branches, who count, say well in these introductions, if both sides were content."""
    return f"""
        select member_id from {praise}
        join (select introduction_id from {praise} group by introduction_id having count(distinct rater_id) = 2) as by_both
            using (introduction_id)
        join counting using (rater_id) join now using (member_id)
        where counting.branch <> now.branch group by member_id having count(distinct counting.branch) >= $6
    """


async def settle(tx: Tx, at: datetime, joined_by: date, tier: int, settings: Settings, *, applied: bool) -> int:
    """Store a night: of members who joined by then the tier, who is an anchor (nobody while too few are named), and who is known
    elsewhere, by what was said up to `at`.

    Whom a quarter of the introductions makes known is known; all of them are looked at for the others alone, who are few in a large ledger.
    Returns for how many something changes. Who has no placement any more counts as she last did.
    """
    await tx.execute("insert into nights (settled_at, finished) values ($1, $2)", at, applied)
    # How many rows come of a join over all introductions can't be estimated, and row by row it would take hours.
    await tx.execute("set local work_mem = '128MB'; set local enable_nestloop = off")
    done = await tx.execute(
        f"""
        with before as {IN_FORCE},
        now as (
            select member_id, branch, case when joined_on <= $2 then $3::smallint else 0 end as tier,
                anchors.member_id is not null and (select count(*) from anchors) >= $8 as anchor
            from placements left join anchors using (member_id)
        ),
        counting as (
            select member_id as rater_id, branch from now where tier > 0 or anchor
            union all
            select rater_id, before.branch from before left join placements on member_id = rater_id
            where (tier > 0 or anchor) and member_id is null
        ),
        praise as not materialized (
            select introduction_id, member_id, rater_id from ratings
            where role in ('voucher', 'side') and value = 'good' and revealed_at <= $1 and not {excluded("$1")}
        ),
        quarter as materialized (select introduction_id, member_id, rater_id from praise where uuid_hash(introduction_id) & 3 = 0),
        soon as materialized ({_known_by("quarter")}),
        unsure as (select introduction_id from praise where member_id in (select rater_id from counting except select member_id from soon)),
        rest as materialized (
            select introduction_id, member_id, rater_id from praise where introduction_id in (select introduction_id from unsure)
        ),
        known as (select member_id from soon union {_known_by("rest")})
        insert into tiers (rater_id, settled_at, tier, branch, anchor, known, applied)
        select member_id, $1, now.tier, case when now.tier > 0 or now.anchor then now.branch else $4 end, now.anchor, is_known, $5
        from (
            select member_id, branch, tier, anchor, (tier > 0 or anchor) and $7 and known.member_id is not null as is_known
            from now left join known using (member_id)
        ) as now left join before on before.rater_id = member_id
        where (now.tier, now.anchor, is_known)
            is distinct from (coalesce(before.tier, 0), coalesce(before.anchor, false), coalesce(before.known, false))
        """,
        at,
        joined_by,
        tier,
        NIL,
        applied,
        settings.known_to,
        settings.doubling > 0,
        settings.least_anchors,
        timeout=LONG,
    )
    await tx.execute("set local work_mem to default; set local enable_nestloop to default")
    return int(done.split()[-1])


async def to_apply(tx: Tx) -> int:
    """How many raters don't count yet as the last night said."""
    return int(await tx.fetchval("select count(*) from tiers where not applied"))


async def lock_to_apply(tx: Tx, limit: int, skip: int, settings: Settings) -> dict[UUID, Voice]:
    """Lock at most `limit` of them, without the first `skip`: how they count from now on."""
    rows = await tx.fetch(
        "select rater_id, tier, branch, anchor, known from tiers where not applied"
        " order by rater_id limit $1 offset $2 for update skip locked",
        limit,
        skip,
    )
    return {row["rater_id"]: voice(row, settings) for row in rows}


async def applied(tx: Tx, ids: Collection[UUID]) -> None:
    """What the last night said of these raters is in force."""
    await tx.execute("update tiers set applied = true where not applied and rater_id = any($1::uuid[])", list(ids))


async def finish(tx: Tx) -> bool:
    """The last night is finished if all of it is in force. Returns whether it is."""
    await tx.execute("update nights set finished = true where not finished and not exists (select from tiers where not applied)")
    return not await tx.fetchval("select exists (select from nights where not finished)")


# --- anchors ---


async def is_member(tx: Tx, member_id: UUID) -> bool:
    """Whether she came in here and isn't erased."""
    return bool(await tx.fetchval("select exists (select from placements where member_id = $1)", member_id))


async def add_anchor(tx: Tx, member_id: UUID, at: datetime) -> None:
    await tx.execute("insert into anchors (member_id, added_at) values ($1, $2) on conflict do nothing", member_id, at)


async def remove_anchor(tx: Tx, member_id: UUID) -> bool:
    """Whether she was one."""
    return bool(await tx.fetchval("delete from anchors where member_id = $1 returning true", member_id))


async def anchors(tx: Tx) -> list[Record]:
    """Each with her id, her name if it is known, since when, and whether she counts as one now."""
    return await tx.fetch(
        f"select member_id, name, added_at, coalesce(anchor, false) as counts from anchors left join members using (member_id)"
        f" left join {IN_FORCE} as last on rater_id = member_id order by added_at, member_id"
    )


async def missing_anchors(tx: Tx, settings: Settings) -> int:
    """How many more must be named before any of them counts."""
    return max(0, settings.least_anchors - int(await tx.fetchval("select count(*) from anchors")))


async def forget_erased(tx: Tx) -> None:
    """Those, too, who were erased by code that knew of no nights."""
    for row in await tx.fetch("select rater_id from tiers join members on member_id = rater_id where erased"):
        await erase(tx, row["rater_id"])


async def pseudonym(tx: Tx, member_id: UUID) -> UUID:
    """Under which an erased member's words stay."""
    name: UUID = await tx.fetchval("select pseudonym($1)", member_id)
    return name


async def erase(tx: Tx, member_id: UUID, at: datetime | None = None) -> None:
    """An erased member is no anchor. What she said goes on counting as it did, under her pseudonym."""
    await tx.execute("delete from anchors where member_id = $1", member_id)
    await tx.execute("delete from tiers where rater_id = $1 and not applied", member_id)
    await tx.execute("update tiers set rater_id = pseudonym(rater_id) where rater_id = $1", member_id)
