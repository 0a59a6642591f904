"""The table `letters`: what goes in, what is taken back, and what operators see.

Only this module and claims.py, which moves a letter through its delivery, read or write that table.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from services.notify.mime import redirected
from services.notify.queue.domain import KEEP_REJECTED, KEEP_TITLE, URGENT, Decision, Letter, Suppress
from shared.messaging.feature import Sections, found
from shared.postgres import notify
from shared.postgres.database import Connection, Pool, Tx

Database = Pool | Connection

CHANNEL = "letters"
"""Notified when there are new letters."""
PAGE = 500

_DECIDABLE = "(state = 'unknown' and due_at is null or state = 'rejected') and message is not null"
"""Letters that only a person can send once more: they may have arrived, or the server wouldn't take them."""

CODES_WITHIN = 1.0
"""Seconds within which a code is due, at random: what its letter costs tells nobody who has just asked whether one was sent."""

_INSERT = f"""
with named as (  -- the lock lets this and the erasure of one of them take turns
    select member_id, erased from members where member_id = any($13::uuid[]) for share
), gone as (select coalesce(array_agg(member_id) filter (where erased), '{{}}') as ids from named)
insert into letters (event_id, recipient_id, kind, subject_id, about_ids, address, message, priority, expires_at,
    correlation_id, stopped_by_their_block, reaches, title, named_ids, due_at)
select l.event_id, l.recipient_id, l.kind, l.subject_id, l.about_ids::uuid[], l.address, l.message, l.priority, l.expires_at,
    l.correlation_id, l.stopped_by_their_block, l.reaches,
    case when l.recipient_id in (select member_id from named) and not l.named_ids::uuid[] && gone.ids then nullif(l.title, '') end,
    l.named_ids::uuid[],
    clock_timestamp() + make_interval(secs => case when l.priority = {URGENT} then random() * $12 else 0 end)
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::bytea[], $8::smallint[], $9::timestamptz[],
    $10::text[], $11::boolean[], $14::text[], $15::text[], $16::text[])
    as l(event_id, recipient_id, kind, subject_id, about_ids, address, message, priority, expires_at, correlation_id,
    stopped_by_their_block, title, named_ids, reaches), gone
on conflict (event_id, recipient_id, kind) do nothing
"""


async def put(tx: Tx, decisions: Sequence[Decision]) -> None:
    """Queue the letters among `decisions` in one statement, and empty those that aren't needed any more.

    A letter that was ever there (same event, recipient and kind) stays as it is.
    """
    if letters := [decision for decision in decisions if isinstance(decision, Letter)]:
        await _insert(tx, letters)
    if decisions:  # without a letter as well, so that a code that isn't sent wakes whoever would send it
        await notify.wake(tx, CHANNEL)
    for decision in decisions:
        if isinstance(decision, Suppress):
            same = "kind = $2 and recipient_id = $3 and subject_id = $4 and state in ('queued', 'deferred')"
            await _suppress(tx, same, decision.reason, decision.kind, decision.recipient_id, decision.subject_id)


async def _insert(tx: Tx, letters: Sequence[Letter]) -> None:
    await tx.execute(
        _INSERT,
        [letter.event_id for letter in letters],
        [letter.recipient_id for letter in letters],
        [letter.kind for letter in letters],
        [letter.subject_id for letter in letters],
        [_array(letter.about_ids) for letter in letters],
        [letter.address for letter in letters],
        [letter.message for letter in letters],
        [letter.priority for letter in letters],
        [letter.expires_at for letter in letters],
        [letter.correlation_id for letter in letters],
        [letter.stopped_by_their_block for letter in letters],
        CODES_WITHIN,
        list({id_ for letter in letters for id_ in letter.named_ids}),
        [letter.title for letter in letters],
        [_array(letter.named_ids) for letter in letters],
        [letter.reaches for letter in letters],
    )


async def redirect(tx: Tx, member_id: UUID, address: str, introduced_at: str) -> None:
    """Let what is written to her and hasn't left go there: introductions to the address that they pass on, all others to hers."""
    rows = await tx.fetch(
        "select letter_id, kind, address, message from letters where recipient_id = $1 and message is not null"
        " and state in ('queued', 'deferred') for update",
        member_id,
    )
    for row in rows:
        to = introduced_at if row["kind"] == "introduction" else address
        await tx.execute(
            "update letters set address = $2, message = $3 where letter_id = $1",
            row["letter_id"],
            to,
            redirected(row["message"], row["address"], to),
        )


def _array(ids: Sequence[UUID]) -> str:
    """As text, since PostgreSQL has no arrays of arrays of different lengths."""
    return "{" + ",".join(map(str, ids)) + "}"


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Which letters she was sent. That another wasn't, and why, could tell what somebody keeps from her.

    A letter that names a woman who doesn't exist for her has no subject, whatever the cause.
    """
    hers = (
        "select kind as letter, changed_at as sent_at, case when not exists (select from unnest(named_ids) as named(id)"
        " left join members as m on m.member_id = named.id where named.id <> $1 and (coalesce(m.erased or m.suspended, true)"
        " or exists (select from blocks where active and (blocker_id, blocked_id) in (($1, named.id), (named.id, $1))))"
        ") then title end as subject from letters where recipient_id = $1 and state = 'sent' order by letter_id"
    )
    return await found(tx, member_id, letters=hers)


async def erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Empty every letter to an erased member, or about her, that hasn't left. One that is being sent is stopped by its last look.

    Of those that did, and those that go on to others, no title names her any more.
    """
    await _suppress(tx, "(recipient_id = $2 or $2 = any(about_ids))", "erased", member_id)
    await tx.execute(
        "update letters set title = null where state = 'sent' and title is not null and named_ids @> array[$1::uuid]"
        " or message is not null and title is not null and named_ids @> array[$1::uuid]",
        member_id,
    )


async def empty_expired(database: Database) -> None:
    """Empty letters whose time is over. One that is being sent is emptied once that is over."""
    await _suppress(database, "expires_at <= clock_timestamp()", "expired")


async def _suppress(database: Database, which: str, reason: str, *values: object) -> None:
    # A letter whose fate is unknown may have left: it stays unknown. A rejected one was over already.
    await database.execute(
        "update letters set state = case when state in ('unknown', 'rejected') then state else 'suppressed' end,"
        " reason = case when state = 'rejected' then reason else $1 end,"
        " address = null, message = null, title = null, due_at = null, changed_at = clock_timestamp()"
        f" where message is not null and state <> 'sending' and {which}",
        reason,
        *values,
    )


async def empty_rejected(database: Database) -> None:
    """Empty letters that were rejected so long ago that nobody will send them again."""
    await database.execute(
        "update letters set address = null, message = null, title = null"
        " where state = 'rejected' and message is not null and changed_at < clock_timestamp() - $1::interval",
        KEEP_REJECTED,
    )


async def forget_titles(database: Database) -> None:
    """What letters were called that were sent so long ago."""
    await database.execute(
        "update letters set title = null where state = 'sent' and title is not null and changed_at < clock_timestamp() - $1::interval",
        KEEP_TITLE,
    )


async def to_decide(tx: Tx, after: int = 0) -> list[asyncpg.Record]:
    """Up to 500 letters with a greater id that wait for a person's decision, oldest first: parked ones and rejected ones.

    Their letter_id, kind, event_id, recipient_id, state, reason, written_at.
    """
    return await tx.fetch(
        "select letter_id, kind, event_id, recipient_id, state, reason, written_at from letters"
        f" where letter_id > $1 and {_DECIDABLE} order by letter_id limit $2",
        after,
        PAGE,
    )


async def send_again(tx: Tx, letter_ids: Sequence[int]) -> int:
    """Let these letters be sent once more, with the same bytes, if they wait for a decision; how many of them there were."""
    done = await tx.execute(
        "update letters set state = case when state = 'rejected' then 'deferred' else state end, deferrals = 0, deferred_since = null,"
        f" due_at = clock_timestamp(), changed_at = clock_timestamp() where letter_id = any($1::bigint[]) and {_DECIDABLE}",
        list(letter_ids),
    )
    return int(done.rpartition(" ")[2])


async def counts(pool: Pool) -> list[asyncpg.Record]:
    """How many letters haven't left yet: (state, letters, parked). Those that have, most of all there are, aren't looked at."""
    return await pool.fetch(
        "select state, count(*) as letters, count(*) filter (where due_at is null) as parked from letters"
        " where message is not null and state <> 'rejected' group by state"
    )
