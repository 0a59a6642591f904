"""How far each introduction and connection request has come, as far as letters need to know."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.contracts.events.requests import ConnectionEvent, IntroductionEvent
from shared.postgres.database import Tx


@dataclass(frozen=True, slots=True)
class Before:
    """What was known of a subject before the event at hand: whether anything was heard of it, and what."""

    heard: bool
    vouched: bool
    ended: bool


async def advance(
    tx: Tx, events: Sequence[ConnectionEvent | IntroductionEvent], *, vouched: bool = False, ended: bool = False
) -> dict[object, Before]:
    """Note what these events say (one a subject), and give by subject what was known before; nothing for what is older than
    applied. The rows stay locked until the transaction ends."""
    rows = await tx.fetch(
        "insert into subjects (subject_id, version, vouched, ended)"
        " select s.subject_id, s.version, $3, $4 from unnest($1::uuid[], $2::integer[]) as s(subject_id, version) order by s.subject_id"
        " on conflict (subject_id) do update set version = excluded.version,"
        " vouched = subjects.vouched or excluded.vouched, ended = subjects.ended or excluded.ended"
        " where subjects.version < excluded.version"
        " returning new.subject_id, old.subject_id is not null as heard,"
        " coalesce(old.vouched, false) as vouched, coalesce(old.ended, false) as ended",
        [event.aggregate_id for event in events],
        [event.aggregate_version for event in events],
        vouched,
        ended,
    )
    return {row["subject_id"]: Before(row["heard"], row["vouched"], row["ended"]) for row in rows}
