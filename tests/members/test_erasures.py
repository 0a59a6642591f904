"""Every service says when its part of an erasure is done; what lags is seen by operators, with a warning and a metric."""

import asyncio
from uuid import UUID

import pytest

from services import cli
from services.members.erasure import services
from services.members.erasure.commands import erase
from shared import clock
from shared.contracts.events.heard import ERASURE_DONE
from shared.postgres.database import transaction
from tests.members.conftest import Members, hear

pytestmark = pytest.mark.servers


async def test_what_is_done_is_noted_and_what_lags_is_shown(
    members: Members, database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MEMBERS_DATABASE_URL", database)
    _, me = await members.join()
    async with transaction(members.pool) as tx:
        assert await erase(tx, UUID(me), clock.now())

    async def shown() -> tuple[int, list[str]]:
        capsys.readouterr()
        status = await asyncio.to_thread(cli.main, ["members", "erasures"])
        return status, [line.split()[1] for line in capsys.readouterr().out.splitlines() if me in line]

    assert await shown() == (0, sorted(ERASURE_DONE))
    for service in ("requests", "notify"):
        done = ERASURE_DONE[service](aggregate_id=UUID(me), aggregate_version=1, occurred_at=clock.now())
        await hear(members, done, done)
    assert await shown() == (0, ["reputation"])
    await services.watch(members.pool)
    assert services.LAGGING.labels("reputation")._value.get() == 0
    await members.pool.execute("update erasures set erased_at = now() - interval '25 hours'")
    assert await shown() == (1, ["reputation"])
    await services.watch(members.pool)
    assert {name: services.LAGGING.labels(name)._value.get() for name in ERASURE_DONE} == {"requests": 0, "reputation": 1, "notify": 0}
    assert me not in caplog.text
    await hear(members, ERASURE_DONE["reputation"](aggregate_id=UUID(me), aggregate_version=1, occurred_at=clock.now()))
    assert await shown() == (0, [])
