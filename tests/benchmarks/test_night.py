"""What `make bench-night` measures: a ledger as it says, and the very tiers of the model, on a small one."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from benchmarks.night import __main__ as bench
from benchmarks.night import ledger, walks
from benchmarks.night.ledger import Ledger
from benchmarks.trust import SETTINGS
from services.reputation.trust import Evidence, Settings
from services.reputation.trust.nightly import parts, tiers
from shared.postgres.database import Connection
from tests.backends.base import as_owner
from tests.conftest import MakeDatabase

SCHEMA = Path(__file__).resolve().parents[2] / "services/reputation/schema.sql"
pytestmark = pytest.mark.servers
AT = datetime(2026, 11, 27, 3, tzinfo=UTC)
MEMBERS, OUTCOMES = 300, 4_000
LEDGER = Ledger(MEMBERS, OUTCOMES, AT)


@asynccontextmanager
async def filled(url: str, held: Ledger = LEDGER) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(as_owner(url))
    await ledger.fill(connection, held, lambda _: None)
    yield connection
    await connection.close()


async def test_the_ledger_is_the_same_each_time_and_says_what_it_is(make_database: MakeDatabase) -> None:
    found = []
    for seed in (8, 7, 7):
        async with filled(await make_database("reputation"), replace(LEDGER, seed=seed)) as connection:
            rows = await connection.fetch("select * from ratings order by introduction_id, rater_id, role")
            found.append([tuple(row.values()) for row in rows])
    assert found[0] != found[1] == found[2]
    assert OUTCOMES * 1.8 < len(rows) <= OUTCOMES * 2
    assert {*Counter(row["introduction_id"] for row in rows).values()} == {4}
    assert 0.9 < sum(row["value"] == "good" for row in rows) / len(rows) < 0.96
    often = Counter(row["member_id"] for row in rows if row["role"] == "voucher").most_common(MEMBERS // 100)
    assert sum(times for _, times in often) > 0.15 * OUTCOMES


async def test_it_has_its_indexes_and_can_be_added_to(make_database: MakeDatabase) -> None:
    async with filled(await make_database("reputation")) as connection:
        of_the_schema = len(re.findall(r"INDEX \w+ ON public\.ratings |constraint ratings_pkey", SCHEMA.read_text()))
        assert await connection.fetchval("select count(*) from pg_indexes where tablename = 'ratings'") == of_the_schema
        await ledger.a_day_more(connection, LEDGER)
        assert await connection.fetchval("select count(*) from ratings where revealed_at >= $1", AT) == OUTCOMES // ledger.DAYS * 2


@pytest.mark.parametrize("settings", [walks.WALKS, SETTINGS])
async def test_walks_over_the_database_give_the_tiers_of_the_model(
    make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(walks, "AT_ONCE", 1_000)
    at, lasts = AT - timedelta(days=100), dict[tuple[UUID, UUID], Evidence]()
    url = await make_database("reputation")
    async with filled(url) as connection:
        rows = await connection.fetch("select * from ratings where revealed_at <= $1", at)
        anchors = [row["member_id"] for row in await connection.fetch("select member_id from anchors")]
        ids = [row["member_id"] for row in await connection.fetch("select member_id from placements order by member_id")]
        found = await walks.read(url, at)
    for row in rows:
        word = Evidence(row["event_id"], row["rater_id"], row["member_id"], row["value"] == "good", row["revealed_at"])
        lasts[word.rater, word.about] = max(lasts.get((word.rater, word.about), word), word, key=lambda one: one.order)
    expected, given = tiers(lasts.values(), anchors, at, settings), parts(found.words, found.anchors, settings)
    assert {id_: of for id_, of in zip(ids, given.good.tolist(), strict=True) if id_ in expected.good} == expected.good
    assert {id_: of for id_, of in zip(ids, given.bad.tolist(), strict=True) if id_ in expected.bad} == expected.bad
    pairs = [(ids[about], ids[rater]) for rater, about in zip(found.words.rater, found.words.about, strict=True)]
    single = dict(zip(pairs, given.voices.tolist(), strict=True))
    assert single.keys() == {(about, rater) for rater, about in lasts}
    assert {pair: of for pair, of in single.items() if of != expected.good[pair[1]]} == expected.voices
    assert len({*expected.good.values()}) > 2, "there is something to tell apart"
    assert bool(expected.voices) == bool(settings.independence)


async def test_a_small_night_is_measured_whole() -> None:
    found = await bench.main(LEDGER)
    assert [use.what for use in found] == ["filled", "bare", "the product's night", "a day later", "by walks"]
    assert all(use.seconds > 0 for use in found) and all(use.job > 0 for use in found[2:])
    changed = [int(use.note.split()[0]) for use in found[2:4]]
    assert changed[0] > MEMBERS / 2 and changed[1] < MEMBERS / 10
    assert all(use.watched.cpu > 0 and use.watched.memory > 0 for use in found[2:])
    assert "over the aim" in str(bench.Use("slow", 61, 1)) and "over the aim" in str(bench.Use("large", 1, 3_000_000_000))
    assert not any("over" in str(use) for use in found)
