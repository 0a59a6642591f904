"""A command is done once, whole or not at all, and a repeated one gets its first answer, however close together they come."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.http.base import Body, CommandRoute, Created
from shared.http import commands, idempotency, problem_rendering, tokens
from shared.http.commands import Run, Runner
from shared.http.follow import Follow
from shared.http.idempotency import Key
from shared.http.routing import serve
from shared.http.tokens import TokenSigner, TokenVerifier
from shared.messaging import outbox
from shared.postgres.database import Pool, Tx, create_pool, transaction
from shared.problems import Problem
from tests.backends import owner
from tests.conftest import MakeDatabase
from tests.messaging.events import joined
from tests.shared.http import talking_to

pytestmark = pytest.mark.servers

HER, OTHER = uuid4(), uuid4()
SIGNING = tokens.new_key("one")
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


class WordBody(Body):
    word: str


class Refused(Problem, sentence="No."):
    """What stands in the way."""


@dataclass(frozen=True)
class Done:
    """What the command made."""

    id: UUID
    by: UUID
    at: datetime
    tx_id: str


@dataclass(frozen=True)
class Write:
    """Writes a word down; the words `load`, `decide` and `save` are refused at that step."""

    word: str

    async def load(self, tx: Tx, me: UUID) -> tuple[UUID, str]:
        self._refuse("load")
        await asyncio.sleep(0.01)
        return uuid4(), await tx.fetchval("select pg_current_xact_id()::text")

    def decide(self, loaded: tuple[UUID, str], me: UUID, at: datetime) -> tuple[Done, list[Event]]:
        self._refuse("decide")
        id_, tx_id = loaded
        return Done(id_, me, at, tx_id), [joined(aggregate_id=id_, occurred_at=at)]

    async def save(self, tx: Tx, loaded: tuple[UUID, str], row: Done) -> None:
        await tx.execute("insert into done values ($1, $2, $3, $4, $5)", row.id, self.word, row.by, row.at, row.tx_id)
        self._refuse("save")

    def _refuse(self, step: str) -> None:
        if self.word == step:
            raise Refused


MAKE = CommandRoute(path="/things/{thing}", body=WordBody, creates=True)
CHANGE = CommandRoute(method="PUT", path="/things/{thing}", body=WordBody)
router = APIRouter()


@serve(router, MAKE)
async def make(thing: str, body: WordBody, run: Run) -> Created:
    return await run.create(Write(body.word))


@serve(router, CHANGE)
async def change(thing: str, body: WordBody, run: Run) -> None:
    await run(Write(body.word))


@pytest.fixture
async def pool(make_database: MakeDatabase) -> AsyncIterator[Pool]:
    pool = await create_pool(await make_database("members"), size=20)
    await owner.execute(pool, "create table done (id uuid, word text, by uuid, at timestamptz, tx_id text)")
    yield pool
    await pool.close()


@pytest.fixture
async def client(pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.state.pool, app.state.verifier = pool, TokenVerifier(tokens.public_keys(SIGNING), "test")
    app.include_router(router)
    problem_rendering.install(app)
    app.add_middleware(Follow)
    async with talking_to(app) as client:
        yield client


async def send(
    client: httpx.AsyncClient, key: str | None, word: str = "yes", *, member: UUID = HER, thing: str = "a", method: str = "POST"
) -> httpx.Response:
    token, _ = TokenSigner(SIGNING).issue(member, "test")
    headers = {"Authorization": f"Bearer {token}"} | ({} if key is None else {"Idempotency-Key": key})
    return await client.request(method, f"/things/{thing}", json={"word": word}, headers=headers)


async def done(pool: Pool) -> int:
    return int(await pool.fetchval("select count(*) from done"))


async def test_a_repeated_command_is_done_once_and_answered_alike(client: httpx.AsyncClient, pool: Pool) -> None:
    first = await send(client, "key-of-one-command")
    again = await send(client, "key-of-one-command")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() == {"id": str(await pool.fetchval("select id from done"))}
    assert first.headers["content-type"] == again.headers["content-type"] == "application/json"
    assert await done(pool) == 1
    assert (await send(client, "key-of-another-one")).json() != first.json()
    assert await done(pool) == 2


async def test_one_that_makes_nothing_answers_without_a_body(client: httpx.AsyncClient, pool: Pool) -> None:
    for _ in range(2):
        answer = await send(client, "key-of-one-command", method="PUT")
        assert (answer.status_code, answer.content) == (204, b"")
    assert await done(pool) == 1


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_twenty_at_once_are_one(client: httpx.AsyncClient, pool: Pool, method: str) -> None:
    answers = await asyncio.gather(*(send(client, "key-of-one-command", method=method) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201 if method == "POST" else 204}
    assert all(answer.content == answers[0].content for answer in answers)
    assert await done(pool) == 1


async def test_it_is_one_transaction_with_its_events_in_business_time(
    client: httpx.AsyncClient, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    answer = await send(client, "key-of-one-command")
    row = await pool.fetchrow("select done.*, done.xmin::text from done")
    assert row is not None
    assert (str(row["id"]), row["by"], row["at"]) == (answer.json()["id"], HER, AT)
    together = [
        row["tx_id"],
        row["xmin"],
        await pool.fetchval("select xmin::text from outbox where aggregate_id = $1", row["id"]),
        await pool.fetchval("select xmin::text from idempotency_keys"),
    ]
    assert len(set(together)) == 1, together


async def test_the_same_key_for_another_command_is_refused(client: httpx.AsyncClient, pool: Pool) -> None:
    await send(client, "key-of-one-command")
    others = [
        await send(client, "key-of-one-command", "other"),
        await send(client, "key-of-one-command", thing="b"),
        await send(client, "key-of-one-command", method="PUT"),
    ]
    assert [(other.status_code, other.json()["code"]) for other in others] == [(422, "idempotency_key_reused")] * 3
    assert await done(pool) == 1


async def test_keys_are_each_members_own(client: httpx.AsyncClient, pool: Pool) -> None:
    mine = await send(client, "key-of-one-command")
    hers = await send(client, "key-of-one-command", "hers", member=OTHER)
    assert (hers.status_code, hers.json() != mine.json()) == (201, True)
    assert [tuple(row) for row in await pool.fetch("select word, by from done order by at")] == [("yes", HER), ("hers", OTHER)]


@pytest.mark.parametrize("step", ["load", "decide", "save"])
async def test_a_problem_changes_nothing_and_isnt_kept(client: httpx.AsyncClient, pool: Pool, step: str) -> None:
    for _ in range(2):
        answer = await send(client, "key-of-one-command", step)
        assert (answer.status_code, answer.json()["code"]) == (409, "refused")
    assert await done(pool) == 0
    assert await pool.fetchval("select (select count(*) from idempotency_keys) + (select count(*) from outbox)") == 0
    assert (await send(client, "key-of-one-command")).status_code == 201


async def test_an_event_that_cant_be_stored_takes_the_row_with_it(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(tx: Tx, *events: Event) -> None:
        raise OSError

    monkeypatch.setattr(outbox, "put", broken)
    with pytest.raises(OSError):
        await Runner(pool, HER, Key("key-of-one-command", "POST /things/a")).create(Write("yes"))
    assert await done(pool) == 0
    assert await pool.fetchval("select count(*) from idempotency_keys") == 0


async def test_one_that_waits_for_a_failing_one_does_the_work_itself(client: httpx.AsyncClient, pool: Pool) -> None:
    answers = await asyncio.gather(*(send(client, "key-of-one-command", word) for word in ("save", "save", "yes")))
    assert sorted(answer.status_code for answer in answers)[:1] == [201]
    assert await done(pool) == 1


@pytest.mark.parametrize("key", [None, "", "short", "a" * 129, "with\ttab"])
async def test_a_command_needs_a_good_key(client: httpx.AsyncClient, pool: Pool, key: str | None) -> None:
    answer = await send(client, key)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["fields"][0]["field"] == "Idempotency-Key"
    assert await done(pool) == 0


async def test_a_command_needs_a_member(client: httpx.AsyncClient, pool: Pool) -> None:
    answer = await client.post("/things/a", json={"word": "yes"}, headers={"Idempotency-Key": "key-of-one-command"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert await pool.fetchval("select count(*) from idempotency_keys") == 0


@pytest.mark.parametrize(("creates", "statements"), [(True, ["insert", "update"]), (False, ["insert"])])
async def test_at_most_two_statements_beside_the_work(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, creates: bool, statements: list[str]
) -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def watched(pool: Pool) -> AsyncIterator[Tx]:
        async with transaction(pool) as tx:
            tx.add_query_logger(lambda record: seen.append(record.query))
            yield tx

    monkeypatch.setattr(commands, "transaction", watched)
    run = Runner(pool, HER, Key("key-of-one-command", "POST /x"))
    await (run.create(Write("yes")) if creates else run(Write("yes")))
    assert [query.split()[0] for query in seen if "idempotency_keys" in query] == statements


async def test_neither_the_key_nor_the_words_are_kept(client: httpx.AsyncClient, pool: Pool) -> None:
    for key in ("key-of-one-command", "key-of-another-one"):
        await send(client, key, "a word of hers")
    rows = await pool.fetch("select k::text as shown, mac, key_hash from idempotency_keys k")
    assert len({row["mac"] for row in rows}) == len({row["key_hash"] for row in rows}) == 2
    for row in rows:
        kept = row["mac"] + row["key_hash"] + row["shown"].encode()
        assert not any(secret in kept for secret in (b"key-of", b"word", json.dumps({"word": "a word of hers"}).encode()))


async def test_keys_are_forgotten_after_two_days(client: httpx.AsyncClient, pool: Pool) -> None:
    old, new = Key("key-of-an-old-one", ""), Key("key-of-a-new-one", "")
    for key in (old, new):
        await send(client, key.text)
    age = idempotency.KEPT + timedelta(minutes=1)
    await pool.execute("update idempotency_keys set claimed_at = claimed_at - $1::interval where key_hash = $2", age, old.hash())
    await idempotency.clean(pool)
    assert [row["key_hash"] for row in await pool.fetch("select key_hash from idempotency_keys")] == [new.hash()]


async def test_an_erased_members_keys_are_forgotten(client: httpx.AsyncClient, pool: Pool) -> None:
    for member in (HER, OTHER):
        await send(client, "key-of-one-command", member=member)
    assert idempotency.FEATURE.on_erase is not None
    async with transaction(pool) as tx:
        await idempotency.FEATURE.on_erase(tx, HER, AT)
    assert [row["member_id"] for row in await pool.fetch("select member_id from idempotency_keys")] == [OTHER]
