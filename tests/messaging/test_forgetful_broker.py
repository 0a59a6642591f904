"""A broker that has forgotten what it acknowledged, at each point on an event's way: 0 lost, 0 doubled.

Servers of its own, embedded ones, whatever TEST_BACKEND says: the shared ones can't lose their disk.
"""

import asyncio
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from shared.messaging import acknowledged, metrics, retention, stream_relay
from tests.messaging import events
from tests.messaging.outage import Stack, everything_heard_once, insist

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


@pytest.fixture(autouse=True)
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has to be noticed at once doesn't wait for the next look."""
    monkeypatch.setattr(stream_relay, "LOOK_SECONDS", 3_600)


async def put(stack: Stack, count: int) -> list[UUID]:
    stored = [events.joined() for _ in range(count)]
    await stack.put(*stored)
    return [event.id for event in stored]


async def all_sent(stack: Stack) -> None:
    async def look() -> bool:
        return bool(await stack.publisher.fetchval("select count(*) = 0 from outbox where sent_at is null and parked_at is null"))

    await insist(look)


async def nothing_again(stack: Stack) -> None:
    async def look() -> bool:
        return bool(await stack.publisher.fetchval("select count(*) = 0 from outbox_again"))

    await insist(look)


async def some_heard(stack: Stack, count: int) -> None:
    async def look() -> bool:
        return len(await stack.heard()) >= count

    await insist(look)


def copy(folder: Path, to: Path) -> None:
    subprocess.run(["cp", "-a", folder, to], check=True)


@pytest.mark.parametrize("point", ["stored", "published", "half acknowledged", "acknowledged", "half consumed", "consumed"])
async def test_a_store_that_is_lost_loses_and_doubles_nothing(point: str, stack: Stack) -> None:
    """The relay that published them sees it when it has the broker back."""
    stored: list[UUID] = []
    async with stack.relaying():
        if point in ("half consumed", "consumed"):
            async with stack.hearing():
                stored = await put(stack, 20)
                await some_heard(stack, 20)
        if point == "stored":
            stack.nats.child.kill()
        if point != "consumed":
            stored += await put(stack, 20 if "acknowledged" in point else 2_000 if point == "published" else 20)
        if point in ("acknowledged", "half consumed", "consumed"):
            await all_sent(stack)
        if point == "half acknowledged":
            await all_sent(stack)
            stored += await put(stack, 2_000)
        await stack.forget()
        async with stack.hearing():
            await everything_heard_once(stack, stored)
            await nothing_again(stack)
            stored += await put(stack, 1)
            await everything_heard_once(stack, stored)


async def test_another_relay_sees_it_when_it_takes_over(stack: Stack) -> None:
    async with stack.relaying():
        stored = await put(stack, 20)
        await all_sent(stack)
    # Stored again but not marked: the new stream is as long as what the old one acknowledged when the next relay looks.
    await stack.forget()
    context = await stack.context()
    for _ in range(20):
        await context.publish("members.v1.member_joined", b"{}")
    async with stack.relaying(), stack.hearing():
        await some_heard(stack, 20)
        assert set(await stack.heard()) == set(stored)
        assert len(await stack.heard()) == 20


async def test_one_stream_deleted_alone_while_the_broker_goes_on(stack: Stack) -> None:
    async with stack.relaying():
        stored = await put(stack, 20)
        code = events.code(datetime.now(UTC) + timedelta(minutes=10))
        await stack.put(code)
        await all_sent(stack)
        await (await stack.context()).delete_stream("MEMBERS")
        await stack.provision()
        # The first answer of the new stream tells, long before the next look.
        stored += await put(stack, 1)
        async with stack.hearing():
            await everything_heard_once(stack, [*stored, code.id])
            await nothing_again(stack)
        assert (await (await stack.context()).stream_info("PRIVATE")).state.last_seq == 1


async def test_a_stream_made_anew_is_seen_while_nothing_is_published(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_relay, "LOOK_SECONDS", 0.5)
    async with stack.relaying():
        stored = await put(stack, 20)
        await all_sent(stack)
        await (await stack.context()).delete_stream("MEMBERS")
        await stack.provision()
        async with stack.hearing():
            await everything_heard_once(stack, stored)


@pytest.mark.parametrize("filled", [False, True])
async def test_an_older_copy_of_the_store(filled: bool, stack: Stack, tmp_path: Path) -> None:
    async with stack.relaying():
        stored = await put(stack, 20)
        await all_sent(stack)
        await stack.nats.stop()
        copy(stack.store, tmp_path / "older")
        await stack.nats.start()
        stored += await put(stack, 20)
        await all_sent(stack)
        stack.nats.child.kill()
        shutil.rmtree(stack.store)
        shutil.move(tmp_path / "older", stack.store)
        if not filled:
            await stack.nats.start()
            async with stack.hearing():
                await everything_heard_once(stack, stored)
                await nothing_again(stack)
            return
    await stack.nats.start()
    # What was on its way takes the numbers that were forgotten, and more, before anybody can look.
    waiting = [events.joined() for _ in range(30)]
    await stack.put(*waiting)
    for event in waiting:
        await (await stack.context()).publish(event.type, event.to_json(), headers={"Nats-Msg-Id": str(event.id)})
    async with stack.relaying(), stack.hearing():
        await everything_heard_once(stack, [*stored, *(event.id for event in waiting)])


async def test_an_older_copy_of_the_database_is_told(stack: Stack) -> None:
    place = Path(stack.postgres.child.argv[2])
    older = place.with_name("older")
    async with stack.relaying():
        await put(stack, 20)
        await all_sent(stack)
    await stack.postgres.stop()
    copy(place, older)
    await stack.postgres.start()
    async with stack.relaying():
        await put(stack, 7)
        await all_sent(stack)
    await stack.postgres.stop()
    shutil.rmtree(place)
    shutil.move(older, place)
    await stack.postgres.start()
    await asyncio.sleep(acknowledged.SKEW.total_seconds())
    # New events cover the gap's numbers, and hide nothing.
    stored = await insist(lambda: put(stack, 10))
    async with stack.relaying(), stack.hearing():
        await some_heard(stack, 37)
        assert set(stored) < set(await stack.heard())

    async def told() -> bool:
        await retention.count(stack.publisher)
        return bool(metrics.UNKNOWN._value.get() == 7)

    await insist(told)
    [known] = [known for known in await acknowledged.known(stack.publisher) if known["unknown_until"]]
    assert (known["stream"], known["unknown_after"], known["unknown_until"], known["last_seq"]) == ("MEMBERS", 20, 27, 37)


async def test_a_relay_killed_before_it_marked_is_nothing_to_tell(stack: Stack) -> None:
    await put(stack, 600)
    async with stack.relaying():
        await all_sent(stack)
    await stack.publisher.execute("update outbox set sent_at = null where position > (select min(position) + 99 from outbox)")
    await stack.publisher.execute("update relay_streams set last_seq = 100 where stream = 'MEMBERS'")
    async with stack.relaying():
        await all_sent(stack)
    [known] = [known for known in await acknowledged.known(stack.publisher) if known["stream"] == "MEMBERS"]
    assert (known["last_seq"], known["unknown_until"], known["again"]) == (600, None, 0)


async def test_nor_is_one_killed_while_it_published_again(stack: Stack) -> None:
    stored = await put(stack, 60)
    async with stack.relaying():
        await all_sent(stack)
    await stack.publisher.execute("insert into outbox_again (stream, position, event_id) select 'MEMBERS', position, event_id from outbox")
    for event_id in stored:
        await (await stack.context()).publish("members.v1.member_joined", b"{}", headers={"Nats-Msg-Id": f"once more {event_id}"})
    async with stack.relaying():
        await nothing_again(stack)
    [known] = [known for known in await acknowledged.known(stack.publisher) if known["stream"] == "MEMBERS"]
    assert known["unknown_until"] is None


async def test_what_is_published_again_is_bounded_and_what_is_new_goes_first(stack: Stack) -> None:
    blank, late, *stored = [
        events.joined(),
        events.code(datetime.now(UTC) + timedelta(seconds=2)),
        *(events.joined() for _ in range(1_000)),
    ]
    async with stack.relaying():
        await stack.put(blank, late, *stored)
        await all_sent(stack)
        await stack.publisher.execute("update outbox set body = ''::bytea where event_id = $1", blank.id)
        await asyncio.sleep(1)
        began = asyncio.get_running_loop().time()
        await stack.forget()
        async with stack.hearing():
            await some_heard(stack, 1)
            assert (await stack.heard())[0] == stored[0].id, "in order"
            new = events.joined()
            await stack.put(new)

            async def heard() -> bool:
                return new.id in await stack.heard()

            await insist(heard)
            assert len(await stack.heard()) < 500
            await everything_heard_once(stack, [*(event.id for event in stored), new.id])
        assert asyncio.get_running_loop().time() - began > stream_relay.AGAIN_SECONDS * (1_000 / stream_relay.AGAIN - 1)
