"""A migrated database of the service, its handlers as a worker runs them, and its API."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.reputation import app, worker
from services.reputation.contests import commands as contests
from services.reputation.contests.domain import Contest
from services.reputation.ledger.domain import Rating
from services.reputation.rebuild import commands as rebuild
from services.reputation.scores import commands as scores
from services.reputation.scores.store import settings
from services.reputation.snapshot import commands as snapshots
from services.reputation.snapshot import store as shown
from services.reputation.standing.commands import settle, some
from services.reputation.standing.store import add_anchor
from shared.contracts.events.base import Event
from shared.http import tokens
from shared.messaging import registry
from shared.messaging.processor import DONE, Delivery, EventProcessor
from shared.postgres.database import Pool, create_pool, transaction
from shared.process.settings import ApiSettings
from tests.conftest import MakeDatabase
from tests.reputation.examples import EVERYONE, SILENT, T, joined, placed

KEY = tokens.new_key("tests")
MODERATOR = UUID(int=99)
HANDLERS = registry.of_service("reputation", [feature.handlers for feature in worker.FEATURES])

Hear = Callable[..., Coroutine[Any, Any, None]]
Read = Callable[..., Awaitable[Any]]


@pytest.fixture
async def database(make_database: MakeDatabase) -> str:
    return await make_database("reputation")


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    made = await create_pool(database, size=4)
    yield made
    await made.close()


@pytest.fixture
def hear(pool: Pool) -> Hear:
    """`await hear(*events)` handles them as the worker does, one by one, or with `together=True` as one batch."""
    processor = EventProcessor(HANDLERS, pool)

    async def hear(*events: Event, together: bool = False) -> None:
        deliveries = [Delivery(event.type, event.to_json(), datetime.now(UTC)) for event in events]
        for batch in [deliveries] if together else [[delivery] for delivery in deliveries]:
            assert await processor.batch(batch) == [DONE] * len(batch)

    return hear


@pytest.fixture
async def known(hear: Hear, pool: Pool) -> None:
    """Everyone has been here for half a year, each by a path of her own, and a night has said so."""
    await hear(*(joined(member, name) for name, member in EVERYONE.items()), together=True)
    await hear(*(placed(member) for member in EVERYONE.values()), together=True)
    await night(pool, T)


async def night(pool: Pool, at: datetime) -> int:
    """Settle how raters count, and give for how many that changed."""
    async with transaction(pool) as tx:
        await settle(tx, at, await settings(tx), anew=True)
        count = await some(tx, 1000, 0)
        await tx.execute("update nights set finished = true")
        return count


async def name_anchors(pool: Pool, *members: UUID) -> None:
    """Beside two who say nothing, so that they count from the next night on."""
    async with pool.acquire() as tx:
        for member in (*members, *SILENT):
            await add_anchor(tx, member, T)


async def snapshot(pool: Pool, at: datetime) -> int:
    """Show everybody what is known at `at`, and give how many that are."""
    async with transaction(pool) as tx:
        await snapshots.begin(tx, at, anew=True)
        count = await snapshots.some(tx, 1000, 0)
        await shown.finish(tx)
        return count


async def exclude(pool: Pool, *ratings: Rating, at: datetime = T + timedelta(hours=1)) -> None:
    """A moderator finds that these count nowhere, in a contest of whoever they are about."""
    async with transaction(pool) as tx:
        await scores.lock(tx, [], partial(scores.concerned, tx, ratings))
        decided = Contest(uuid4(), ratings[0].member_id, "bad", "o" * 20, at, "a" * 40, at)
        await contests.exclude(tx, decided, MODERATOR, "She never met her.", ratings)


async def differences(pool: Pool) -> list[str]:
    """What differs from a replay of the ledger."""
    async with pool.acquire() as tx, tx.transaction(isolation="repeatable_read"):
        return (await rebuild.check(tx))[1]


@pytest.fixture
async def api(database: str) -> AsyncIterator[httpx.AsyncClient]:
    """The API, asked without a token."""
    keys = json.dumps(tokens.public_keys(KEY))
    served = app.create(ApiSettings.model_validate({"port": 0, "health_port": 0, "database_url": database, "token_public_keys": keys}))
    async with (
        served.router.lifespan_context(served),
        httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://reputation") as client,
    ):
        yield client


@pytest.fixture
def read(api: httpx.AsyncClient) -> Read:
    """`await read(member, path)`: what the API answers her; `roles` are hers."""

    async def read(member: UUID, path: str, roles: Sequence[str] = (), **query: Any) -> Any:
        answer = await api.get(path, params=query, headers=bearer(member, *roles))
        assert answer.status_code == 200, answer.text
        return answer.json()

    return read


def bearer(member: UUID, *roles: str) -> dict[str, str]:
    """What says that she is asking."""
    token, _ = tokens.TokenSigner(KEY).issue(member, "reputation", roles=roles)
    return {"Authorization": f"Bearer {token}"}
