"""The night of the other configuration over the same rows: `python -m benchmarks.night.walks`, a task on stdin.

It reads the ledger in columns, keeps the last word of each pair, and computes standing and tiers by the model's own arithmetic, which
`Trust` in memory uses, too: every word, all 40 steps, experience, and what was found bad. Independence is left out. Who praises the same
women as others whom she knows is a product of matrices, with 5.4 billion terms among a million members: minutes by itself. The task and the
answer are JSON: {"database", "at"}, and the seconds of each part, how many words there were, and the most memory this process held.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import asyncpg
import numpy as np
from numpy.typing import NDArray

from benchmarks.night.product import most_memory
from benchmarks.trust import SETTINGS
from services.reputation.trust.nightly import Parts, parts
from services.reputation.trust.standing import DAY, Indices, Words
from shared.postgres.database import Connection

WALKS = replace(SETTINGS, independence=0.0)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""From when PostgreSQL counts microseconds."""
ROW = np.dtype([("", ">i2"), ("", ">i4"), ("pair", ">i8"), ("", ">i4"), ("at", ">i8"), ("", ">i4"), ("bad", "i1")])
"""A row of a binary COPY: the places of rater and member in one number, when she said it, and whether it is bad; a length before each."""
HEAD, TAIL, AT_ONCE = 19, 2, 1 << 24
_NUMBERED = "(select member_id, row_number() over (order by member_id) - 1 as place from placements)"
_READ = f"""
with numbered as materialized {_NUMBERED}
select (rater.place << 32) + about.place, revealed_at, value = 'bad'
from ratings join numbered as rater on rater.member_id = rater_id join numbered as about on about.member_id = ratings.member_id
where role = $2 and revealed_at <= $1
"""


Column = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class Read:
    """The members in order, the places of the anchors among them, and each pair's last words."""

    members: int
    anchors: Indices
    words: Words


async def read(database: str, at: datetime) -> Read:
    """All words by `at`, of members who have a place. Of two of one pair in the same microsecond, a bad one is the last."""
    connection, other = [await asyncpg.connect(database, command_timeout=None) for _ in range(2)]
    columns: list[Column] = []
    await asyncio.gather(_rows(connection, at, "voucher", columns), _rows(other, at, "side", columns))
    pairs, said = (np.concatenate(column) for column in zip(*columns, strict=True))
    columns.clear()
    order = np.lexsort((said, pairs))
    pairs, said = pairs[order], said[order]
    last = np.append(pairs[1:] != pairs[:-1], True) if len(pairs) else np.zeros(0, dtype=bool)
    pairs, said = pairs[last], said[last]
    members: int = await connection.fetchval("select count(*) from placements")
    anchors = await connection.fetch(f"select place from {_NUMBERED} as numbered join anchors using (member_id) order by place")
    ages = ((at - EPOCH) // timedelta(microseconds=1) - (said >> 1)) / 1e6 / DAY
    await asyncio.gather(connection.close(), other.close())
    words = Words(members, pairs >> 32, pairs & 0xFFFFFFFF, (said & 1) == 0, np.broadcast_to(np.float64(1), len(pairs)), ages)
    return Read(members, np.array([row["place"] for row in anchors], dtype=np.int64), words)


async def _rows(connection: Connection, at: datetime, role: str, columns: list[Column]) -> None:
    """Adds pairs and what was said, a few megabytes at a time."""
    held, skip = bytearray(), HEAD

    def take(whole: int) -> None:
        rows = np.frombuffer(bytes(held[:whole]), dtype=ROW)
        columns.append((rows["pair"].astype(np.int64), rows["at"].astype(np.int64) * 2 + rows["bad"]))
        del held[:whole]

    async def hear(data: bytes) -> None:
        nonlocal skip
        held.extend(data)
        if skip and len(held) >= skip:
            del held[:skip]
            skip = 0
        if len(held) > AT_ONCE:
            take((len(held) - TAIL) // ROW.itemsize * ROW.itemsize)

    await connection.copy_from_query(_READ, at, role, output=hear, format="binary")
    take(len(held) - TAIL)


async def night(database: str, at: datetime) -> Mapping[str, float]:
    """How long each part takes, and what it takes in memory."""
    began = time.perf_counter()
    found = await read(database, at)
    was_read = time.perf_counter()
    tiers = parts(found.words, found.anchors, WALKS)
    done = time.perf_counter()
    return {"read": was_read - began, "walked": done - was_read, "bytes": most_memory(), "words": len(found.words.rater), **_summed(tiers)}


def _summed(tiers: Parts) -> Mapping[str, float]:
    """How many stand, so that nothing is measured that does nothing."""
    return {"stand": int((tiers.good > 0).sum())}


if __name__ == "__main__":
    task = json.load(sys.stdin)
    json.dump(asyncio.run(night(task["database"], datetime.fromisoformat(task["at"]))), sys.stdout)
