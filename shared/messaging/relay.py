"""Publishes what the outbox holds. One relay a database is active; others stand by for its lock."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared import clock
from shared.messaging import metrics
from shared.messaging.outbox import CHANNEL
from shared.messaging.publishing import Publisher, Refused
from shared.messaging.topology import stream_of
from shared.postgres.database import RETRYABLE, connect
from shared.postgres.notify import Listener
from shared.telemetry.logs import log

LOCK = 0x6F75_7462_6F78  # "outbox"
BATCH = 500
POLL_SECONDS = 1.0
ACK_SECONDS = 5.0
TRIES = 5

_WAITING = """
select event_id, type, body, correlation_id, traceparent, expires_at from outbox
where sent_at is null and parked_at is null order by position limit $1
"""
_SENT = "update outbox set sent_at = clock_timestamp() where event_id = any($1)"
_REFUSED = """
update outbox set tries = tries + 1, parked_reason = $2, parked_at = case when tries + 1 >= $3 then clock_timestamp() end
where event_id = $1 returning tries
"""
_LATE = "update outbox set parked_at = clock_timestamp(), parked_reason = 'expired', body = ''::bytea where event_id = any($1)"


@dataclass
class _Round:
    """What became of one batch."""

    sent: list[Any] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)
    late: list[Any] = field(default_factory=list)


class Relay:
    """The relay of one database. `url` is that database's, as a direct connection (LISTEN needs one)."""

    def __init__(self, url: str, client: Client, *, name: str = "relay") -> None:
        self._url, self._client, self._name = url, client, name
        self._publisher = Publisher(client)
        self._new = Listener(CHANNEL)
        self.active = False

    def disconnected(self) -> None:
        """The broker has gone: what isn't acknowledged by now won't be."""
        self._publisher.forget()

    def reconnected(self) -> None:
        """The broker is back: go on at once."""
        self._new.announce()

    async def run(self) -> None:
        """Publish until cancelled, through every outage of the database and the broker."""
        await self._publisher.open()
        told = False
        while True:
            try:
                await self._with_a_connection()
            except RETRYABLE as error:
                if not told:
                    log.warning("relay.interrupted", error=error)
                told = not self.active
            except Exception as error:  # a relay that ends for good would hold every event back
                log.error("relay.failed", exc_info=error)
            finally:
                self.active = False
            await asyncio.sleep(POLL_SECONDS)

    async def _with_a_connection(self) -> None:
        # The lock, the reading and the marking share one connection, so that who loses it can't mark anything.
        connection = await connect(self._url, timeout=5, command_timeout=30, server_settings={"application_name": f"{self._name} relay"})
        try:
            # Polled: a session that waits for an advisory lock stands in the way of `create index concurrently`.
            while not await connection.fetchval("select pg_try_advisory_lock($1)", LOCK):  # noqa: ASYNC110  (another process holds it)
                await asyncio.sleep(POLL_SECONDS)
            self.active = True
            log.info("relay.activated")
            await self._new.attach(connection)
            while True:
                self._new.clear()
                if not await self._round(connection):
                    await self._new.wait(POLL_SECONDS)
        finally:
            await _close(connection)

    async def _round(self, connection: Any) -> bool:
        """Publish one batch and mark what became of it; True if there is more to do at once."""
        rows = await connection.fetch(_WAITING, BATCH)
        if not rows or not self._client.is_connected:
            metrics.WAITING.set(len(rows))
            return False
        done = await self._publish(rows)
        if done.sent:
            await connection.execute(_SENT, done.sent)
            metrics.RELAYED.inc(len(done.sent))
        if done.late:
            await connection.execute(_LATE, done.late)
        for event_id, why in done.refused:
            await self._refuse(connection, event_id, why)
        metrics.WAITING.set(len(rows) - len(done.sent) - len(done.late))
        return len(rows) == BATCH and bool(done.sent)

    async def _publish(self, rows: Sequence[Any]) -> _Round:
        done, now = _Round(), clock.machine_now()
        asked: list[tuple[Any, asyncio.Future[None]]] = []
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
        _sort(asked, done)
        self._publisher.forget()
        return done

    async def _refuse(self, connection: Any, event_id: Any, why: str) -> None:
        tries = await connection.fetchval(_REFUSED, event_id, why, TRIES)
        metrics.REFUSED.inc()
        if tries >= TRIES:
            log.error("event.parked", event_id=event_id, reason=why, tries=tries)


def _sort(asked: list[tuple[Any, asyncio.Future[None]]], done: _Round) -> None:
    unanswered: list[tuple[Any, BaseException]] = []
    took: set[str] = set()
    for row, answer in asked:
        error = _error_of(answer)
        if error is None:
            done.sent.append(row["event_id"])
            took.add(stream_of(row["type"]))
        elif isinstance(error, Refused):
            done.refused.append((row["event_id"], str(error)))
        else:
            unanswered.append((row, error))
    if unanswered:
        log.warning("relay.unanswered", count=len(unanswered), sent=len(done.sent), error=unanswered[0][1])
    # If its stream took others in the same round, it is not the broker that is away: a subject it may not use, say.
    for row, error in unanswered:
        if isinstance(error, TimeoutError) and stream_of(row["type"]) in took:
            done.refused.append((row["event_id"], "no answer"))


def _error_of(answer: asyncio.Future[None]) -> BaseException | None:
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


async def _close(connection: Any) -> None:
    # A close that waits for a dead server would keep the next try from beginning.
    try:
        await connection.close(timeout=1)
    except RETRYABLE:
        connection.terminate()
