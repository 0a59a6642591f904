"""`make bench-directory MEMBERS=1000000`: how long it takes to find somebody among so many who allow it.

Names, places and words are as frequent as in life: a few that a twentieth of all have, and a long tail. Beside it stands the least that a
read takes: one row by its key, over the same connection.
"""

import argparse
import asyncio
import json
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, cast
from uuid import UUID

import asyncpg
import structlog

from benchmarks.figures import quantiles
from deploy.local import databases, folders
from deploy.local.home import ROOT
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer
from deploy.local.postgres import url as url_of
from services.members.directory import views
from services.members.directory.domain import found_by, place_of
from shared.contracts.http.members.profiles import OwnProfile
from shared.postgres import migrate
from shared.postgres.database import Connection, Tx
from shared.postgres.rights import owner_of

P99_MS = 50.0
SERVER = {"shared_buffers": "2GB", "max_wal_size": "8GB", "wal_level": "minimal", "max_wal_senders": "0", "random_page_cost": "1.1"}
GIVEN = (
    *("María", "Carmen", "Ana", "Laura", "Marta", "Lucía", "Elena", "Sara", "Paula", "Mary"),
    *("Emma", "Olivia", "Grace", "Sofía", "Isabel", "Rosa", "Pilar", "Julia", "Hannah", "Amara"),
)
FAMILY = (
    *("García", "González", "Rodríguez", "Fernández", "López", "Martínez", "Sánchez", "Pérez", "Smith", "Jones"),
    *("Taylor", "Brown", "Gómez", "Ruiz", "Díaz", "Williams", "Moreno"),
)
PLACES = (
    *("Madrid", "London", "Barcelona", "Valencia", "Sevilla", "Bilbao", "Lima", "Bogotá", "Leeds", "Quito"),
    *("Zaragoza", "Dublin", "Santiago", "Nairobi"),
)
WORK = ["hospital", "universidad", "college", "energy", "labs", "estudio", "works", "grupo", "bank", "escuela", "council", "museo"]
HELP = (
    *("mentoring", "data", "finanzas", "design", "ética", "contratos", "writing", "ventas", "research", "energía"),
    *("law", "salud", "teaching", "ingeniería", "product", "agua"),
)
_SYLLABLES = (
    *("ba", "be", "bi", "bo", "bra", "ca", "ce", "cu", "da", "de"),
    *("do", "fa", "fe", "ga", "gi", "go", "ha", "he", "in", "ja"),
    *("jo", "ka", "la", "le", "li", "lo", "lu", "ma", "me", "mi"),
    *("mo", "na", "ne", "no", "pa", "pe", "qui", "ra", "re", "ri"),
    *("ro",),
)
SPOKEN = ("es", "en", "fr", "pt", "ca", "eu", "de")


class Town:
    """So many women; the n-th is the same in every run."""

    def __init__(self, members: int) -> None:
        self.members = members
        self.random = Random(7)  # noqa: S311  (no secret)
        self.given, self.family = self._named(GIVEN, 4000), self._named(FAMILY, 60_000)
        self.places, self.work, self.help = self._named(PLACES, 3000), self._named(WORK, 40_000), self._named(HELP, 8000)

    def _named(self, common: Sequence[str], tail: int) -> Callable[[], str]:
        """Words by Zipf's law, the common ones first: of family names the first has 3 of 100."""
        seen = dict.fromkeys(common)
        while len(seen) < tail:
            seen[("".join(self.random.choices(_SYLLABLES, k=self.random.randint(2, 4)))).title()] = None
        words, weights = [*seen], list(accumulate(1 / (rank + 4) ** 0.85 for rank in range(len(seen))))
        return lambda: self.random.choices(words, cum_weights=weights)[0]

    def profile(self) -> OwnProfile:
        return OwnProfile(
            name=f"{self.given()} {self.family()} {self.family()}",
            headline="Leads a small team",
            organisation=f"{self.work()} {self.family()}",
            place=self.places(),
            languages=self.random.choices(SPOKEN, weights=(50, 50, 10, 8, 5, 3, 5), k=2),
            language="es",
            time_zone="UTC",
            visibility="members",
            help_with=" ".join(self.help() for _ in range(4)),
            findable=True,
        )

    def sought(self) -> str:
        """What somebody types: a name, or a name and something else, a fifth of them with a slip of the hand."""
        kinds: tuple[tuple[Callable[[], str], ...], ...] = (
            *((self.family,), (self.given, self.family), (self.family, self.given, self.family), (self.given, self.places)),
            *((self.help, self.places), (self.work, self.family), (self.help,), (self.family, self.places, self.help)),
        )
        words = [word() for word in self.random.choice(kinds)]
        if self.random.random() < 0.2:
            at = self.random.randrange(len(words))
            words[at] = self._slip(words[at])
        return " ".join(words)

    def _slip(self, word: str) -> str:
        place = self.random.randrange(1, max(2, len(word) - 1))
        match self.random.randrange(3):
            case 0:
                return word[:place] + word[place + 1 :]
            case 1:
                return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
        return word[:place] + self.random.choice("aeiorstn") + word[place + 1 :]


async def load(connection: Connection, town: Town) -> list[UUID]:
    """Copied as one would restore a backup, with the large index built afterwards."""
    ids, words = [], Counter[str]()
    await connection.execute("set maintenance_work_mem = '1GB'; alter table directory_entries drop constraint directory_entries_pkey")
    for first in range(0, town.members, 50_000):
        rows = [(UUID(int=town.random.getrandbits(128), version=4), town.profile()) for _ in range(min(50_000, town.members - first))]
        found = [(member_id, found_by(profile)) for member_id, profile in rows]
        for _, mine in found:
            words.update(mine)
        ids += [member_id for member_id, _ in rows]
        await _copy(connection, "accounts", ("member_id", "address", "address_key", "created_at"), (f"{i}\t{i}\t{i}\tnow" for i, _ in rows))
        columns = ("member_id", "version", "name", "headline", "organisation", "place", "languages", "language", "time_zone")
        await _copy(
            connection,
            "profiles",
            (*columns, "visibility", "joined_at", "changed_at", "findable"),
            (f"{i}\t1\t{p.name}\t{p.headline}\t\t\t{{}}\tes\tUTC\tmembers\tnow\tnow\tt" for i, p in rows),
        )
        await _copy(connection, "directory_members", ("member_id", "words"), (f"{i}\t{{{','.join(sorted(mine))}}}" for i, mine in found))
        lines = (f"{word}\t{place}\t{i}" for i, mine in found for place in [place_of(i)] for word in mine)
        await _copy(connection, "directory_entries", ("word", "place", "member_id"), lines)
    await _copy(connection, "directory_words", ("word", "members"), (f"{word}\t{many}" for word, many in words.items()))
    await connection.execute("alter table directory_entries add primary key (word, place, member_id)")
    await connection.execute("vacuum analyze")
    return ids


async def _copy(connection: Connection, table: str, columns: Sequence[str], lines: Iterator[str]) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield ("\n".join(lines) + "\n").encode()

    await connection.copy_to_table(table, source=chunks(), columns=columns)


class Explained:
    """A transaction whose reads are explained as well, for the time that the server works: on a busy machine the rest is waiting."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self.seconds = connection, 0.0

    async def fetch(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """The rows; their time is added."""
        plan = json.loads(await self._connection.fetchval(f"explain (analyze, format json) {sql}", *args))
        self.seconds += (plan[0]["Planning Time"] + plan[0]["Execution Time"]) / 1000
        return await self._connection.fetch(sql, *args)


async def measure(connection: Connection, town: Town, ids: Sequence[UUID], searches: int) -> dict[str, Any]:
    """Searches of readers who are all others, one after the other, each between two bare reads."""
    kinds: dict[str, list[float]] = {"one row by its key": [], "García": [], "García Madrid": [], "Garsia": [], "as they are typed": []}
    typed = [("as they are typed", town.sought()) for _ in range(searches)]
    of_server: dict[str, list[float]] = {kind: [] for kind in kinds if kind != "one row by its key"}
    slowest = (0.0, "")
    few = max(20, searches // 10)
    for kind, text in [*typed, *((text, text) for text in ("García", "García Madrid", "Garsia") for _ in range(few))]:
        reader = town.random.choice(ids)
        began = time.perf_counter()
        await connection.fetchrow("select name from profiles where member_id = $1", reader)
        kinds["one row by its key"].append(time.perf_counter() - began)
        began = time.perf_counter()
        async with connection.transaction():
            await views.find(connection, reader, text)
        took = time.perf_counter() - began
        kinds[kind].append(took)
        explained = Explained(connection)
        await views.find(cast("Tx", explained), reader, text)
        of_server[kind].append(explained.seconds)
        slowest = max(slowest, (took, text))
    return {
        "ms": {kind: quantiles(times) for kind, times in kinds.items()},
        "of_server_ms": {kind: quantiles(times) for kind, times in of_server.items()},
        "slowest": slowest,
    }


async def run(members: int, searches: int) -> dict[str, Any]:
    """A server of its own, filled, searched, and gone."""
    data = Path(tempfile.mkdtemp(prefix="madrina directory "))
    server = PostgresServer(
        data / "postgres", free_port(), secrets.token_hex(8), data / "log", system_parent=folders.ON_DISK, durable=False, settings=SERVER
    )
    try:
        await server.start()
        name, password, town = "members", secrets.token_hex(8), Town(members)
        await databases.create_all(server.admin_url, {name: password, owner_of(name): password}, [name])
        url = url_of(server.port, owner_of(name), password, name)
        await migrate.migrate(url, name)
        connection = await asyncpg.connect(url, command_timeout=None)
        try:
            began = time.monotonic()
            ids = await load(connection, town)
            loaded = round(time.monotonic() - began, 1)
            print(f"{members:,} members loaded in {loaded} s", file=sys.stderr, flush=True)
            await measure(connection, town, ids, 50)  # warm up
            size = await connection.fetchval("select pg_total_relation_size('directory_entries') / 1048576")
            words = await connection.fetchval("select count(*) from directory_words")
            found = await measure(connection, town, ids, searches)
            return {"members": members, "words": words, "entries_mb": size, "load_seconds": loaded, **found}
        finally:
            await connection.close()
    finally:
        await server.stop()
        folders.remove(data / "postgres")
        shutil.rmtree(data, ignore_errors=True)


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="benchmarks.directory", description=__doc__)
    parser.add_argument("members", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--searches", type=int, default=1000)
    parser.add_argument("--keep", action="store_true", help="keep the results as the reference")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    results = asyncio.run(run(given.members, given.searches))
    for folder in [ROOT / ".results", *([ROOT / "benchmarks" / "results"] if given.keep else [])]:
        folder.mkdir(exist_ok=True)
        (folder / "directory.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    print(f"{results['members']:,} members, {results['words']:,} words, {results['entries_mb']} MB; loaded in {results['load_seconds']} s")
    for kind, took in results["ms"].items():
        server = results["of_server_ms"].get(kind)
        own = f"   of it the server works {server['p50']:6.1f} ms {server['p99']:8.1f} ms" if server else ""
        print(f"{kind:20} p50 {took['p50']:8.1f} ms  p99 {took['p99']:8.1f} ms{own}")
    print(f"the slowest took {results['slowest'][0] * 1000:.0f} ms: {results['slowest'][1]}")
    slow = [kind for kind, took in results["ms"].items() if took["p99"] > P99_MS]
    print(*(f"PROBLEM: {kind} takes more than {P99_MS:.0f} ms at p99" for kind in slow), sep="\n")
    return 1 if slow else 0


# Being asked to stop ends the server too.
signal.signal(signal.SIGTERM, signal.default_int_handler)
if __name__ == "__main__":
    raise SystemExit(main())
