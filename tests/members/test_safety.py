"""What a block, a suspension and an erasure do here at once, and what others hear of them."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from services.members.erasure.commands import erase
from services.members.safety import commands, handlers, store
from services.members.safety.store import Report
from services.members.sessions import store as sessions
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberErased, MemberJoined
from shared.contracts.events.requests import MisconductReported, QuestionReported
from shared.http.tokens import TokenSigner
from shared.messaging.dead_letters import bury
from shared.postgres.database import transaction
from shared.problems import NotFound
from tests.backends import owner
from tests.members.conftest import KEY, PROFILE, Members, confirmed, hear, running

pytestmark = pytest.mark.servers

AUDIENCES = ("members", "requests", "reputation")


async def do(members: Members, command: Callable[..., Awaitable[bool]], *ids: str | UUID) -> bool:
    """A command in a transaction of its own, as the operator's command line runs it."""
    async with transaction(members.pool) as tx:
        return await command(tx, *(UUID(str(id_)) for id_ in ids), clock.now())


async def told(members: Members) -> list[Event]:
    """What safety told, in order."""
    return [
        event for event in await members.events() if event.type.startswith("members.v1.member_") and not isinstance(event, MemberJoined)
    ]


def bearer(member_id: str) -> dict[str, str]:
    """A member token that was issued just before."""
    return {"Authorization": f"Bearer {TokenSigner(KEY).issue(UUID(member_id), 'members')[0]}", "Idempotency-Key": str(uuid4())}


async def read(members: Members, reader: str, member_id: str | UUID) -> httpx.Response:
    return await members.client.get(f"/v1/profiles/{member_id}", headers=bearer(reader))


async def suspend_(members: Members, her: str, reader: str) -> None:
    await do(members, commands.suspend, her)


async def erase_(members: Members, her: str, reader: str) -> None:
    await do(members, erase, her)


async def she_blocks(members: Members, her: str, reader: str) -> None:
    await do(members, commands.block, her, reader)


async def reader_blocks(members: Members, her: str, reader: str) -> None:
    await do(members, commands.block, reader, her)


GONE = [suspend_, erase_, she_blocks, reader_blocks]
OUT = [suspend_, erase_]
LEFT_TO_A_SUSPENDED_MEMBER = {
    "get /v1/me",
    "get /v1/me/exports",
    "post /v1/me/exports",
    "get /v1/me/exports/{export_id}",
    "post /v1/me/photo/taken-back",
    "post /v1/me/group/take-back",
    "post /v1/me/leaving",
    "post /v1/me/leaving/undo",
    "get /v1/notices",
    "get /v1/notices/{notice_id}",
    "post /v1/notices/{notice_id}/acknowledge",
    "post /v1/notices/{notice_id}/appeal",
}


async def observed(
    members: Members, reader: str, path: str, method: str = "GET", body: Any = None
) -> tuple[int, str, list[tuple[str, str]], Sequence[str]]:
    """What a reader gets there: status, body, headers and the statements that ran, on the one connection of the pool."""
    ran: list[str] = []
    logger = lambda record: ran.append(record.query)  # noqa: E731  (a name to take it off again by)
    async with members.pool.acquire() as connection:
        connection.add_query_logger(logger)
    answer = await members.client.request(method, path, json=body, headers=bearer(reader))
    async with members.pool.acquire() as connection:
        connection.remove_query_logger(logger)
    headers = [header for header in sorted(answer.headers.items()) if header[0] not in ("date", "traceparent", "x-correlation-id")]
    shown = {name: value for name, value in (answer.json() if answer.content else {}).items() if name not in ("correlation_id", "id")}
    # The relay is woken after a commit, by a statement that may fall anywhere.
    return answer.status_code, str(shown), headers, [statement for statement in ran if "notify outbox" not in statement]


@pytest.mark.parametrize("gone", GONE)
async def test_to_a_reader_she_is_as_one_who_never_was(database: str, gone: Callable[..., Awaitable[None]]) -> None:
    """Status, body, headers and the statements that ran."""
    async with running(database, database_pool_size=1) as members:
        (_, her), (_, reader) = await members.join("ana@example.com"), await members.join("eva@example.com")
        await read(members, reader, her)  # what the connection learns of types on first use is learnt here
        await gone(members, her, reader)
        absent = await observed(members, reader, f"/v1/profiles/{uuid4()}")
        assert await observed(members, reader, f"/v1/profiles/{her}") == absent
        assert (absent[0], len(absent[3]) > 3) == (404, True)


async def test_she_is_there_again_for_whom_she_was_and_a_block_of_the_other_stays(members: Members) -> None:
    (_, ana), (_, eva) = await members.join("ana@example.com"), await members.join("eva@example.com")
    await do(members, commands.block, ana, eva)
    await do(members, commands.block, eva, ana)
    await do(members, commands.unblock, ana, eva)
    assert [(await read(members, *two)).status_code for two in ((ana, eva), (eva, ana))] == [404, 404]
    await do(members, commands.unblock, eva, ana)
    assert [(await read(members, *two)).status_code for two in ((ana, eva), (eva, ana))] == [200, 200]
    await do(members, commands.suspend, ana)
    await do(members, commands.reinstate, ana)
    assert (await read(members, eva, ana)).status_code == 200


@pytest.mark.parametrize("out", OUT)
async def test_her_sessions_end_everywhere_and_no_service_gets_a_token(members: Members, out: Callable[..., Awaitable[None]]) -> None:
    first, ana = await members.join()
    second = await members.sign_in()
    other, _ = await members.join("eva@example.com")
    await out(members, ana, "")
    for session in (first, second):
        answers = [await members.token(session, audience) for audience in AUDIENCES]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "signed_out")] * 3
    assert (await members.token(other)).status_code == 200


@pytest.mark.parametrize("out", OUT)
async def test_every_route_refuses_a_token_that_was_issued_before(members: Members, out: Callable[..., Awaitable[None]]) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    headers = bearer(ana)
    assert (await members.client.put("/v1/me/profile", json=PROFILE, headers=headers)).status_code == 204
    await out(members, ana, "")
    refused: dict[str, Any] = {}
    for path, methods in members.app.openapi()["paths"].items():
        for method, about in methods.items():
            if "security" not in about:
                continue  # without a token
            body = PROFILE if "requestBody" in about else None
            if out is suspend_ and f"{method} {path}" in LEFT_TO_A_SUSPENDED_MEMBER:
                continue
            for keys in (headers, bearer(ana)):  # the first one repeats a command that was answered
                answer = await members.client.request(method, re.sub(r"\{\w+\}", eva, path), json=body, headers=keys)
                refused[f"{method} {path}"] = (answer.status_code, answer.json()["code"])
    assert set(refused.values()) == {(403, "account_suspended") if out is suspend_ else (401, "not_signed_in")}
    assert len(refused) >= 2
    assert await members.events("profile_changed") == []


async def test_done_twice_each_is_one_event_and_versions_follow_each_other(members: Members) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    for command, *ids in (
        (commands.block, ana, eva),
        (commands.unblock, ana, eva),
        (commands.suspend, ana),
        (commands.reinstate, ana),
        (commands.block, ana, eva),
        (commands.suspend, ana),
    ):
        assert [await do(members, command, *ids) for _ in range(2)] == [True, False]
    assert [(event.type.rpartition("_")[2], event.aggregate_version) for event in await told(members)] == [
        ("blocked", 1),
        ("unblocked", 2),
        ("suspended", 1),
        ("reinstated", 2),
        ("blocked", 3),
        ("suspended", 3),
    ]
    assert await do(members, erase, ana)
    with pytest.raises(NotFound):
        await do(members, erase, ana)
    [gone] = [event for event in await told(members) if event.aggregate_id == UUID(ana)]
    assert (type(gone), gone.aggregate_version) == (MemberErased, 4)


@pytest.mark.parametrize("command", [commands.block, commands.suspend])
async def test_at_once_each_is_one_event(members: Members, command: Callable[..., Awaitable[bool]]) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    ids = (ana, eva) if command is commands.block else (ana,)
    async with asyncio.timeout(10), transaction(members.pool) as tx:
        assert await command(tx, *map(UUID, ids), clock.now())
        second = asyncio.create_task(do(members, command, *ids))
        while not await members.pool.fetchval("select count(*) from pg_locks where not granted"):
            await asyncio.sleep(0)
    assert await second is False
    assert len(await told(members)) == 1


async def test_a_sign_in_under_way_opens_no_other_service(members: Members) -> None:
    """Whichever of the two comes first."""
    _, ana = await members.join()
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    answer, _ = await asyncio.gather(members.try_code(challenge, code), do(members, commands.suspend, ana))
    tokens = [await members.token(answer.json()["session"], audience) for audience in AUDIENCES[1:]]
    assert {token.json()["code"] for token in tokens} <= {"account_suspended", "signed_out"}


async def test_whoever_isnt_here_cant_be_acted_on(members: Members) -> None:
    _, ana = await members.join()
    for command, *ids in (
        (commands.suspend, uuid4()),
        (commands.reinstate, uuid4()),
        (erase, uuid4()),
        (commands.block, ana, uuid4()),
        (commands.block, uuid4(), ana),
        (commands.block, ana, ana),
        (commands.unblock, ana, uuid4()),
    ):
        with pytest.raises(NotFound):
            await do(members, command, *ids)
    assert await told(members) == []


async def test_an_event_that_cant_be_stored_undoes_the_rest(members: Members) -> None:
    session, ana = await members.join()
    await owner.execute(members.pool, "alter table outbox add check (type not like '%suspended')")
    with pytest.raises(asyncpg.CheckViolationError):
        await do(members, commands.suspend, ana)
    assert (await members.token(session)).status_code == 200


async def test_nothing_here_says_who_an_erased_member_was(members: Members) -> None:
    """Every column of every table is looked through for her name, her address and her id."""
    (_, ana), (_, eva) = await members.join("ana@example.com"), await members.join("eva@example.com", name="Eva Sol")
    await do(members, commands.block, ana, eva)
    await do(members, commands.block, eva, ana)
    await report(members, by=ana, about=eva)
    await report(members, by=eva, about=ana)
    await hear(members, confirmed(eva, ana))
    async with transaction(members.pool) as tx:
        await bury(tx, "requests.v1.x", f'{{"about_id": "{ana}"}}'.encode(), None, reason="unknown", detail="", tries=1)
    await members.challenge("ana@example.com")
    await do(members, erase, ana)
    left = await rows(members)
    # The last letter is emptied by its own end, a day later.
    named = {row.split('"type":"')[1].split('"')[0] for _, row in left if "Ana Ruiz" in row or "ana@example.com" in row}
    assert named == {"private.v1.account_erased"}
    assert {table for table, row in left if ana in row} == {"outbox", "reports", "erasures"}
    left_reports = await members.pool.fetch("select by_id, about_id, words from reports")
    assert {tuple(row) for row in left_reports} == {(UUID(ana), UUID(eva), None), (UUID(eva), None, None)}


async def rows(members: Members) -> list[tuple[str, str]]:
    """Every row of every table, as text; bytes as what they spell."""
    tables = await members.pool.fetch("select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'")
    found = [(table["relname"], row) for table in tables for row in await members.pool.fetch(f"select * from {table['relname']}")]
    return [(name, " ".join(v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row.values())) for name, row in found]


async def test_her_address_may_join_anew_as_another(members: Members) -> None:
    _, before = await members.join()
    await do(members, erase, before)
    _, after = await members.join()
    assert after != before


async def report(members: Members, *, by: str | UUID, about: str | UUID, words: str = "He never came.") -> MisconductReported:
    """A report, as the worker hears of it."""
    event = MisconductReported(
        aggregate_id=uuid4(),
        aggregate_version=1,
        occurred_at=clock.now(),
        introduction_id=uuid4(),
        by_id=UUID(str(by)),
        about_id=UUID(str(about)),
        words=words,
    )
    async with transaction(members.pool) as tx:
        await handlers.handlers.handle([event], tx)
    return event


async def test_a_report_is_kept_once_with_its_words(members: Members) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    event = await report(members, by=ana, about=eva)
    async with transaction(members.pool) as tx:
        await handlers.handlers.handle([event], tx)
        [kept] = await store.reports(tx)
    who = (event.aggregate_id, event.about_id, event.by_id)
    assert kept == Report(*who, "misconduct", "introduction", event.introduction_id, event.words, event.occurred_at, [])


@pytest.mark.parametrize("gone", ["about", "by"])
@pytest.mark.parametrize("first", ["report", "erasure"])
async def test_an_erasure_takes_what_a_report_says_of_her_and_her_words_whichever_comes_first(
    members: Members, gone: str, first: str
) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    who = {"by": ana, "about": eva}
    if first == "report":
        await report(members, by=ana, about=eva)
    await do(members, erase, who[gone])
    if first == "erasure":
        await report(members, by=ana, about=eva)
    async with transaction(members.pool) as tx:
        [kept] = await store.reports(tx)
    assert (kept.words, kept.about_id) == (None, None if gone == "about" else UUID(eva))


async def report_question(members: Members, *, by: str, about: str) -> QuestionReported:
    """A report of the question that she asks of requesters, as the worker hears of it, twice."""
    event = QuestionReported(
        aggregate_id=uuid4(),
        aggregate_version=1,
        occurred_at=clock.now(),
        by_id=UUID(by),
        about_id=UUID(about),
        question="What would you pay?",
    )
    for _ in range(2):
        async with transaction(members.pool) as tx:
            await handlers.handlers.handle([event], tx)
    return event


@pytest.mark.parametrize(("gone", "kept"), [("about", None), ("by", "What would you pay?"), ("", "What would you pay?")])
@pytest.mark.parametrize("first", ["report", "erasure"])
async def test_a_reported_question_goes_with_her_who_asks_it(members: Members, gone: str, kept: str | None, first: str) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    if first == "report":
        await report_question(members, by=ana, about=eva)
    if gone:
        await do(members, erase, {"by": ana, "about": eva}[gone])
    if first == "erasure":
        await report_question(members, by=ana, about=eva)
    async with transaction(members.pool) as tx:
        [found] = await store.reports(tx)
    assert (found.words, found.subject, str(found.by_id)) == (kept, "question", ana)
    assert found.about_id == (UUID(eva) if kept else None)


async def test_reports_are_forgotten_after_two_years(members: Members) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    await report(members, by=ana, about=eva)
    await members.pool.execute("update reports set stored_at = stored_at - interval '729 days'")
    await store.clean(members.pool)
    assert await members.pool.fetchval("select count(*) from reports") == 1
    await members.pool.execute("update reports set stored_at = stored_at - interval '2 days'")
    await store.clean(members.pool)
    assert await members.pool.fetchval("select count(*) from reports") == 0


async def test_what_wasnt_published_of_her_yet_stays_unpublished_but_for_her_leaving(members: Members) -> None:
    _, ana = await members.join()
    await do(members, erase, ana)
    waiting = await members.pool.fetch(
        "select type from outbox where aggregate_id = $1 and sent_at is null and parked_at is null", UUID(ana)
    )
    assert [row["type"] for row in waiting] == [MemberErased.type]
    assert await members.pool.fetchval("select count(*) from outbox where parked_reason <> 'expired'") == 0


async def test_ending_a_session_twice_keeps_its_first_end(members: Members) -> None:
    session, ana = await members.join()
    await members.open("/v1/sessions/end", session=session)
    before = await members.pool.fetchval("select ended_at from sessions")
    async with transaction(members.pool) as tx:
        await sessions.end_all(tx, UUID(ana), clock.machine_now())
    assert await members.pool.fetchval("select ended_at from sessions") == before


async def test_her_own_account_costs_one_statement(database: str) -> None:
    """Every page asks for it."""
    async with running(database, database_pool_size=1) as members:
        _, ana = await members.join()
        for _ in range(2):  # what the connection learns of columns on first use is learnt once
            *_, ran = await observed(members, ana, "/v1/me")
    assert [statement.split()[0].lower() for statement in ran] == ["begin;", "select", "commit;"]
