"""How far each introduction and connection request has come, as far as letters need to know.

Events come in any order: what is older than applied, or comes after the end, is no news to anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.contracts.events.base import Event
from shared.contracts.events.requests import (
    ConnectionAccepted,
    ConnectionClosed,
    ConnectionEvent,
    IntroductionClosed,
    IntroductionConfirmed,
    IntroductionEvent,
    IntroductionVouched,
    OutcomesRevealed,
    VouchWithdrawn,
)
from shared.postgres.database import Tx
from shared.telemetry.logs import log

VOUCHED = (IntroductionVouched, IntroductionConfirmed)
ENDED = (ConnectionAccepted, ConnectionClosed, IntroductionConfirmed, IntroductionClosed, VouchWithdrawn)


@dataclass(frozen=True, slots=True)
class Progress:
    """What was known of an introduction or a request before the event at hand: whether anything was, and what."""

    heard: bool = False
    vouched: bool = False
    ended: bool = False


UNHEARD = Progress()


async def news(tx: Tx, events: Sequence[Event]) -> list[tuple[Event, Progress]]:
    """Those of these events, all of one type, that are news to somebody, each with what was known before it.

    What they say is noted, and the rows stay locked until the transaction ends.
    """
    moving = [
        event for event in events if isinstance(event, ConnectionEvent | IntroductionEvent) and not isinstance(event, OutcomesRevealed)
    ]
    if not moving:
        return [(event, Progress()) for event in events]
    before = await _advance(tx, moving)
    return [(event, before.get(event.aggregate_id, Progress())) for event in moving if _is_news(event, before.get(event.aggregate_id))]


def _is_news(event: Event, before: Progress | None) -> bool:
    if isinstance(event, IntroductionConfirmed):
        return True  # whatever else was heard of it: confirmed is confirmed
    if before and not before.ended:
        return True
    log.info("letters.not_needed", reason="ended" if before else "older", event_id=str(event.id))
    return False


async def _advance(tx: Tx, events: Sequence[Event]) -> dict[UUID, Progress]:
    """Note what these events say, at most one of each subject; by subject, what was known before those that are newer than applied."""
    rows = await tx.fetch(
        "insert into progress (subject_id, version, vouched, ended)"
        " select e.subject_id, e.version, $3, $4 from unnest($1::uuid[], $2::integer[]) as e(subject_id, version) order by e.subject_id"
        " on conflict (subject_id) do update set version = excluded.version,"
        " vouched = progress.vouched or excluded.vouched, ended = progress.ended or excluded.ended"
        " where progress.version < excluded.version"
        " returning new.subject_id, old.subject_id is not null as heard,"
        " coalesce(old.vouched, false) as vouched, coalesce(old.ended, false) as ended",
        [event.aggregate_id for event in events],
        [event.aggregate_version for event in events],
        isinstance(events[0], VOUCHED),
        isinstance(events[0], ENDED),
    )
    return {row["subject_id"]: Progress(row["heard"], row["vouched"], row["ended"]) for row in rows}
