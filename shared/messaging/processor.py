"""The wrapper around every handler: claims, transactions, and what becomes of an event that can't be handled.

It knows nothing of the broker: it is given deliveries, and says of each when it is to come again, if at all.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from traceback import walk_tb
from typing import Literal

from cachetools import LRUCache

from shared import clock
from shared.backoff import backoff
from shared.contracts.events import base
from shared.contracts.events.base import Event, UnreadableEvent
from shared.messaging import dead_letters, inbox, metrics
from shared.messaging.dead_letters import key_of
from shared.messaging.registry import CannotHandle, Handlers, NotYetKnown
from shared.postgres.database import TRANSIENT, UNAVAILABLE, Pool, Tx, transaction
from shared.telemetry.logs import log
from shared.telemetry.redaction import describe
from shared.telemetry.traces import following

TRIES = 6
NOT_YET_KNOWN_FOR = timedelta(hours=24)
LONGEST_WAIT_SECONDS = 60.0
LONGEST_OUTAGE_WAIT_SECONDS = 5.0
_REMEMBERED = 10_000


@dataclass(frozen=True)
class Delivery:
    """One message as the broker gave it; `stored_at` is when its stream took it in."""

    subject: str
    body: bytes
    stored_at: datetime


@dataclass(frozen=True)
class Verdict:
    """Done with (handled, known already or a dead letter) if `again` is None; else the seconds until it should come again."""

    again: float | None = None
    what: Literal["done", "dead", "later", "outage"] = "done"


DONE = Verdict()
DEAD = Verdict(None, "dead")


class EventProcessor:
    """Handles one service's events in its database."""

    def __init__(self, handlers: Handlers, pool: Pool) -> None:
        self._handlers, self._pool = handlers, pool
        self._failed: LRUCache[str, int] = LRUCache(_REMEMBERED)
        self._outage = 0

    async def batch(self, deliveries: Sequence[Delivery]) -> list[Verdict]:
        """Handle deliveries in one transaction or, if one of them spoils it, each in its own. Never raises but CancelledError."""
        read = [self._read(delivery) for delivery in deliveries]
        events = [event for event in read if isinstance(event, Event)]
        together = await self._together(events) if len(events) > 1 else None
        verdicts: list[Verdict] = []
        for delivery, event in zip(deliveries, read, strict=True):
            if verdicts and verdicts[-1].what == "outage":
                verdicts.append(verdicts[-1])  # the rest needs the same database
            elif together and isinstance(event, Event):
                verdicts.append(together)
            else:
                verdicts.append(await self._alone(delivery, event))
        return verdicts

    async def replay(self, dead_id: int, delivery: Delivery) -> Verdict:
        """Handle a dead letter again, once; it is resolved in the same transaction, or open again with its newer reason."""
        event = self._read(delivery)
        self._failed[key_of(delivery.body, event)] = TRIES
        verdict = await self._alone(delivery, event, dead_id=dead_id)
        if verdict is DEAD:
            async with transaction(self._pool) as tx:
                await dead_letters.replayed(tx, dead_id, resolved=False)
        return verdict

    def _read(self, delivery: Delivery) -> Event | UnreadableEvent:
        try:
            event = base.parse(delivery.body)
        except UnreadableEvent as error:
            return error
        if event.type != delivery.subject:
            # Who may publish is settled by subject: a body that says otherwise is forged or broken.
            return UnreadableEvent("malformed", f"a {event.type} on {delivery.subject}")
        if event.id != event.derived_id():
            # Else one service could claim the ids of another's events before these come.
            return UnreadableEvent("malformed", f"the id of a {event.type} doesn't follow from its aggregate and version")
        if event.type not in self._handlers.types:
            return UnreadableEvent("unknown", f"no handler of {event.type} here")
        return event

    async def _together(self, events: list[Event]) -> Verdict | None:
        """Handle all in one transaction; None if one of them spoils it, so that each needs its own."""
        try:
            async with transaction(self._pool) as tx:
                await self._claim_and_handle(tx, events)
        except UNAVAILABLE as error:
            return await self._unavailable(error)
        except Exception as error:  # whatever it is, each gets a chance and a verdict of its own
            log.debug("events.separated", count=len(events), error=error)
            return None
        self._handled(events)
        return DONE

    async def _claim_and_handle(self, tx: Tx, events: list[Event]) -> None:
        new = await inbox.claim(tx, [event.id for event in events])
        fresh = [event for event in {event.id: event for event in events}.values() if event.id in new]
        for run in self._runs(fresh):
            # Of many, within the first's correlation and trace.
            with following(run[0].correlation_id, run[0].traceparent):
                await self._handlers.handle(run, tx)

    def _runs(self, events: list[Event]) -> Iterator[list[Event]]:
        """The events in their order: one by one, or as neighbours of one type if its handler takes lists."""
        for kind, neighbours in groupby(events, key=lambda event: event.type):
            if self._handlers.in_lists(kind):
                yield list(neighbours)
            else:
                yield from ([event] for event in neighbours)

    async def _alone(self, delivery: Delivery, event: Event | UnreadableEvent, *, dead_id: int | None = None) -> Verdict:
        try:
            if isinstance(event, UnreadableEvent):
                return await self._bury(delivery, None, event.reason, event.detail)
            try:
                async with transaction(self._pool) as tx:
                    await self._claim_and_handle(tx, [event])
                    if dead_id is not None:
                        await dead_letters.replayed(tx, dead_id, resolved=True)
            except TRANSIENT:
                raise
            except Exception as error:
                return await self._failure(delivery, event, error)
        except TRANSIENT as error:
            return await self._unavailable(error)
        self._failed.pop(key_of(delivery.body, event), None)
        self._handled([event])
        return DONE

    async def _failure(self, delivery: Delivery, event: Event, error: Exception) -> Verdict:
        """A dead letter, or another try later."""
        # Counted here: the broker's own count also grows with every outage and restart, which are no fault of the event.
        key = key_of(delivery.body, event)
        tries = self._failed[key] = self._failed.get(key, 0) + 1
        with following(event.correlation_id, event.traceparent):
            if isinstance(error, CannotHandle):
                return await self._bury(delivery, event, "cannot_handle", str(error), tries)
            if isinstance(error, NotYetKnown):
                if clock.machine_now() - delivery.stored_at < NOT_YET_KNOWN_FOR:
                    return _later("not_yet_known", tries, first=0.1)
                return await self._bury(delivery, event, "not_yet_known", "a row it needs did not come within 24 hours", tries)
            if tries >= TRIES:
                log.error("event.failed", type=event.type, event_id=event.id, tries=tries, exc_info=error)
                return await self._bury(delivery, event, "failed", f"{describe(error)} at {_place(error)}", tries)
            log.warning("event.failed", type=event.type, event_id=event.id, tries=tries, error=error)
            return _later("failed", tries)

    async def _bury(self, delivery: Delivery, event: Event | None, reason: str, detail: str, tries: int = 1) -> Verdict:
        async with transaction(self._pool) as tx:
            await dead_letters.bury(tx, delivery.subject, delivery.body, event, reason=reason, detail=detail, tries=tries)
        self._failed.pop(key_of(delivery.body, event), None)
        metrics.DEAD.labels(reason).inc()
        log.error("event.buried", subject=delivery.subject, event_id=event.id if event else None, reason=reason, detail=detail)
        return DEAD

    async def _unavailable(self, error: Exception) -> Verdict:
        """Nothing is wrong with the event: it comes again, however often that takes."""
        self._outage += 1
        if self._outage == 1:
            log.warning("database.missed", error=error)
        metrics.RETRIED.labels("unavailable").inc()
        wait = backoff(self._outage, first=0.2, longest=LONGEST_OUTAGE_WAIT_SECONDS)
        # Slows the subscriber down as well, so that an outage doesn't turn the whole stream over and over.
        await asyncio.sleep(min(wait, 1.0))
        return Verdict(wait, "outage")

    def _handled(self, events: Sequence[Event]) -> None:
        self._outage = 0
        metrics.HANDLED.inc(len(events))


def _later(why: str, tries: int, *, first: float = 0.5) -> Verdict:
    metrics.RETRIED.labels(why).inc()
    return Verdict(backoff(tries, first=first, longest=LONGEST_WAIT_SECONDS), "later")


def _place(error: BaseException) -> str:
    """Where an exception came from, as file and line: its message may quote private text."""
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    own = [frame for frame in frames if "site-packages" not in frame[0]] or frames
    return f"{Path(own[-1][0]).name}:{own[-1][1]}" if own else "nowhere"
