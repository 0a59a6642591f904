"""No dead letter keeps its words for ever, whatever stands in it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import AddressSet, MemberErased
from shared.messaging import dead_letters, member_copy, retention
from shared.postgres.database import Pool, transaction
from tests.messaging import events

pytestmark = pytest.mark.servers

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
SOON = timedelta(minutes=3)


def address() -> AddressSet:
    return AddressSet(aggregate_id=uuid4(), aggregate_version=1, occurred_at=events.AT, address="marta@example.org")


async def bury(pool: Pool, subject: str, body: bytes, event: Event | None = None) -> int:
    """Its id."""
    async with transaction(pool) as tx:
        await dead_letters.bury(tx, subject, body, event, reason="failed", detail="", tries=1)
        return int(await tx.fetchval("select max(id) from dead_letters"))


async def body_of(pool: Pool, dead_id: int) -> bytes:
    found: bytes = await pool.fetchval("select body from dead_letters where id = $1", dead_id)
    return found


async def later(pool: Pool, by: timedelta) -> None:
    """As if that time had passed, and the timers had run."""
    await pool.execute("update dead_letters set expires_at = expires_at - $1::interval, died_at = died_at - $1::interval", by)
    await retention.blank_expired(pool)
    await retention.clean(pool)


@pytest.mark.parametrize(
    ("subject", "event", "body", "kept"),
    [
        ("private.v1.sign_in_code_issued", lambda: events.code(clock.machine_now() + SOON), b"", SOON),
        ("private.v1.sign_in_code_issued", lambda: events.code(NEVER), b"", timedelta(days=7)),
        ("private.v1.address_set", address, b"", timedelta(days=7)),
        (
            "private.v2.sign_in_code_issued",
            None,
            b'{"data": {"code": "314159", "expires_at": "9999-12-31T00:00:00Z"}}',
            timedelta(minutes=10),
        ),
        ("private.v1.sign_in_code_issued", None, b"no JSON at all: 314159", timedelta(minutes=10)),
        ("private.v9.whatever", None, b"\xff\x00", timedelta(minutes=10)),
        ("members.v1.member_joined", events.joined, b"", timedelta(days=90)),
        ("requests.v2.introduction_confirmed", None, b"{}", timedelta(days=90)),
    ],
)
async def test_each_has_an_end(subject: str, event: Callable[[], Event] | None, body: bytes, kept: timedelta, pool: Pool) -> None:
    made = event() if event else None
    dead_id = await bury(pool, subject, made.to_json() if made else body, made)
    await later(pool, kept - timedelta(minutes=1))
    assert await body_of(pool, dead_id) != b""
    await later(pool, timedelta(minutes=2))
    assert await body_of(pool, dead_id) == b""
    await later(pool, timedelta(days=90))
    await pool.execute("update dead_letters set resolved_at = resolved_at - interval '31 days'")
    await retention.clean(pool)
    assert await pool.fetchval("select count(*) from dead_letters") == 0


async def test_one_that_comes_again_keeps_its_first_end(pool: Pool) -> None:
    body = b"no JSON at all: 314159"
    dead_id = await bury(pool, "private.v1.sign_in_code_issued", body)
    await later(pool, timedelta(minutes=11))
    await bury(pool, "private.v1.sign_in_code_issued", body)
    assert await body_of(pool, dead_id) == b""


async def test_what_was_emptied_is_not_replayed_though_it_was_asked_for(pool: Pool) -> None:
    dead_id = await bury(pool, "private.v1.address_set", b"{}")
    assert await dead_letters.ask_replay(pool, [dead_id]) == 1
    assert len(await dead_letters.to_replay(pool)) == 1
    await later(pool, timedelta(minutes=11))
    assert await dead_letters.to_replay(pool) == []


async def test_an_erasure_empties_and_closes_what_names_her_alone(pool: Pool) -> None:
    event, other = events.confirmed(), events.confirmed()
    her = event.side_ids[0]
    hers = [
        await bury(pool, event.type, event.to_json(), event),
        await bury(pool, "requests.v2.praised", f'{{"about": "{her}", "words": "so careful"}}'.encode()),
        await bury(pool, "requests.v2.praised", b"\xff\x00 no text " + str(her).encode()),
    ]
    others = await bury(pool, other.type, other.to_json(), other)
    handlers = member_copy.feature("requests", ("name", "headline", "language", "time_zone", "visibility"), ()).handlers
    async with transaction(pool) as tx:
        await handlers.handle([MemberErased(aggregate_id=her, aggregate_version=1, occurred_at=events.AT)], tx)
    assert [await body_of(pool, dead_id) for dead_id in hers] == [b""] * 3
    assert [letter.id for letter in await dead_letters.open_events(pool)] == [others]
    assert await body_of(pool, others) == other.to_json()
