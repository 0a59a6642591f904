"""Events are stored in the transaction that made them true; the relay publishes them afterwards."""

import re
from uuid import UUID

from shared.contracts.events.base import Event
from shared.postgres import notify
from shared.postgres.database import Tx
from shared.telemetry.traces import correlation_id, traceparent

CHANNEL = "outbox"

_INSERT = """
insert into outbox (event_id, type, aggregate_id, body, correlation_id, traceparent, expires_at, names)
select event_id, type, aggregate_id, body, correlation_id, traceparent, expires_at, names::uuid[]
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bytea[], $5::text[], $6::text[], $7::timestamptz[], $8::text[])
    as e(event_id, type, aggregate_id, body, correlation_id, traceparent, expires_at, names)
on conflict (event_id) do nothing
"""
_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def put(tx: Tx, *events: Event) -> None:
    """Store events in the transaction `tx`, stamped with the correlation and trace of what is being handled.

    An event that is already there (same aggregate, type and version) is left as it is. The relay is notified once `tx` commits.
    """
    if not events:
        return
    stamped = [_stamped(event) for event in events]
    bodies = [event.to_json() for event in stamped]
    await tx.execute(
        _INSERT,
        [event.id for event in stamped],
        [event.type for event in stamped],
        [event.aggregate_id for event in stamped],
        bodies,
        [event.correlation_id for event in stamped],
        [event.traceparent for event in stamped],
        [event.good_until() for event in stamped],
        # As text, since PostgreSQL has no arrays of arrays of different lengths.
        [f"{{{','.join(_names(event, body))}}}" for event, body in zip(stamped, bodies, strict=True)],
    )
    await notify.wake(tx, CHANNEL)


async def say_again(tx: Tx, *events: Event) -> None:
    """As `put`, and what a stream has acknowledged already is published once more: for who didn't hear it then."""
    await put(tx, *events)
    await tx.execute(
        "insert into outbox_again (stream, position, event_id) select upper(split_part(type, '.', 1)), position, event_id from outbox"
        " where event_id = any($1::uuid[]) and sent_at is not null and body <> ''::bytea on conflict do nothing",
        [event.id for event in events],
    )


async def forget(tx: Tx, aggregate_id: UUID) -> None:
    """Empty the bodies of an aggregate's events; those that weren't sent yet are sent no more."""
    await tx.execute(
        "update outbox set body = ''::bytea, names = '{}', parked_at = case when sent_at is null then clock_timestamp() end,"
        " parked_reason = case when sent_at is null then 'expired' end where aggregate_id = $1 and body <> ''::bytea",
        aggregate_id,
    )


async def forget_naming(tx: Tx, member_id: UUID) -> None:
    """Empty the bodies of the events that name a member. One that wasn't sent yet is sent first: others have to hear it."""
    within = "position(convert_to($1::text, 'UTF8') in body) > 0"
    sent = "sent_at is not null and body <> ''::bytea"
    await tx.execute(
        "update outbox set body = ''::bytea, names = '{}'"
        f" where {sent} and names @> array[$1::text::uuid] or {sent} and names is null and {within}",
        str(member_id),
    )
    waiting = "sent_at is null and parked_at is null"
    await tx.execute(f"update outbox set forget = true where {waiting} and body <> ''::bytea and {within}", str(member_id))


def _names(event: Event, body: bytes) -> set[str]:
    """Whom it may name: every id in it but its own."""
    return {found.decode() for found in _ID.findall(body)} - {str(event.id)}


def _stamped(event: Event) -> Event:
    stamp = {"correlation_id": correlation_id.get(), "traceparent": traceparent.get()}
    missing = {name: value for name, value in stamp.items() if not getattr(event, name)}
    return event.model_copy(update=missing) if missing else event
