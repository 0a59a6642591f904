"""What the broker has answered, kept in the database, and what it has forgotten since. The only SQL of its two tables, but for
`outbox.say_again`.

A stream that was made anew, or whose store was replaced by an older copy, no longer holds what it acknowledged: all that the
outbox still has of it is published again. The other way round, a stream may hold what the outbox doesn't know, as after an
older copy of the database was restored: nobody can mend that by a rule, so it is reported until an operator says that it is settled.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.postgres.database import Connection, Pool, Tx
from shared.telemetry.logs import log

INFO_SECONDS = 2.0
SKEW = timedelta(seconds=1)
"""How far the clocks of the database and the broker may be apart."""
MARK_SECONDS = 300.0

OF_STREAM = "split_part(type, '.', 1) = lower($1)"

_REMEMBER = """
insert into relay_streams as known (stream, created, last_seq) values ($1, $2, $3)
on conflict (stream) do update set created = excluded.created, last_seq = excluded.last_seq
"""
_HELD = f"""
from outbox where {OF_STREAM} and sent_at >= $2 and body <> ''::bytea and (expires_at is null or expires_at > clock_timestamp())
"""
_AGAIN = f"""
insert into outbox_again (stream, position, event_id) select $1, position, event_id {_HELD} on conflict do nothing
"""
_UNEXPLAINED = f"""
select $2::bigint - count(*) - (select count(*) from outbox_again where stream = $1)
from outbox where {OF_STREAM} and sent_at is null and parked_at is null and stored_at <= $3
"""
_TELL = """
update relay_streams set unknown_after = coalesce(unknown_after, last_seq), unknown_until = $2, last_seq = $2 where stream = $1
"""
EVER = datetime.fromisoformat("2000-01-01T00:00:00Z")


@dataclass(frozen=True)
class Seen:
    """A stream as the broker has it now."""

    created: str
    last_seq: int
    last_at: datetime
    """When it took in its latest event."""


async def look(client: Client, stream: str) -> Seen:
    """What the broker says of a stream. Raises nats.errors.Error or TimeoutError if it says nothing, or has no such stream."""
    answer = await client.request(f"$JS.API.STREAM.INFO.{stream}", timeout=INFO_SECONDS)
    said = json.loads(answer.data)
    if "error" in said:
        raise NatsError(f"no stream {stream}")
    return Seen(said["created"], said["state"]["last_seq"], datetime.fromisoformat(said["state"]["last_ts"]))


async def compare(tx: Tx, stream: str, seen: Seen) -> int:
    """Compare what the broker has with what it answered, and do what follows; returns the highest sequence it acknowledged.

    Nothing must be on its way to the stream meanwhile.
    """
    known = await tx.fetchrow("select created, last_seq from relay_streams where stream = $1", stream)
    created, last_seq = (known["created"], known["last_seq"]) if known else (None, 0)
    if seen.last_seq < last_seq or created not in (None, seen.created):
        await forgotten(tx, stream, held=last_seq, holds=seen.last_seq)
        last_seq = seen.last_seq
    await tx.execute(_REMEMBER, stream, seen.created, last_seq)
    if seen.last_seq > last_seq:
        # A relay that was killed has left some that are stored and not marked; whatever is beyond these came from elsewhere.
        unknown = await tx.fetchval(_UNEXPLAINED, stream, seen.last_seq - last_seq, seen.last_at + SKEW)
        if unknown > 0:
            log.error("relay.broker_ahead", stream=stream, unknown=unknown, acknowledged=last_seq, holds=seen.last_seq)
            await tx.execute(_TELL, stream, seen.last_seq)
            return seen.last_seq
    return last_seq


async def forgotten(tx: Tx, stream: str, *, held: int, holds: int) -> None:
    """The stream has lost what it acknowledged: let the relay publish it again."""
    log.error("relay.broker_forgot", stream=stream, acknowledged=held, holds=holds, again=await again(tx, stream, EVER))


async def again(tx: Tx, stream: str, since: datetime) -> int:
    """Let the relay publish again what this stream acknowledged since then; returns how many events are new to that."""
    done: str = await tx.execute(_AGAIN, stream, since, timeout=MARK_SECONDS)
    return int(done.rsplit(" ", 1)[1])


async def stored(tx: Tx, stream: str, *, sent: list[object], again: list[int], last_seq: int) -> None:
    """Mark what the stream acknowledged: events by their ids, those published again by their positions."""
    await tx.execute(
        "with sent as (update outbox set sent_at = clock_timestamp(),"
        " body = case when forget then ''::bytea else body end, names = case when forget then '{}' else names end"
        " where event_id = any($2)),"
        " again as (delete from outbox_again where stream = $1 and position = any($3))"
        " update relay_streams set last_seq = greatest(last_seq, $4) where stream = $1",
        stream,
        sent,
        again,
        last_seq,
    )


async def changed(tx: Tx, stream: str, last_seq: int) -> None:
    """Whatever this stream is now, it isn't the one that was known."""
    await tx.execute("update relay_streams set created = null, last_seq = $2 where stream = $1", stream, last_seq)


async def sent_since(connection: Connection, stream: str, since: datetime) -> int:
    """How many events `again` would let it publish."""
    return int(await connection.fetchval(f"select count(*) {_HELD}", stream, since, timeout=MARK_SECONDS))


async def known(connection: Pool | Connection) -> Sequence[Any]:
    """Each stream's row, with how many of its events are to be published again."""
    return await connection.fetch(
        "select *, (select count(*) from outbox_again as again where again.stream = relay_streams.stream) as again"
        " from relay_streams order by stream"
    )


async def settle(tx: Tx, stream: str) -> None:
    """An operator has seen to the events that this database doesn't know."""
    await tx.execute("update relay_streams set unknown_after = null, unknown_until = null where stream = $1", stream)
