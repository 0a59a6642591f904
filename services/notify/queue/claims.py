"""The table `letters` as delivery moves its rows, from the claim to what became of it; all else about that table is in store.py.

All times are the database's clock, so that workers' clocks needn't agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.notify.queue.domain import Status, Unknown, after
from services.notify.queue.store import Database
from shared.postgres.database import Tx

Attempt = tuple[int, int]
"""A letter's id and which attempt at it this is: whoever claims a letter begins the next one."""


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
    deferrals: int
    waited: timedelta

    @property
    def attempt(self) -> Attempt:
        """The attempt that this claim is for."""
        return self.letter_id, self.attempts


_DUE = "message is not null and due_at <= clock_timestamp() and state in ('queued', 'deferred', 'unknown')"


async def anything_due(database: Database) -> bool:
    """True if there is a letter to claim."""
    found: bool = await database.fetchval(f"select exists (select from letters where {_DUE})")
    return found


async def claim(database: Database, worker_id: UUID, limit: int, lease: float) -> list[Claimed]:
    """Take up to `limit` due letters for `lease` seconds, urgent ones first. Committed before anything is said to a mail server."""
    rows = await database.fetch(
        "update letters set state = 'sending', attempts = attempts + 1, worker_id = $1, changed_at = clock_timestamp(),"
        " due_at = clock_timestamp() + make_interval(secs => $3)"
        f" where letter_id = any(array(select letter_id from letters where {_DUE}"
        " order by priority, due_at limit $2 for update skip locked))"
        " returning letter_id, event_id, kind, correlation_id, priority, address, message, attempts, unknowns, deferrals,"
        " clock_timestamp() - coalesce(deferred_since, clock_timestamp()) as waited",
        worker_id,
        limit,
        lease,
    )
    found = [Claimed(**row) for row in rows]
    return sorted(found, key=lambda letter: (letter.priority, letter.letter_id))


async def last_look(database: Database, worker_id: UUID, attempts: Sequence[Attempt], left: float) -> dict[int, str]:
    """By letter, why it must not leave now; `''` if it may.

    A letter that isn't this worker's any more, or whose lease ends within `left` seconds, has no entry. A did_not_go_ahead has no
    `about_ids`: a missing letter must not reveal a block or a departure.
    """
    rows = await database.fetch(
        "select l.letter_id, case"
        " when l.expires_at <= clock_timestamp() then 'expired'"
        " when me.erased then 'erased'"
        " when me.suspended and l.reaches = 'member' then 'suspended'"
        " when exists (select from members m where m.member_id = any(l.about_ids) and m.erased) then 'other_erased'"
        " when exists (select from members m where m.member_id = any(l.about_ids) and m.suspended) then 'other_suspended'"
        " when exists (select from blocks b where b.active and (b.blocker_id = l.recipient_id and b.blocked_id = any(l.about_ids)"
        " or l.stopped_by_their_block and b.blocked_id = l.recipient_id and b.blocker_id = any(l.about_ids))) then 'blocked'"
        " else '' end as why_not"
        " from unnest($2::bigint[], $3::integer[]) as mine(letter_id, attempts)"
        " join letters l on l.letter_id = mine.letter_id and l.attempts = mine.attempts and l.worker_id = $1 and l.state = 'sending'"
        " and l.due_at > clock_timestamp() + make_interval(secs => $4)"
        " left join members me on me.member_id = l.recipient_id and l.reaches <> 'address'",
        worker_id,
        [letter_id for letter_id, _ in attempts],
        [number for _, number in attempts],
        left,
    )
    return {row["letter_id"]: row["why_not"] for row in rows}


async def record(database: Database, results: Sequence[tuple[Attempt, Status]]) -> None:
    """Store what became of attempts.

    Once its lease has run out, an attempt has no say in its letter but one, until somebody tries again: that it was sent.
    """
    await database.execute(
        "update letters l set state = r.state, reason = r.reason, unknowns = r.unknowns, deferrals = r.deferrals,"
        " deferred_since = case when r.deferrals > 0 then coalesce(l.deferred_since, clock_timestamp()) end,"
        " changed_at = clock_timestamp(), due_at = clock_timestamp() + make_interval(secs => r.due_in),"
        " address = case when r.keeps then l.address end, message = case when r.keeps then l.message end,"
        " title = case when r.keeps or r.state = 'sent' then l.title end"
        " from unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::float8[], $6::integer[], $7::integer[],"
        " $8::boolean[]) as r(letter_id, attempts, state, reason, due_in, unknowns, deferrals, keeps)"
        " where l.letter_id = r.letter_id and l.attempts = r.attempts"
        " and (l.state = 'sending' or l.state = 'unknown' and r.state = 'sent')",
        [letter_id for (letter_id, _), _ in results],
        [number for (_, number), _ in results],
        [status.state for _, status in results],
        [status.reason for _, status in results],
        [status.due_in for _, status in results],
        [status.unknowns for _, status in results],
        [status.deferrals for _, status in results],
        [status.keeps_bytes for _, status in results],
    )


async def give_back(database: Database, worker_id: UUID, letter_ids: Sequence[int]) -> None:
    """Let go of letters that were claimed and not begun."""
    await database.execute(
        "update letters set state = 'deferred', reason = 'given back', due_at = clock_timestamp(), changed_at = clock_timestamp()"
        " where letter_id = any($2::bigint[]) and worker_id = $1 and state = 'sending'",
        worker_id,
        list(letter_ids),
    )


async def take_back(database: Database, letter_ids: Sequence[int], wait: float) -> None:
    """Let letters that were rejected for what was said of us be tried again in `wait` seconds."""
    await database.execute(
        "update letters set state = 'deferred', deferrals = deferrals + 1, deferred_since = coalesce(deferred_since, clock_timestamp()),"
        " due_at = clock_timestamp() + make_interval(secs => $2), changed_at = clock_timestamp()"
        " where letter_id = any($1::bigint[]) and state = 'rejected' and message is not null",
        list(letter_ids),
        wait,
    )


async def renew(database: Database, worker_id: UUID, letter_ids: Sequence[int], lease: float) -> None:
    """Extend the leases of letters that this worker is still busy with to `lease` seconds from now."""
    await database.execute(
        "update letters set due_at = clock_timestamp() + make_interval(secs => $3)"
        " where letter_id = any($2::bigint[]) and worker_id = $1 and state = 'sending' and due_at > clock_timestamp()",
        worker_id,
        list(letter_ids),
        lease,
    )


async def end_leases(tx: Tx) -> list[tuple[int, Status]]:
    """Letters whose lease ran out, and where they stand now: whoever had them is gone, and nobody knows what became of them."""
    rows = await tx.fetch(
        "select letter_id, attempts, unknowns, deferrals from letters"
        " where message is not null and state = 'sending' and due_at <= clock_timestamp() order by letter_id for update skip locked"
    )
    nobody_knows, no_matter = Unknown("lease ran out"), timedelta()
    ended = [
        ((letter_id, attempts), after(nobody_knows, unknowns=unknowns, deferrals=deferrals, waited=no_matter, wait=0))
        for letter_id, attempts, unknowns, deferrals in rows
    ]
    if ended:
        await record(tx, ended)
    return [(letter_id, status) for (letter_id, _), status in ended]
