"""What must be true of introductions once nothing is on its way any more, whatever was killed meanwhile."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.reputation.rebuild import commands as rebuild
from shared.postgres.database import UNAVAILABLE
from tests.chaos.seeding import Databases, Waiting, address
from tests.chaos.sink import Taken

QUIET_SECONDS = 120


@dataclass(frozen=True)
class Letters:
    """What became of the letters of confirmed introductions."""

    lost: int
    """Sent to nobody, and not parked for an operator."""
    early: int
    """Taken before the second confirmation was sent."""
    doubled: int
    """Taken twice, the same to the byte, after an attempt whose end nobody knew."""
    parked: int
    waited: float
    """Seconds, the longest, from the answer to the second confirmation until a letter was taken."""


async def all_quiet(stack: Databases) -> None:
    """Wait until nothing is on its way any more: outboxes, streams and letters."""
    async with asyncio.timeout(QUIET_SECONDS):
        for service in ("requests", "reputation"):
            await _until_none(stack, service, "select count(*) from outbox where sent_at is null")
        told = "select event_id from outbox where type = any($1)"
        heard = ["requests.v1.introduction_confirmed", "requests.v1.outcomes_revealed"]
        for service in ("notify", "reputation"):
            events = [row["event_id"] for row in await _rows(stack, "requests", told, heard)]
            handled = "select count(*) - (select count(*) from inbox where event_id = any($1::uuid[])) from unnest($1::uuid[])"
            await _until_none(stack, service, handled, events)
        await _until_none(stack, "notify", "select count(*) from letters where state in ('queued', 'sending', 'deferred')")
        await _until_none(stack, "notify", "select count(*) from letters where state = 'unknown' and unknowns < 2")


async def confirmed_once_and_only_by_both(stack: Databases, confirmed: Sequence[Waiting], unconfirmed: Sequence[Waiting]) -> None:
    """These two are all the introductions there are; each confirmed one is so once, everywhere, and nothing is a dead letter."""
    events = await _rows(
        stack, "requests", "select aggregate_id, count(*) as times from outbox where type like '%introduction_confirmed' group by 1"
    )
    assert {row["aggregate_id"]: row["times"] for row in events} == {introduction.id: 1 for introduction in confirmed}
    states = await _rows(stack, "requests", "select id, confirmed_at from introductions")
    assert {row["id"] for row in states if row["confirmed_at"] is None} == {introduction.id for introduction in unconfirmed}
    vouches = await _rows(stack, "reputation", "select introduction_id from vouches")
    assert sorted(row["introduction_id"] for row in vouches) == sorted(introduction.id for introduction in confirmed)
    for service in ("members", "requests", "reputation", "notify"):
        assert not await _rows(stack, service, "select 1 from dead_letters"), f"{service} has dead letters"


async def letters_of(
    stack: Databases,
    taken: Sequence[Taken],
    confirmed: Sequence[Waiting],
    unconfirmed: Sequence[Waiting],
    *,
    since: dict[UUID, datetime],
    answered: dict[UUID, datetime],
) -> Letters:
    """One letter to each side of what was confirmed and to nobody else, with at most one copy more. `since` and `answered` are
    when each second confirmation was first sent, and answered."""
    copies: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        copies[one.recipient].append(one)
    expected = {side: waiting for waiting in confirmed for side in (waiting.asker, waiting.counterpart)}
    everyone = [id_ for waiting in (*confirmed, *unconfirmed) for id_ in (waiting.voucher, waiting.asker, waiting.counterpart)]
    rows = await _rows(stack, "notify", "select recipient_id, state, unknowns from letters where recipient_id = any($1)", everyone)
    letters = {row["recipient_id"]: row for row in rows}
    assert len(rows) == len(letters)
    assert set(letters) == set(expected), "one letter to each side of what was confirmed, and to nobody else"
    assert {address(id_) for id_ in everyone} & set(copies) <= {address(side) for side in expected}
    for side in expected:
        _at_most_one_copy_more(letters[side], copies[address(side)])
    got = [(copies[address(side)], letters[side], waiting) for side, waiting in expected.items()]
    return Letters(
        lost=sum(not mails and letter["state"] != "unknown" for mails, letter, _ in got),
        early=sum(mail.at < since[waiting.id] for mails, _, waiting in got for mail in mails),
        doubled=sum(len(mails) == 2 for mails, _, _ in got),
        parked=sum(letter["state"] == "unknown" for _, letter, _ in got),
        waited=max((mails[0].at - answered[waiting.id]).total_seconds() for mails, _, waiting in got if mails),
    )


def _at_most_one_copy_more(letter: asyncpg.Record, got: list[Taken]) -> None:
    assert letter["state"] in ("sent", "unknown"), letter
    assert letter["state"] == "sent" or letter["unknowns"] == 2, "only a second unknown is parked"
    assert len(got) <= 2
    if len(got) == 2:
        assert letter["unknowns"] >= 1, "a second copy although no attempt was unknown"
        assert got[0].message == got[1].message


async def scores_equal_a_replay(stack: Databases) -> None:
    """The scores are what a replay of the ledger gives, and there is something in it."""
    connection = await asyncpg.connect(stack.database_url("reputation"))
    async with connection.transaction(isolation="repeatable_read"):
        assert await rebuild.check(connection) == (0, [])
        revealed = await connection.fetchval("select count(*) from ratings where role = 'voucher'")
    await connection.close()
    assert revealed > 0, "no outcome reached the ledger: the replay showed nothing"


async def _rows(stack: Databases, service: str, query: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(stack.database_url(service), timeout=5)
    try:
        return await connection.fetch(query, *values)
    finally:
        await connection.close()


async def _until_none(stack: Databases, service: str, count: str, *values: object) -> None:
    while True:
        try:
            if not (await _rows(stack, service, count, *values))[0][0]:
                return
        except UNAVAILABLE:
            pass
        await asyncio.sleep(0.2)
