"""How far each introduction and connection request has come, as far as letters need to know; and what those in it who have left
were called, as long as it looks open to the others.

Events come in any order: what is older than applied, or comes after the end, is no news to anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg

from services.notify import members
from shared.contracts.events.base import Event
from shared.contracts.events.requests import (
    ConnectionAccepted,
    ConnectionClosed,
    ConnectionEvent,
    CorrectionAsked,
    IntroductionClosed,
    IntroductionConfirmed,
    IntroductionEvent,
    IntroductionVouched,
    NeedClosed,
    NeedEvent,
    OutcomesRevealed,
    RemindersDue,
    VouchWithdrawn,
    WordsCorrected,
)
from shared.messaging.feature import Feature, Retained, nothing
from shared.postgres.database import Tx
from shared.telemetry.logs import log

VOUCHED = (IntroductionVouched, CorrectionAsked, WordsCorrected, IntroductionConfirmed)
ENDED = (ConnectionAccepted, ConnectionClosed, NeedClosed, IntroductionConfirmed, IntroductionClosed, VouchWithdrawn)


@dataclass(frozen=True, slots=True)
class Progress:
    """What was known of an introduction or a request before the event at hand: whether anything was, and what.

    `departed`: the names of those in it who have left since it began.
    """

    heard: bool = False
    vouched: bool = False
    ended: bool = False
    departed: Mapping[UUID, str] = field(default_factory=dict)


UNHEARD = Progress()


async def news(tx: Tx, events: Sequence[Event]) -> list[tuple[Event, Progress]]:
    """Those of these events, all of one type, that are news to somebody, each with what was known before it.

    What they say is noted, and the rows stay locked until the transaction ends.
    """
    moving = [
        event
        for event in events
        if isinstance(event, ConnectionEvent | NeedEvent | IntroductionEvent) and not isinstance(event, OutcomesRevealed)
    ]
    if not moving:
        before = await _of_reminders(tx, events)
        return [(event, before.get(event.id, Progress())) for event in events]
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
        "insert into progress (subject_id, version, vouched, ended, member_ids)"
        " select e.subject_id, e.version, $3, $4, e.member_ids::uuid[]"
        " from unnest($1::uuid[], $2::integer[], $5::text[]) as e(subject_id, version, member_ids) order by e.subject_id"
        " on conflict (subject_id) do update set version = excluded.version,"
        " vouched = progress.vouched or excluded.vouched, ended = progress.ended or excluded.ended,"
        " departed = case when excluded.ended then '{}' else progress.departed end"
        " where progress.version < excluded.version"
        " returning new.subject_id, old.subject_id is not null as heard, coalesce(old.vouched, false) as vouched,"
        " coalesce(old.ended, false) as ended, coalesce(old.departed, '{}') as departed",
        [event.aggregate_id for event in events],
        [event.aggregate_version for event in events],
        isinstance(events[0], VOUCHED),
        isinstance(events[0], ENDED),
        # PostgreSQL has no arrays of arrays of different lengths.
        ["{" + ",".join(map(str, sorted(members.named_in(event)))) + "}" for event in events],
    )
    return {row["subject_id"]: _progress(row) for row in rows}


def _progress(row: asyncpg.Record) -> Progress:
    departed = {UUID(member_id): name for member_id, name in row["departed"].items()}
    return Progress(row["heard"], row["vouched"], row["ended"], departed)


async def _of_reminders(tx: Tx, events: Sequence[Event]) -> dict[UUID, Progress]:
    """By event, how far what it reminds of has come, which it doesn't move."""
    subjects = {event.id: event.subject_id for event in events if isinstance(event, RemindersDue)}
    rows = await tx.fetch(
        "select subject_id, true as heard, vouched, ended, departed from progress where subject_id = any($1::uuid[])",
        list(subjects.values()),
    )
    found = {row["subject_id"]: _progress(row) for row in rows}
    return {event_id: found[subject] for event_id, subject in subjects.items() if subject in found}


async def keep_name(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Keep the name of a member who is leaving beside what looks open to the others: a letter without it would tell that she left."""
    await tx.execute(
        "update progress set departed = departed || jsonb_build_object(m.member_id::text, m.name) from members as m"
        " where m.member_id = $1 and m.name is not null and not progress.ended and progress.member_ids @> array[$1::uuid]",
        member_id,
    )


PROGRESS = Feature(
    "progress",
    on_erase=keep_name,
    tables=("progress",),
    export=nothing,
    retain=(
        Retained(
            "who is in which introduction or request, how far it has come", "to write no letter too many", "as long as letters", "nobody"
        ),
        Retained("the name of a member who left", "for letters about what looks open to others", "until that has ended", "those others"),
    ),
)
