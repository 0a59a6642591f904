"""Writes letters into the queue, in the transaction that handles their event."""

from collections.abc import Sequence
from uuid import UUID

from prometheus_client import Counter

from services.notify import waking
from services.notify.letters.base import Decision, Letter, Skip
from shared.postgres import database
from shared.postgres.database import Tx
from shared.telemetry.logs import log

WRITTEN = Counter("madrina_letters_written", "Letters written", ["kind"])
SKIPPED = Counter("madrina_letters_skipped", "Letters that nobody needed", ["kind", "reason"])

_INSERT = """
insert into letters (event_id, recipient_id, kind, subject_id, about_ids, address, message, priority, expires_at,
    correlation_id, either_way)
select l.event_id, l.recipient_id, l.kind, l.subject_id, l.about_ids::uuid[], l.address, l.message, l.priority, l.expires_at,
    l.correlation_id, l.either_way
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::bytea[], $8::smallint[], $9::timestamptz[],
    $10::text[], $11::boolean[])
    as l(event_id, recipient_id, kind, subject_id, about_ids, address, message, priority, expires_at, correlation_id,
    either_way)
on conflict (event_id, recipient_id, kind) do nothing
"""


async def put(tx: Tx, decisions: Sequence[Decision]) -> None:
    """Queue the letters among `decisions` in one statement, and log why the others aren't written. A letter that was ever there
    (same event, recipient and kind) stays as it is."""
    letters = [one for one in decisions if isinstance(one, Letter)]
    for skip in decisions:
        if isinstance(skip, Skip):
            SKIPPED.labels(skip.kind, skip.reason).inc()
            log.info("letter.skipped", kind=skip.kind, reason=skip.reason, event_id=str(skip.event_id), recipient_id=str(skip.recipient_id))
    if not letters:
        return
    await _insert(tx, letters)
    for letter in letters:
        WRITTEN.labels(letter.kind).inc()
    if not database.after_commit(tx, waking.wake):
        await tx.execute(f"notify {waking.CHANNEL}")


async def _insert(tx: Tx, letters: Sequence[Letter]) -> None:
    await tx.execute(
        _INSERT,
        [letter.event_id for letter in letters],
        [letter.recipient_id for letter in letters],
        [letter.kind for letter in letters],
        [letter.subject_id for letter in letters],
        # PostgreSQL has no arrays of arrays of different lengths.
        ["{" + ",".join(map(str, letter.about_ids)) + "}" for letter in letters],
        [letter.address for letter in letters],
        [letter.message for letter in letters],
        [letter.priority for letter in letters],
        [letter.expires_at for letter in letters],
        [letter.correlation_id for letter in letters],
        [letter.either_way for letter in letters],
    )


async def drop_all_of(tx: Tx, member_id: UUID) -> None:
    """Empty every letter to an erased member, or about her, that hasn't left. One whose fate is unknown stays unknown; one that
    is being sent is stopped by its last look."""
    await tx.execute(
        "update letters set state = case when state = 'unknown' then 'unknown' else 'suppressed' end, reason = 'erased',"
        " address = null, message = null, due_at = null, changed_at = clock_timestamp()"
        " where message is not null and state <> 'sending' and (recipient_id = $1 or $1 = any(about_ids))",
        member_id,
    )


async def answered(tx: Tx, introduction_id: UUID, member_ids: Sequence[UUID]) -> None:
    """Members who have said how it went aren't asked any more."""
    await tx.execute(
        "update letters set state = 'suppressed', reason = 'answered', address = null, message = null, due_at = null,"
        " changed_at = clock_timestamp()"
        " where message is not null and kind = 'how_did_it_go' and subject_id = $1 and recipient_id = any($2::uuid[])"
        " and state in ('queued', 'deferred')",
        introduction_id,
        list(member_ids),
    )
