"""Who may read whose address: each of two women to whom both have said yes, while the two exist for each other."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from prometheus_client import generate_latest

from services.members import worker
from services.members.introduced import handlers
from services.members.safety import commands
from shared.contracts.events.heard import HEARS
from shared.contracts.events.requests import IntroductionConfirmed, IntroductionEvent, IntroductionVouched
from shared.postgres.database import transaction
from shared.telemetry import logs
from tests.backends.base import Broker
from tests.members.conftest import Members, confirmed, hear, running
from tests.members.test_safety import GONE, bearer, do, erase_, observed, rows
from tests.messaging.publishing import publish

pytestmark = pytest.mark.servers

ANA, EVA, ZOE = (f"{name}@example.com" for name in ("ana", "eva", "zoe"))


async def read(members: Members, reader: str, member_id: str) -> httpx.Response:
    return await members.client.get(f"/v1/introduced/{member_id}", headers=bearer(reader))


async def join(members: Members) -> tuple[str, str, str]:
    ana, eva, zoe = [(await members.join(address))[1] for address in (ANA, EVA, ZOE)]
    return ana, eva, zoe


async def test_once_both_have_said_yes_each_reads_the_others_address(members: Members) -> None:
    ana, eva, _ = await join(members)
    assert [(await read(members, *two)).status_code for two in ((ana, eva), (eva, ana))] == [404, 404]
    await hear(members, confirmed(ana, eva))
    answers = [await read(members, *two) for two in ((ana, eva), (eva, ana))]
    assert [answer.json() for answer in answers] == [{"address": EVA}, {"address": ANA}]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 2


@pytest.mark.parametrize(
    ("reader", "her"),
    [("zoe", "ana"), ("ana", "zoe"), ("ana", "ana"), ("voucher", "ana"), ("ana", "voucher")],
    ids=["a stranger", "of a stranger", "her own", "the voucher", "of the voucher"],
)
async def test_whoever_isnt_the_other_side_finds_nothing(database: str, reader: str, her: str) -> None:
    async with running(database, database_pool_size=1) as members:
        ana, eva, zoe = await join(members)
        voucher = (await members.join("voucher@example.com"))[1]
        await hear(members, confirmed(ana, eva, voucher=UUID(voucher)), confirmed(eva, zoe))
        who = {"ana": ana, "zoe": zoe, "voucher": voucher}
        await same_as_absent(members, who[reader], who[her])


@pytest.mark.parametrize("gone", GONE)
async def test_blocked_suspended_and_erased_are_as_one_who_never_was(database: str, gone: Callable[..., Awaitable[None]]) -> None:
    async with running(database, database_pool_size=1) as members:
        her, reader, _ = await join(members)
        await hear(members, confirmed(her, reader))
        await gone(members, her, reader)
        await same_as_absent(members, reader, her)


async def same_as_absent(members: Members, reader: str, her: str) -> None:
    """Status, body, headers and the statements that ran, none of which reads an address."""
    await read(members, reader, str(uuid4()))  # what the connection learns of types on first use is learnt here
    absent = await observed(members, reader, f"/v1/introduced/{uuid4()}")
    assert await observed(members, reader, f"/v1/introduced/{her}") == absent
    assert absent[0] == 404
    assert [statement for statement in absent[3] if "select address" in statement] == []
    assert any("introduced" in statement for statement in absent[3])


@pytest.mark.parametrize("away", [(commands.suspend, commands.reinstate), (commands.block, commands.unblock)])
async def test_the_address_is_there_again_when_she_is(members: Members, away: tuple[Callable[..., Awaitable[bool]], ...]) -> None:
    ana, eva, _ = await join(members)
    await hear(members, confirmed(ana, eva))
    for command, status in zip(away, (404, 200), strict=True):
        await do(members, command, *((ana, eva) if away[0] is commands.block else (ana,)))
        assert (await read(members, eva, ana)).status_code == status


async def test_heard_twice_or_introduced_twice_changes_nothing(members: Members) -> None:
    ana, eva, _ = await join(members)
    event = confirmed(ana, eva)
    await hear(members, event, event)
    async with transaction(members.pool) as tx:  # as if the inbox had forgotten it
        await handlers.handlers.handle([event, event], tx)
    assert await members.pool.fetchval("select count(*) from introduced") == 1
    await hear(members, confirmed(eva, ana))
    assert (await read(members, eva, ana)).json() == {"address": ANA}


@pytest.mark.parametrize("first", ["event", "erasure"])
@pytest.mark.parametrize("lower", [True, False])
async def test_an_erased_woman_was_introduced_to_nobody_whichever_comes_first(members: Members, first: str, lower: bool) -> None:
    ana, eva, zoe = await join(members)
    gone, stays = sorted((ana, eva), reverse=not lower)
    await hear(members, confirmed(stays, zoe))
    if first == "event":
        await hear(members, confirmed(gone, stays))
    await erase_(members, gone, stays)
    if first == "erasure":
        await hear(members, confirmed(gone, stays))
    kept = await members.pool.fetch("select low_id, high_id from introduced")
    assert [{str(row["low_id"]), str(row["high_id"])} for row in kept] == [{stays, zoe}]
    assert await members.pool.fetchval("select count(*) from dead_letters") == 0


async def test_the_vouchers_words_stay_nowhere_here(members: Members) -> None:
    ana, eva, _ = await join(members)
    event = confirmed(ana, eva)
    await hear(members, event)
    assert [row for _, row in await rows(members) if any(words in row for words in event.words_for.values())] == []


async def test_no_address_stands_in_a_line_or_a_metric(members: Members) -> None:
    ana, eva, zoe = await join(members)
    await hear(members, confirmed(ana, eva))
    out = io.StringIO()
    logs.configure("members", "api", "DEBUG", out)
    try:
        statuses = [(await read(members, *two)).status_code for two in ((ana, eva), (zoe, eva))]
    finally:
        logs.configure("tests", "api", "ERROR")
    assert statuses == [200, 404]
    told = out.getvalue() + generate_latest().decode()
    assert told.count("/v1/introduced/") >= 2
    assert "example.com" not in told


def test_of_introductions_members_hears_that_they_are_confirmed_and_no_more() -> None:
    """An ask, a vouch or one yes can't open an address: members never learns of them."""
    assert [kind for kind in HEARS["members"] if issubclass(kind, IntroductionEvent)] == [IntroductionConfirmed]


@pytest.fixture
async def working(database: str, broker: Broker) -> AsyncIterator[None]:
    user, password = broker.credentials("members")
    settings = worker.Settings.model_validate(
        {"health_port": 0, "database_url": database, "nats_url": broker.url, "nats_user": user, "nats_password": password}
    )
    async with worker.create(settings).working():
        yield


async def test_on_the_broker_a_confirmation_opens_it_and_a_vouch_doesnt(members: Members, broker: Broker, working: None) -> None:
    ana, eva, zoe = await join(members)
    both = confirmed(ana, eva)
    one = confirmed(ana, zoe)
    vouched = IntroductionVouched(**one.model_dump(exclude={"confirmed_at", "id", "writes_first"}), closes_at=datetime.now(UTC))
    await publish(broker, "requests", vouched, both, twice=True)
    async with asyncio.timeout(10):
        while (await read(members, ana, eva)).status_code != 200:
            await asyncio.sleep(0.05)
    assert (await read(members, ana, zoe)).status_code == 404
