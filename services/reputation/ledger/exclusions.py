"""The rows of exclusions: which ratings stay in the ledger and count nowhere."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import fields
from uuid import UUID

from services.reputation.ledger.domain import Exclusion, Key
from shared.postgres.database import Tx

_COLUMNS = [field.name for field in fields(Exclusion)]
_KEY = ("member_id", "introduction_id", "rater_id", "event_id")


def excluded(by: str = "'infinity'") -> str:
    """SQL, true in a row of `ratings` if it was excluded by then, which is a timestamp in SQL."""
    same = " and ".join(f"exclusions.{column} = ratings.{column}" for column in _KEY)
    return f"exists (select from exclusions where {same} and excluded_at <= {by})"


async def add(tx: Tx, excluded: Collection[Exclusion]) -> None:
    """Add these. The scores of all whom they concern must be locked."""
    places = ", ".join(f"${number}" for number in range(1, len(_COLUMNS) + 1))
    rows = [[getattr(one, column) for column in _COLUMNS] for one in excluded]
    await tx.executemany(f"insert into exclusions ({', '.join(_COLUMNS)}) values ({places})", rows)


async def about(tx: Tx, member_ids: Collection[UUID]) -> Mapping[UUID, Mapping[Key, Exclusion]]:
    """What is excluded of what was said of each of these members, by the rating's key, the earliest first."""
    rows = await tx.fetch(
        f"select {', '.join(_COLUMNS)} from exclusions where member_id = any($1::uuid[]) order by excluded_at, {', '.join(_KEY)}",
        list(member_ids),
    )
    found = defaultdict[UUID, dict[Key, Exclusion]](dict)
    for one in (Exclusion(**row) for row in rows):
        found[one.member_id][one.key] = one
    return found


async def forget_erased(tx: Tx) -> None:
    """As an erasure would have done by code that knew of no exclusions."""
    erased = "(select member_id from members where erased)"
    await tx.execute(f"delete from exclusions where member_id in {erased}")
    await tx.execute(f"update exclusions set rater_id = pseudonym(rater_id) where rater_id in {erased}")


async def erase(tx: Tx, member_id: UUID) -> None:
    """What is about an erased member goes; what she said of others goes on being excluded, under her pseudonym."""
    await tx.execute("delete from exclusions where member_id = $1", member_id)
    await tx.execute("update exclusions set rater_id = pseudonym(rater_id) where rater_id = $1", member_id)
