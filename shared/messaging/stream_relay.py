"""One stream's turn at the outbox: its events in order, and whether the stream still holds what it acknowledged."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared import clock
from shared.messaging import acknowledged, metrics
from shared.messaging.outbox import CHANNEL
from shared.messaging.publishing import Publisher, Refused, Stored
from shared.postgres.database import Connection
from shared.postgres.notify import Listener
from shared.telemetry.logs import log

BATCH = 500
AGAIN = 50
AGAIN_SECONDS = 0.1
"""What is published a second time goes in small helpings, so that what is new hardly waits: at most 500 a second."""
POLL_SECONDS = 1.0
ACK_SECONDS = 5.0
LOOK_SECONDS = 30.0
TRIES = 5

_COLUMNS = "event_id, type, body, correlation_id, traceparent, expires_at"
_DUE = f"""
(select {_COLUMNS}, null::bigint as again from outbox
 where {acknowledged.OF_STREAM} and sent_at is null and parked_at is null order by position limit $2)
union all
(select {_COLUMNS}, again.position as again from outbox_again as again join outbox using (event_id)
 where again.stream = $1 and body <> ''::bytea and parked_at is null and (expires_at is null or expires_at > clock_timestamp())
 order by again.position limit $3)
"""
_REFUSED = """
update outbox set tries = tries + 1, parked_reason = $2, parked_at = case when tries + 1 >= $3 then clock_timestamp() end
where event_id = $1 returning tries
"""
_LATE = "update outbox set parked_at = clock_timestamp(), parked_reason = 'expired', body = ''::bytea where event_id = any($1)"


Session = Callable[[], AbstractAsyncContextManager[Connection]]
"""`async with session() as connection`: the relay's one connection, for one stream at a time."""


@dataclass
class _Round:
    """What became of one batch."""

    stored: list[tuple[Any, Stored]] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)
    late: list[Any] = field(default_factory=list)
    unanswered: list[BaseException] = field(default_factory=list)

    def lost_by(self, last_seq: int) -> int | None:
        """The number from which on the stream counts anew, if it gives new messages numbers that it gave before."""
        again = [at.sequence for row, at in self.stored if at.sequence <= last_seq and not (at.duplicate and row["again"])]
        return min(again, default=None)


class StreamRelay:
    """Publishes the events of one stream; whether another stream is away or slow is no matter here."""

    def __init__(self, stream: str, client: Client) -> None:
        self._stream, self._client = stream, client
        self._publisher = Publisher(client)
        self._new = Listener(CHANNEL)
        self._look_at = self._again_at = 0.0
        self._pause = POLL_SECONDS
        self._away = False
        self._last_seq = 0

    def disconnected(self) -> None:
        """The broker has gone: what isn't acknowledged by now won't be."""
        self._publisher.forget()

    def reconnected(self) -> None:
        """The broker is back: go on at once."""
        self._look_at = 0
        self._new.announce()

    async def open(self) -> None:
        """Listen for the broker's answers."""
        await self._publisher.open()

    async def run(self, session: Session) -> None:
        """Publish until cancelled, or until the session's connection is lost."""
        self._look_at = 0
        async with session() as connection:
            await self._new.attach(connection)
        while True:
            self._new.clear()
            if not await self._round(session):
                await self._new.wait(self._pause)

    async def _round(self, session: Session) -> bool:
        """Publish one batch and mark what became of it; True if there is more to do at once."""
        now = asyncio.get_running_loop().time()
        helping = AGAIN if now >= self._again_at else 0
        async with session() as connection:
            rows = await connection.fetch(_DUE, self._stream, BATCH, helping)
        waiting = sum(row["again"] is None for row in rows)
        metrics.WAITING.labels(self._stream).set(waiting)
        if not self._client.is_connected or not await self._looked(session, now):
            self._pause = POLL_SECONDS
            return False
        if helping:
            more = len(rows) - waiting == AGAIN
            self._again_at, self._pause = now + AGAIN_SECONDS, AGAIN_SECONDS if more else POLL_SECONDS
        if not rows:
            return False
        done = await self._publish(rows)
        async with session() as connection:
            await self._mark(connection, done)
        if done.unanswered:
            self._look_at = 0
        metrics.WAITING.labels(self._stream).set(waiting - sum(row["again"] is None for row, _ in done.stored) - len(done.late))
        return bool(done.stored) and waiting == BATCH

    async def _looked(self, session: Session, now: float) -> bool:
        """Whether it is known what the stream still holds: nothing is published before that."""
        if now < self._look_at:
            return True
        try:
            seen = await acknowledged.look(self._client, self._stream)
        except (NatsError, TimeoutError) as error:
            if not self._away:
                log.warning("relay.stream_missed", stream=self._stream, error=error)
            self._away = True
            return False
        self._away, self._look_at = False, now + LOOK_SECONDS
        async with session() as connection, connection.transaction():
            self._last_seq = await acknowledged.compare(connection, self._stream, seen)
        return True

    async def _publish(self, rows: Sequence[Any]) -> _Round:
        done, now = _Round(), clock.machine_now()
        asked: list[tuple[Any, asyncio.Future[Stored]]] = []
        for row in rows:
            if not self._client.is_connected:
                break  # the rest waits for the next round
            if row["expires_at"] is not None and row["expires_at"] <= now:
                done.late.append(row["event_id"])
                continue
            try:
                asked.append((row, await self._publisher.publish(row["type"], row["body"], _headers(row, now))))
            except Refused as error:
                done.refused.append((row["event_id"], str(error)))
            except (NatsError, OSError):
                break  # as above, or its buffer is full
        if asked:
            await asyncio.wait([answer for _, answer in asked], timeout=ACK_SECONDS)
        self._sort(asked, done)
        self._publisher.forget()
        return done

    def _sort(self, asked: list[tuple[Any, asyncio.Future[Stored]]], done: _Round) -> None:
        unheard = []
        for row, answer in asked:
            error = _error_of(answer)
            if error is None:
                done.stored.append((row, answer.result()))
            elif isinstance(error, Refused):
                done.refused.append((row["event_id"], str(error)))
            else:
                done.unanswered.append(error)
                unheard += [row["event_id"]] if isinstance(error, TimeoutError) else []
        if done.stored:
            # It took others in the same round, so it is not the broker that is away: a subject that the user may not use, say.
            done.refused += [(event_id, "no answer") for event_id in unheard]
        if done.unanswered:
            unanswered, error = len(done.unanswered), done.unanswered[0]
            log.warning("relay.unanswered", stream=self._stream, count=unanswered, sent=len(done.stored), error=error)

    async def _mark(self, connection: Connection, done: _Round) -> None:
        if done.stored:
            await self._mark_stored(connection, done)
        if done.late:
            await connection.execute(_LATE, done.late)
        for event_id, why in done.refused:
            await self._refuse(connection, event_id, why)

    async def _mark_stored(self, connection: Connection, done: _Round) -> None:
        sent = [row["event_id"] for row, _ in done.stored if row["again"] is None]
        again = [row["again"] for row, _ in done.stored if row["again"] is not None]
        lost_by, last = done.lost_by(self._last_seq), max(at.sequence for _, at in done.stored)
        if lost_by is None:
            await acknowledged.stored(connection, self._stream, sent=sent, again=again, last_seq=last)
            self._last_seq = max(self._last_seq, last)
        else:
            async with connection.transaction():
                await acknowledged.stored(connection, self._stream, sent=sent, again=again, last_seq=last)
                await acknowledged.forgotten(connection, self._stream, held=self._last_seq, holds=lost_by - 1)
                await acknowledged.changed(connection, self._stream, last)
            self._last_seq, self._look_at = last, 0
        metrics.RELAYED.inc(len(done.stored))

    async def _refuse(self, connection: Connection, event_id: Any, why: str) -> None:
        tries = await connection.fetchval(_REFUSED, event_id, why, TRIES)
        metrics.REFUSED.inc()
        if tries >= TRIES:
            log.error("event.parked", event_id=event_id, reason=why, tries=tries)


def _error_of(answer: asyncio.Future[Stored]) -> BaseException | None:
    if answer.cancelled():
        return ConnectionResetError()  # the broker has gone
    return answer.exception() if answer.done() else TimeoutError()


def _headers(row: Any, now: datetime) -> dict[str, str]:
    headers = {
        "Nats-Msg-Id": str(row["event_id"]),
        "message_id": str(row["event_id"]),
        "content-type": "application/json",
    }
    for name in ("correlation_id", "traceparent"):
        if row[name]:
            headers[name] = row[name]
    if row["expires_at"] is not None:
        headers["Nats-TTL"] = str(max(1, round((row["expires_at"] - now).total_seconds())))
    return headers
