"""The wrapper around handlers, on a real database: what is done once, what comes again, what becomes a dead letter."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.events.base import Event
from shared.contracts.events.heard import HEARS
from shared.contracts.events.members import MemberErased, MemberJoined
from shared.messaging import dead_letters, outbox, processor
from shared.messaging.processor import DEAD, DONE, TRIES, Delivery, EventProcessor
from shared.messaging.registry import CannotHandle, Handlers, NotYetKnown, of_service
from shared.postgres import database
from shared.postgres.database import Pool, Tx, create_pool, transaction
from shared.telemetry.traces import correlation_id
from tests.backends import owner
from tests.messaging import events

pytestmark = pytest.mark.servers

Handler = Callable[[MemberJoined, Tx], Awaitable[None]]


def delivered(event: Event, *, ago: timedelta = timedelta(), **changed: Any) -> Delivery:
    fields = {"subject": event.type, "body": event.to_json(), "stored_at": datetime.now(UTC) - ago}
    return Delivery(**{**fields, **changed})


@pytest.fixture(autouse=True)
async def table(pool: Pool) -> None:
    """What the handlers here write to."""
    await owner.execute(pool, "create table handled (position bigint generated always as identity, member_id uuid, word text)")


async def write(event: MemberJoined | MemberErased, tx: Tx, word: str = "") -> None:
    await tx.execute("insert into handled (member_id, word) values ($1, $2)", event.member_id, word)


async def handled(pool: Pool) -> list[UUID]:
    return [row["member_id"] for row in await pool.fetch("select member_id from handled order by position")]


def made(pool: Pool, handler: Handler) -> EventProcessor:
    handlers = Handlers()
    handlers.consumes(MemberJoined)(handler)
    return EventProcessor(handlers, pool)


async def letters(pool: Pool) -> list[tuple[str, str]]:
    return [(dead.reason, dead.detail) for dead in await dead_letters.open_events(pool)]


async def test_a_batch_is_handled_in_its_order(pool: Pool) -> None:
    some = [events.joined() for _ in range(30)]
    assert await made(pool, write).batch([delivered(event) for event in some]) == [DONE] * 30
    assert await handled(pool) == [event.aggregate_id for event in some]


async def test_repetition_changes_nothing(pool: Pool) -> None:
    one, other = events.joined(), events.joined()
    wrapper = made(pool, write)
    assert await wrapper.batch([delivered(one), delivered(one), delivered(other)]) == [DONE] * 3
    assert await made(pool, write).batch([delivered(other), delivered(one)]) == [DONE] * 2
    assert await wrapper.batch([delivered(one)]) == [DONE]
    assert await handled(pool) == [one.aggregate_id, other.aggregate_id]


async def test_the_claim_and_the_work_are_one(pool: Pool) -> None:
    event, failing = events.joined(), True

    async def handler(event: MemberJoined, tx: Tx) -> None:
        await write(event, tx)
        if failing:
            raise RuntimeError

    wrapper = made(pool, handler)
    [verdict] = await wrapper.batch([delivered(event)])
    assert verdict.again is not None
    assert await handled(pool) == []
    assert await pool.fetchval("select count(*) from inbox") == 0
    failing = False
    assert await wrapper.batch([delivered(event)]) == [DONE]
    assert await handled(pool) == [event.aggregate_id]


async def test_one_bad_event_holds_nobody_up(pool: Pool) -> None:
    some = [events.joined(name="bad" if number == 7 else "good") for number in range(20)]

    async def handler(event: MemberJoined, tx: Tx) -> None:
        await write(event, tx)
        if event.name == "bad":
            await tx.execute("select 1/0")

    verdicts = await made(pool, handler).batch([delivered(event) for event in some])
    assert [verdict.again is not None for verdict in verdicts] == [number == 7 for number in range(20)]
    assert await handled(pool) == [event.aggregate_id for event in some if event.name == "good"]


async def test_what_fails_every_time_becomes_a_dead_letter_that_quotes_nothing(pool: Pool) -> None:
    event = events.joined()

    async def handler(event: MemberJoined, tx: Tx) -> None:
        raise ValueError(f"{event.name} is a secret")

    wrapper = made(pool, handler)
    waits = [(await wrapper.batch([delivered(event)]))[0].again for _ in range(TRIES - 1)]
    assert all(wait is not None for wait in waits)
    seconds = [wait for wait in waits if wait is not None]
    assert seconds[0] >= 0.3, "a retry at once would only burn the tries"
    assert seconds[-1] > 4 * seconds[0]
    assert await letters(pool) == []
    assert await wrapper.batch([delivered(event)]) == [DEAD]
    [(reason, detail)] = await letters(pool)
    assert reason == "failed"
    assert detail.startswith("ValueError at test_processor.py:")
    row = await pool.fetchrow("select * from dead_letters")
    assert row is not None
    assert (row["tries"], row["event_id"], row["body"]) == (TRIES, event.id, event.to_json())
    # It is not claimed, so that a replay can handle it.
    assert await pool.fetchval("select count(*) from inbox") == 0


async def test_what_can_never_be_handled_is_dead_at_once(pool: Pool) -> None:
    async def handler(event: MemberJoined, tx: Tx) -> None:
        await write(event, tx)
        raise CannotHandle("she can't be kept")

    assert await made(pool, handler).batch([delivered(events.joined())]) == [DEAD]
    assert await letters(pool) == [("cannot_handle", "she can't be kept")]
    assert await handled(pool) == []


async def test_a_row_that_is_not_there_yet_is_waited_for_for_24_hours(pool: Pool) -> None:
    event = events.joined()

    async def handler(event: MemberJoined, tx: Tx) -> None:
        raise NotYetKnown

    wrapper = made(pool, handler)
    for _ in range(3 * TRIES):
        [verdict] = await wrapper.batch([delivered(event, ago=timedelta(hours=23, minutes=59))])
        assert verdict.again is not None
        assert 0 < verdict.again <= 1.25 * processor.LONGEST_WAIT_SECONDS
    assert await letters(pool) == []
    assert await wrapper.batch([delivered(event, ago=timedelta(hours=24, minutes=1))]) == [DEAD]
    assert [reason for reason, _ in await letters(pool)] == ["not_yet_known"]


async def test_what_cannot_be_read_is_dead_at_once_and_the_rest_goes_on(pool: Pool) -> None:
    good = [events.joined(), events.joined()]
    unheard = events.confirmed()
    newer = good[0].to_json().replace(b"members.v1.", b"members.v2.")
    forged = events.joined(id=uuid4())
    batch = [
        delivered(good[0]),
        delivered(good[0], body=b"\xff not json"),
        delivered(good[0], body=b'{"type": "members.v1.member_vanished"}'),
        delivered(good[0], body=newer),
        delivered(unheard),
        delivered(events.joined(), subject="requests.v1.introduction_confirmed"),
        delivered(forged),
        delivered(good[1]),
    ]
    assert await made(pool, write).batch(batch) == [DONE, DEAD, DEAD, DEAD, DEAD, DEAD, DEAD, DONE]
    assert [reason for reason, _ in await letters(pool)] == ["malformed", "unknown", "newer", "unknown", "malformed", "malformed"]
    assert await handled(pool) == [event.aggregate_id for event in good]
    # The same bytes once more are the same dead letter.
    assert await made(pool, write).batch(batch[1:2]) == [DEAD]
    assert len(await letters(pool)) == 6


async def test_no_service_can_claim_the_id_of_anothers_event(pool: Pool) -> None:
    real = events.joined()
    forged = events.joined(id=real.id)
    assert await made(pool, write).batch([delivered(forged)]) == [DEAD]
    assert await made(pool, write).batch([delivered(real)]) == [DONE]
    assert await handled(pool) == [real.aggregate_id]


async def test_a_list_handler_gets_neighbours_together_and_one_by_one_where_one_fails(pool: Pool) -> None:
    given: list[list[str]] = []
    handlers = Handlers()

    @handlers.consumes_many(MemberJoined)
    async def many(some: list[MemberJoined], tx: Tx) -> None:
        given.append([event.name for event in some])
        for event in some:
            await write(event, tx)
            if event.name == "bad":
                raise RuntimeError

    @handlers.consumes(MemberErased)
    async def erased(event: MemberErased, tx: Tx) -> None:
        given.append(["erased"])

    wrapper = EventProcessor(handlers, pool)
    gone = MemberErased(aggregate_id=uuid4(), aggregate_version=1, occurred_at=events.AT)
    batch = [delivered(events.joined(name=name)) for name in ("a", "b")] + [delivered(gone)] + [delivered(events.joined(name="c"))]
    assert await wrapper.batch(batch) == [DONE] * 4
    assert given == [["a", "b"], ["erased"], ["c"]]
    given.clear()
    verdicts = await wrapper.batch([delivered(events.joined(name=name)) for name in ("d", "bad", "e")])
    assert [verdict.again is None for verdict in verdicts] == [True, False, True]
    assert given == [["d", "bad", "e"], ["d"], ["bad"], ["e"]]
    assert len(await handled(pool)) == 5


async def test_while_the_database_is_down_nothing_counts_and_nothing_dies(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor, "LONGEST_OUTAGE_WAIT_SECONDS", 0.01)
    nowhere = await create_pool("postgresql://nobody@127.0.0.1:1/none")
    event = events.joined()
    down, up = made(nowhere, write), made(pool, write)
    for _ in range(2):
        verdicts = await down.batch([delivered(event), delivered(event, body=b"unreadable"), delivered(events.joined())])
        assert all(verdict.again is not None for verdict in verdicts)
    for _ in range(TRIES):
        assert (await down.batch([delivered(event)]))[0].again is not None
    await nowhere.close()
    assert await letters(pool) == []
    assert await up.batch([delivered(event)]) == [DONE]


@pytest.mark.parametrize("error", [database.DatabaseDown, TimeoutError, ConnectionResetError])
async def test_a_passing_trouble_in_a_handler_never_makes_a_dead_letter(
    error: type[Exception], pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processor, "LONGEST_OUTAGE_WAIT_SECONDS", 0.01)

    async def handler(event: MemberJoined, tx: Tx) -> None:
        raise error

    wrapper = made(pool, handler)
    for _ in range(3 * TRIES):
        assert (await wrapper.batch([delivered(events.joined(aggregate_id=UUID(int=1)))]))[0].again is not None
    assert await letters(pool) == []


async def test_what_a_handler_tells_follows_the_same_wish(pool: Pool) -> None:
    seen: list[str] = []

    async def handler(event: MemberJoined, tx: Tx) -> None:
        seen.append(correlation_id.get())
        await outbox.put(tx, MemberErased(aggregate_id=event.aggregate_id, aggregate_version=1, occurred_at=events.AT))

    some = [events.joined(correlation_id=f"wish-number-{number}") for number in range(3)]
    await made(pool, handler).batch([delivered(event) for event in some])
    assert seen == ["wish-number-0", "wish-number-1", "wish-number-2"]
    told = await pool.fetch("select correlation_id from outbox order by position")
    assert [row["correlation_id"] for row in told] == seen
    assert correlation_id.get() == ""


async def test_a_replay_resolves_or_lists_again(pool: Pool) -> None:
    event, failing = events.joined(), True

    async def handler(event: MemberJoined, tx: Tx) -> None:
        await write(event, tx)
        if failing:
            raise CannotHandle("not today")

    wrapper = made(pool, handler)
    await wrapper.batch([delivered(event)])
    [letter] = await dead_letters.open_events(pool)
    assert await dead_letters.to_replay(pool) == []
    for attempt in (1, 2):
        assert await dead_letters.ask_replay(pool, [letter.id]) == 1
        [(dead_id, subject, body)] = await dead_letters.to_replay(pool)
        verdict = await wrapper.replay(dead_id, Delivery(subject, body, datetime.now(UTC)))
        assert await dead_letters.to_replay(pool) == []
        if failing:
            assert verdict == DEAD
            assert [dead.replays for dead in await dead_letters.open_events(pool)] == [attempt]
            assert await handled(pool) == []
        failing = False
    assert await dead_letters.open_events(pool) == []
    assert await handled(pool) == [event.aggregate_id]
    assert await pool.fetchval("select count(*) from dead_letters where resolved_at is not null") == 1


async def test_a_failing_replay_is_one_try(pool: Pool) -> None:
    async def handler(event: MemberJoined, tx: Tx) -> None:
        raise RuntimeError

    event = events.joined()
    async with transaction(pool) as tx:
        await dead_letters.bury(tx, subject=event.type, body=event.to_json(), event=event, reason="x", detail="", tries=1)
    [letter] = await dead_letters.open_events(pool)
    assert await made(pool, handler).replay(letter.id, delivered(event)) == DEAD
    assert [dead.reason for dead in await dead_letters.open_events(pool)] == ["failed"]


async def test_a_listing_shows_nothing_private(pool: Pool) -> None:
    secret = "She builds bridges, and you need one."
    event = events.confirmed()
    broken = json.loads(event.to_json())
    broken["data"]["words_for"] = {secret: secret}
    async with transaction(pool) as tx:
        for body, known in ((event.to_json(), event), (json.dumps(broken).encode(), None)):
            await dead_letters.bury(tx, subject=event.type, body=body, event=known, reason="x", detail="", tries=1)
    for letter in await dead_letters.open_events(pool):
        shown = await dead_letters.shown(pool, letter.id)
        assert shown
        assert secret not in json.dumps(shown) + repr(letter)


def test_a_handler_that_nobody_hears_or_that_is_there_twice_is_a_mistake() -> None:
    async def handler(event: Any, tx: Tx) -> None: ...

    handlers, others = Handlers(), Handlers()
    handlers.consumes(MemberJoined)(handler)
    with pytest.raises(ValueError, match="two handlers"):
        handlers.consumes_many(MemberJoined)(handler)
    others.consumes(MemberJoined)(handler)
    with pytest.raises(ValueError, match="two handlers"):
        of_service("reputation", [handlers, others])
    with pytest.raises(ValueError, match=r"no handler of .*members\.v1\.member_erased"):
        of_service("reputation", [handlers])
    others = Handlers()
    others.consumes(*(kind for kind in HEARS["reputation"] if kind is not MemberJoined))(handler)
    assert of_service("reputation", [handlers, others]).types == {kind.type for kind in HEARS["reputation"]}
    others.consumes(type(events.code(events.AT)))(handler)
    with pytest.raises(ValueError, match="doesn't hear"):
        of_service("reputation", [handlers, others])
