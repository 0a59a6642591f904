"""A repeated command gets its first answer, however often and however close together it is sent."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI, Response
from pydantic import BaseModel

from shared.http import follow, idempotency, problem_rendering
from shared.http.idempotency import Idempotent, answer_once
from shared.postgres.database import Pool, create_pool, transaction
from shared.problems import Problem
from tests.conftest import MakeDatabase
from tests.shared.http import talking_to

pytestmark = pytest.mark.servers

HER, OTHER = uuid4(), uuid4()


class Body(BaseModel):
    word: str


class Refused(Problem):
    code = "refused"
    status = 409
    sentence = "No."


@pytest.fixture
async def pool(make_database: MakeDatabase) -> AsyncIterator[Pool]:
    one = await create_pool(await make_database("members"), size=20)
    await one.execute("create table done (word text)")
    yield one
    await one.close()


@pytest.fixture
async def client(pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()

    @app.post("/{member_id}/{thing}", status_code=201)
    async def command(member_id: UUID, thing: str, key: Idempotent, body: Body) -> Response:
        async with transaction(pool) as tx:

            async def work() -> dict[str, str | int]:
                await tx.execute("insert into done values ($1)", body.word)
                await asyncio.sleep(0.02)
                if body.word == "no":
                    raise Refused
                return {"word": body.word, "count": await tx.fetchval("select count(*) from done"), "thing": thing}

            return await answer_once(tx, member_id, key, body, work, status=201)

    problem_rendering.install(app)
    follow.install(app)
    async with talking_to(app) as one:
        yield one


async def send(client: httpx.AsyncClient, key: str | None, word: str = "yes", member: UUID = HER, thing: str = "a") -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return await client.post(f"/{member}/{thing}", json={"word": word}, headers=headers)


async def done(pool: Pool) -> int:
    return int(await pool.fetchval("select count(*) from done"))


async def test_a_repeated_command_is_done_once_and_answered_alike(client: httpx.AsyncClient, pool: Pool) -> None:
    first = await send(client, "key-of-one-command")
    again = await send(client, "key-of-one-command")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json() == {"word": "yes", "count": 1, "thing": "a"}
    assert first.headers["content-type"] == again.headers["content-type"] == "application/json"
    assert await done(pool) == 1
    assert (await send(client, "key-of-another-one")).json()["count"] == 2


async def test_twenty_at_once_are_one(client: httpx.AsyncClient, pool: Pool) -> None:
    answers = await asyncio.gather(*(send(client, "key-of-one-command") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert await done(pool) == 1


async def test_the_same_key_for_another_command_is_refused(client: httpx.AsyncClient, pool: Pool) -> None:
    await send(client, "key-of-one-command")
    for other in (await send(client, "key-of-one-command", "other"), await send(client, "key-of-one-command", thing="b")):
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await done(pool) == 1


async def test_keys_are_each_members_own(client: httpx.AsyncClient, pool: Pool) -> None:
    await send(client, "key-of-one-command")
    assert (await send(client, "key-of-one-command", "hers", OTHER)).json()["word"] == "hers"
    assert await done(pool) == 2


async def test_a_problem_changes_nothing_and_isnt_kept(client: httpx.AsyncClient, pool: Pool) -> None:
    for _ in range(2):
        answer = await send(client, "key-of-one-command", "no")
        assert (answer.status_code, answer.json()["code"]) == (409, "refused")
    assert await done(pool) == 0
    assert await pool.fetchval("select count(*) from idempotency_keys") == 0
    assert (await send(client, "key-of-one-command")).status_code == 201


async def test_one_that_waits_for_a_failing_one_does_the_work_itself(client: httpx.AsyncClient, pool: Pool) -> None:
    answers = await asyncio.gather(*(send(client, "key-of-one-command", word) for word in ("no", "no", "yes")))
    assert sorted(answer.status_code for answer in answers)[:1] == [201]
    assert await done(pool) == 1


@pytest.mark.parametrize("key", [None, "", "short", "a" * 129, "with\ttab"])
async def test_a_command_needs_a_good_key(client: httpx.AsyncClient, pool: Pool, key: str | None) -> None:
    answer = await send(client, key)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["fields"][0]["field"] == "Idempotency-Key"
    assert await done(pool) == 0


async def test_two_statements_beside_the_work(client: httpx.AsyncClient, pool: Pool) -> None:
    seen: list[str] = []
    key = idempotency.Command("key-of-one-command", "POST /x")

    async def work() -> dict[str, str]:
        return {}

    async with transaction(pool) as tx:
        tx.add_query_logger(lambda record: seen.append(record.query))
        await answer_once(tx, HER, key, None, work)
    assert [query.split()[0] for query in seen if "idempotency_keys" in query] == ["insert", "update"]


async def test_answers_are_forgotten_after_two_days(client: httpx.AsyncClient, pool: Pool) -> None:
    await send(client, "key-of-an-old-one")
    await send(client, "key-of-a-new-one")
    age = timedelta(hours=idempotency.KEPT_HOURS, minutes=1)
    await pool.execute("update idempotency_keys set created_at = created_at - $1::interval where key = 'key-of-an-old-one'", age)
    await idempotency.clean(pool)
    assert [row["key"] for row in await pool.fetch("select key from idempotency_keys")] == ["key-of-a-new-one"]
