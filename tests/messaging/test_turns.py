"""Each stream has a turn of its own: one that is full, away or silent holds no other back."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.messaging import stream_relay
from shared.postgres.database import Pool
from tests.messaging import events
from tests.messaging.conftest import Connect, Until
from tests.messaging.test_relay import all_sent, put, relaying

pytestmark = pytest.mark.servers


@pytest.mark.parametrize("how", ["full", "deleted", "silent"])
async def test_a_code_waits_for_nothing_but_its_own_stream(
    *, how: str, pool: Pool, database_url: str, as_user: Connect, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever waited for the other stream would wait far longer than the slowest machine takes.
    monkeypatch.setattr(stream_relay, "ACK_SECONDS", 60.0)
    monkeypatch.setattr(stream_relay, "POLL_SECONDS", 60.0)
    admin = await as_user("admin")
    context = admin.jetstream()
    await put(pool, events.joined())
    async with relaying(database_url, await as_user("members")):
        await until(all_sent(pool))
        if how == "full":
            config = (await context.stream_info("MEMBERS")).config
            await context.update_stream(config.evolve(max_msgs=1, discard="new"))
        else:
            await context.delete_stream("MEMBERS")
        if how == "silent":  # somebody hears it, so the broker doesn't say that nobody does
            await admin.subscribe("members.v1.>")
        await put(pool, *(events.joined() for _ in range(stream_relay.BATCH + 20)))
        await asyncio.sleep(0.3)
        for _ in range(3):
            code = events.code(datetime.now(UTC) + timedelta(minutes=10))
            await put(pool, code)

            async def sent(event_id: Any = code.id) -> Any:
                return await pool.fetchval("select sent_at from outbox where event_id = $1", event_id)

            await until(sent)
        assert await pool.fetchval("select count(*) from outbox where sent_at is null") == stream_relay.BATCH + 20
        assert await pool.fetchval("select max(tries) from outbox") == 0
