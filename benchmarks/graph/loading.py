"""Rows for that community, copied into the requests service's database, with its indexes built afterwards."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import count
from random import Random

import asyncpg

from benchmarks.graph.town import BEGAN, NOW, Town
from benchmarks.indexes import without_indexes

CHUNK = 1 << 20
_SIDE = ("member_id", "other_id", "closeness", "since", "how_met", "where_we_met", "connection_request_id", "open_to_asks")
_TABLES = {
    "members": ("member_id", "name", "headline", "language", "time_zone", "visibility", "profile_version", "status_version"),
    "reach": ("member_id", "bar", "suggestible", "open_to_asks", "reachable"),
    "blocks": ("blocker_id", "blocked_id", "version", "active"),
    "exclusions": ("id", "member_id", "excluded_id", "made_at"),
    "dismissals": ("member_id", "one_id", "other_id"),
    "connections": (*_SIDE, "met_at", "met_at_key"),
    "connection_requests": (
        *("id", "requester_id", "recipient_id", "how_met", "where_we_met", "why_now", "requester_closeness"),
        *("state", "version", "asked_at", "expires_at", "shown_at", "announced"),
    ),
    "introductions": (
        *(
            "id",
            "origin",
            "voucher_id",
            "version",
            "made_at",
            "vouched_at",
            "confirmed_at",
            "settled_at",
            "due_at",
            "ends_at",
            "hidden_from",
        ),
        *("show_why_her", "a_id", "a_words", "a_said", "b_id", "b_words", "b_said"),
    ),
    "introduction_members": ("member_id", "introduction_id"),
}
_WORDS = "She has led the same kind of move that you are planning, and she is generous with what she learnt from it."
_CLOSENESS = ("worked_together", "know_well", "know_well", "met", "met", "met", "met", "not_met")
_GIANTS = 20
"""Events that a twentieth of all connections name: everybody was there."""


async def load(url: str, town: Town) -> None:
    """All of it."""
    connection = await asyncpg.connect(url, command_timeout=None)
    try:
        await connection.execute("set maintenance_work_mem = '1GB'; set synchronous_commit = off")
        for table, columns in _TABLES.items():
            async with without_indexes(connection, table), connection.transaction():
                await connection.execute(f"truncate {table}")
                await connection.copy_to_table(table, source=_chunks(_rows(table, town)), columns=columns, freeze=True)
    finally:
        await connection.close()


async def _chunks(rows: Iterator[str]) -> AsyncIterator[bytes]:
    lines: list[str] = []
    size = 0
    for row in rows:
        lines.append(row)
        size += len(row)
        if size >= CHUNK:
            yield "".join(lines).encode()
            lines, size = [], 0
            await asyncio.sleep(0)
    yield "".join(lines).encode()


def _rows(table: str, town: Town) -> Iterator[str]:
    return {
        "members": _members,
        "reach": _reach,
        "blocks": _blocks,
        "exclusions": _exclusions,
        "dismissals": _dismissals,
        "connections": _connections,
        "connection_requests": _requests,
        "introductions": _introductions,
        "introduction_members": _introduction_members,
    }[table](town)


def _members(town: Town) -> Iterator[str]:
    for place, id_ in enumerate(town.ids):
        yield f"{id_}\tWoman {place}\tRestores boats\ten\tEurope/Madrid\tmembers\t1\t0\n"


def _reach(town: Town) -> Iterator[str]:
    random = Random(1)  # noqa: S311  (the same each time, here and below)
    for id_ in town.ids:
        said = random.getrandbits(3)
        bar = "introduced" if said == 0 else "met"
        yield f"{id_}\t{bar}\t{'tf'[said & 1]}\t{'tf'[said >> 1 & 1]}\t{'tf'[said >> 2 & 1]}\n"


def _apart(town: Town, one_in: int) -> Iterator[tuple[str, str]]:
    """Pairs of neighbours, of one in so many women."""
    for place in range(0, town.members - 8, one_in):
        yield town.ids[place], town.ids[place + 7]


def _blocks(town: Town) -> Iterator[str]:
    return (f"{one}\t{other}\t1\tt\n" for one, other in _apart(town, 5))


def _exclusions(town: Town) -> Iterator[str]:
    return (f"{other[::-1]}\t{one}\t{other}\t{BEGAN}\n" for one, other in _apart(town, 10))


def _dismissals(town: Town) -> Iterator[str]:
    return (f"{one}\t{min(one, other)}\t{max(one, other)}\n" for one, other in _apart(town, 3))


def _connections(town: Town) -> Iterator[str]:
    random, ids = Random(2), town.ids  # noqa: S311  (the same community each time, and no secret)
    step, bits, since = (NOW - BEGAN) / max(town.members * 20, 1), random.getrandbits, str(BEGAN)
    for number, (one, other) in enumerate(town.connections()):
        if number % 1000 == 0:
            since = str(min(BEGAN + step * number, NOW))
        said = bits(16)
        place = f"Giant {said >> 4 & 15}" if said & 15 == 0 else f"Fair {one // 50}" if said & 3 == 1 else ""
        rest = f"{since}\tevent\tAt the open day of the harbour museum\t{number:032x}"
        a, b, met = ids[one], ids[other], f"{place}\t{place.lower()}"
        asks = r"\N" if said & 0x700 else "f"
        yield f"{a}\t{b}\t{_CLOSENESS[said >> 8 & 7]}\t{rest}\t{asks}\t{met}\n{b}\t{a}\t{_CLOSENESS[said >> 11 & 7]}\t{rest}\t\\N\t{met}\n"


def _requests(town: Town) -> Iterator[str]:
    random = Random(3)  # noqa: S311  (the same community each time, and no secret)
    for place, id_ in enumerate(town.ids):
        other = town.ids[(place + random.randrange(1, town.members)) % town.members]
        asked = NOW - timedelta(days=random.randrange(300))
        ends = asked + timedelta(days=30)
        state = "pending" if ends > NOW else "expired"
        words = f"event\tAt the open day of the harbour museum\t{_WORDS}\tmet"
        yield f"{place:032x}\t{id_}\t{other}\t{words}\t{state}\t1\t{asked}\t{ends}\t{ends}\t{'f' if ends > NOW else 't'}\n"


def _threes(town: Town) -> Iterator[tuple[str, str, str, str]]:
    """An introduction of one in four women's, with two of her neighbours."""
    for number, place in zip(count(1), range(0, town.members - 2, 4), strict=False):
        yield (f"{number:032x}", town.ids[place], town.ids[place + 1], town.ids[place + 2])


def _introductions(town: Town) -> Iterator[str]:
    random = Random(4)  # noqa: S311  (the same community each time, and no secret)
    for id_, voucher, one, other in _threes(town):
        made = NOW - timedelta(days=random.randrange(400))
        settled, open_ = made + timedelta(days=40), made + timedelta(days=14)
        ends = f"\\N\t\\N\t{open_}\t{open_}" if open_ > NOW else f"{made}\t{settled}\t\\N\t{open_}"
        said = r"\N" if open_ > NOW else "confirmed"
        yield f"{id_}\tproposed\t{voucher}\t2\t{made}\t{made}\t{ends}\t{{}}\tf\t{one}\t{_WORDS}\t{said}\t{other}\t{_WORDS}\t{said}\n"


def _introduction_members(town: Town) -> Iterator[str]:
    for id_, *three in _threes(town):
        for member_id in three:
            yield f"{member_id}\t{id_}\n"
