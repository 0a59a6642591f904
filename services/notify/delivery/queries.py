"""The letters' rows, as delivery moves them. All times are the database's clock, so that workers' clocks needn't agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.notify.delivery.domain import Standing, Unsure, after
from shared.postgres.database import Connection, Pool, Tx

Database = Pool | Connection


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that this worker may try to send, until its lease runs out."""

    letter_id: int
    event_id: UUID
    kind: str
    correlation_id: str
    priority: int
    address: str
    message: bytes
    attempts: int
    unknowns: int
    age: timedelta


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an attempt."""

    letter_id: int
    attempts: int
    standing: Standing


async def claim(database: Database, worker_id: UUID, limit: int, lease: float) -> list[Claimed]:
    """Take up to `limit` due letters for `lease` seconds, urgent ones first. Committed before anything is said to a mail server."""
    rows = await database.fetch(
        "update letters set state = 'sending', attempts = attempts + 1, worker_id = $1, changed_at = clock_timestamp(),"
        " due_at = clock_timestamp() + make_interval(secs => $3)"
        " where letter_id = any(array(select letter_id from letters where message is not null and due_at <= clock_timestamp()"
        " and state in ('queued', 'deferred', 'unknown') order by priority, due_at limit $2 for update skip locked))"
        " returning letter_id, event_id, kind, correlation_id, priority, address, message, attempts, unknowns,"
        " clock_timestamp() - written_at as age",
        worker_id,
        limit,
        lease,
    )
    found = [Claimed(**row) for row in rows]
    return sorted(found, key=lambda letter: (letter.priority, letter.letter_id))


async def last_look(database: Database, worker_id: UUID, letters: Sequence[tuple[int, int]], left: float) -> dict[int, str]:
    """Why letters, given as (id, attempt), must not leave now: `''` where they may. One that isn't this worker's any more, or whose
    lease ends within `left` seconds, has no entry.

    A did_not_go_on names nobody in about_ids: a block or a leaving must not be told from silence by a letter that doesn't come.
    """
    rows = await database.fetch(
        "select l.letter_id, case"
        " when l.expires_at <= clock_timestamp() then 'expired'"
        " when me.erased then 'erased'"
        " when me.suspended then 'suspended'"
        " when exists (select from members m where m.member_id = any(l.about_ids) and m.erased) then 'other_erased'"
        " when exists (select from members m where m.member_id = any(l.about_ids) and m.suspended) then 'other_suspended'"
        " when exists (select from blocks b where b.active and (b.blocker_id = l.recipient_id and b.blocked_id = any(l.about_ids)"
        " or l.either_way and b.blocked_id = l.recipient_id and b.blocker_id = any(l.about_ids))) then 'blocked'"
        " else '' end as why"
        " from unnest($2::bigint[], $3::integer[]) as mine(letter_id, attempts)"
        " join letters l on l.letter_id = mine.letter_id and l.attempts = mine.attempts and l.worker_id = $1 and l.state = 'sending'"
        " and l.due_at > clock_timestamp() + make_interval(secs => $4)"
        " left join members me on me.member_id = l.recipient_id",
        worker_id,
        [letter_id for letter_id, _ in letters],
        [attempts for _, attempts in letters],
        left,
    )
    return {row["letter_id"]: row["why"] for row in rows}


async def store(database: Database, worker_id: UUID, results: Sequence[Result]) -> int:
    """Store what became of attempts; how many rows took it. Where the lease ran out meanwhile and nobody has tried again, that the
    letter was sent is still worth knowing; anything else isn't."""
    done = await database.execute(
        "update letters l set state = r.state, reason = r.reason, unknowns = r.unknowns, changed_at = clock_timestamp(),"
        " due_at = clock_timestamp() + make_interval(secs => r.due_in),"
        " address = case when r.keeps then l.address end, message = case when r.keeps then l.message end"
        " from unnest($2::bigint[], $3::integer[], $4::text[], $5::text[], $6::float8[], $7::integer[], $8::boolean[])"
        " as r(letter_id, attempts, state, reason, due_in, unknowns, keeps)"
        " where l.letter_id = r.letter_id and l.attempts = r.attempts and l.worker_id = $1"
        " and (l.state = 'sending' or l.state = 'unknown' and r.state = 'sent')",
        worker_id,
        [result.letter_id for result in results],
        [result.attempts for result in results],
        [result.standing.state for result in results],
        [result.standing.reason for result in results],
        [result.standing.due_in for result in results],
        [result.standing.unknowns for result in results],
        [result.standing.keeps_bytes for result in results],
    )
    return int(done.rpartition(" ")[2])


async def give_back(database: Database, worker_id: UUID, letter_ids: Sequence[int]) -> None:
    """Let go of letters that were claimed and not begun."""
    await database.execute(
        "update letters set state = 'deferred', reason = 'given back', due_at = clock_timestamp(), changed_at = clock_timestamp()"
        " where letter_id = any($2::bigint[]) and worker_id = $1 and state = 'sending'",
        worker_id,
        list(letter_ids),
    )


async def renew(database: Database, worker_id: UUID, letter_ids: Sequence[int], lease: float) -> None:
    """Keep the leases of letters that this worker is still busy with."""
    await database.execute(
        "update letters set due_at = clock_timestamp() + make_interval(secs => $3)"
        " where letter_id = any($2::bigint[]) and worker_id = $1 and state = 'sending' and due_at > clock_timestamp()",
        worker_id,
        list(letter_ids),
        lease,
    )


async def end_leases(tx: Tx) -> list[tuple[int, Standing]]:
    """Where a lease ran out, whoever had it is gone: nobody knows what became of the letter. Needs a transaction."""
    rows = await tx.fetch(
        "select letter_id, attempts, unknowns, clock_timestamp() - written_at as age from letters"
        " where message is not null and state = 'sending' and due_at <= clock_timestamp() order by letter_id for update skip locked"
    )
    nobody_knows = Unsure("lease ran out")
    ended = [(row["letter_id"], after(nobody_knows, attempts=row["attempts"], unknowns=row["unknowns"], age=row["age"])) for row in rows]
    if ended:
        await tx.execute(
            "update letters l set state = r.state, reason = r.reason, unknowns = r.unknowns, changed_at = clock_timestamp(),"
            " due_at = clock_timestamp() + make_interval(secs => r.due_in)"
            " from unnest($1::bigint[], $2::text[], $3::text[], $4::float8[], $5::integer[])"
            " as r(letter_id, state, reason, due_in, unknowns)"
            " where l.letter_id = r.letter_id",
            [letter_id for letter_id, _ in ended],
            [standing.state for _, standing in ended],
            [standing.reason for _, standing in ended],
            [standing.due_in for _, standing in ended],
            [standing.unknowns for _, standing in ended],
        )
    return ended


async def empty_expired(database: Database) -> int:
    """Empty letters whose time is over; how many. One being sent right now is emptied when that is over."""
    done = await database.execute(
        "update letters set state = case when state = 'unknown' then 'unknown' else 'suppressed' end, reason = 'expired',"
        " address = null, message = null, due_at = null, changed_at = clock_timestamp()"
        " where expires_at <= clock_timestamp() and message is not null and state <> 'sending'"
    )
    return int(done.rpartition(" ")[2])
