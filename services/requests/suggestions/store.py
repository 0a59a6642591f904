"""The rows of look-ups and dismissals: the only SQL of these two tables."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.requests.suggestions.domain import DAY, LookUps
from services.requests.visibility import visible
from shared.contracts.events.members import MemberGrouped
from shared.messaging.feature import Sections, found
from shared.postgres.database import Tx


async def look_ups(tx: Tx, member_id: UUID, at: datetime) -> LookUps:
    """Whom she looked up within the day before; to look up another, `members.take_turns` first."""
    rows = await tx.fetch("select about_id, at from look_ups where member_id = $1 and at > $2", member_id, at - DAY)
    return LookUps(member_id, {row["about_id"]: row["at"] for row in rows})


async def keep_look_up(tx: Tx, member_id: UUID, about_id: UUID, at: datetime) -> None:
    """Keep a new one, and none that is over."""
    await tx.execute("delete from look_ups where member_id = $1 and at <= $2", member_id, at - DAY)
    await tx.execute("insert into look_ups (member_id, about_id, at) values ($1, $2, $3)", member_id, about_id, at)


async def dismissed(tx: Tx, member_id: UUID, pairs: Sequence[tuple[UUID, UUID]]) -> set[frozenset[UUID]]:
    """Those of these pairs that she doesn't want suggested to each other."""
    rows = await tx.fetch(
        "select one_id, other_id from dismissals where member_id = $1 and (one_id, other_id) in"
        " (select least(one, other), greatest(one, other) from unnest($2::uuid[], $3::uuid[]) as pair(one, other))",
        member_id,
        [one for one, _ in pairs],
        [other for _, other in pairs],
    )
    return {frozenset((row["one_id"], row["other_id"])) for row in rows}


async def dismiss(tx: Tx, member_id: UUID, one_id: UUID, other_id: UUID) -> None:
    """Keep that she doesn't want these two suggested to each other, the lower id first; doing so twice is doing so once."""
    await tx.execute(
        "insert into dismissals (member_id, one_id, other_id) values ($1, $2, $3) on conflict do nothing", member_id, one_id, other_id
    )


async def keep_group(tx: Tx, event: MemberGrouped) -> None:
    """By which group she may be suggested from now on, unless a newer event said otherwise, or she is gone."""
    await tx.execute(
        "insert into groups (member_id, name, key, version) select $1, $2, $3, $4"
        " where not exists (select from members where member_id = $1 and erased) on conflict (member_id) do update"
        " set name = excluded.name, key = excluded.key, version = excluded.version where groups.version < excluded.version",
        event.member_id,
        event.group,
        event.group_key,
        event.aggregate_version,
    )


async def of_her_group(tx: Tx, member_id: UUID, limit: int) -> tuple[str, list[UUID]]:
    """Her group and others of it, who agreed as she did; nobody without hers."""
    row = await tx.fetchrow(
        "select name, array(select others.member_id from groups as others where others.key = mine.key and others.key <> ''"
        " and others.member_id <> $1 order by others.member_id limit $2) as ids from groups as mine where member_id = $1",
        member_id,
        limit,
    )
    return (row["name"], row["ids"]) if row else ("", [])


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Whom she looked up and what she dismissed, as far as they exist for her."""
    return await found(
        tx,
        member_id,
        group_by_which_i_am_suggested="select name from groups where member_id = $1 and name <> ''",
        look_ups='select name as "with", at from look_ups join members on members.member_id = about_id'
        f" where look_ups.member_id = $1 and {visible('$1', 'about_id')} order by at",
        dismissed_suggestions="select array[one.name, other.name] as sides from dismissals"
        " join members as one on one.member_id = one_id join members as other on other.member_id = other_id"
        f" where dismissals.member_id = $1 and {visible('$1', 'one_id')} and {visible('$1', 'other_id')} order by one.name, other.name",
    )


async def forget(tx: Tx, member_id: UUID) -> None:
    """She left for good."""
    await tx.execute("delete from look_ups where member_id = $1 or about_id = $1", member_id)
    await tx.execute("delete from groups where member_id = $1", member_id)
    await tx.execute("delete from dismissals where member_id = $1 or one_id = $1 or other_id = $1", member_id)
