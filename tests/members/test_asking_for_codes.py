"""Who is a member can't be learnt by asking for codes; and one mailbox is one account."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from services.members.sessions import commands
from services.members.sessions.domain.challenge import CODES_AN_HOUR, TRIES
from shared.contracts.events.members import SignInCodeIssued
from shared.postgres.database import Tx
from tests.members.conftest import Machine, Members, running

pytestmark = pytest.mark.servers


async def test_five_codes_an_hour_and_the_same_answer_afterwards(members: Members, machine: Machine) -> None:
    for _ in range(CODES_AN_HOUR):
        await members.challenge()
    beyond = await members.ask()
    assert beyond.status_code == 202
    assert set(beyond.json()) == {"challenge_id", "expires_at"}
    assert len(await members.events("sign_in_code_issued")) == CODES_AN_HOUR
    assert (await members.try_code(beyond.json()["challenge_id"], "123456")).json()["code"] == "wrong_code"
    await members.challenge("eva@example.com")
    assert len(await members.events("sign_in_code_issued")) == CODES_AN_HOUR + 1
    machine.ahead = timedelta(minutes=61)
    await members.challenge()
    assert len(await members.events("sign_in_code_issued")) == CODES_AN_HOUR + 2


async def test_parallel_questions_dont_get_past_five(members: Members) -> None:
    await asyncio.gather(*(members.challenge(email) for email in ("ana@example.com", "ANA@example.com") * 8))
    assert len(await members.events("sign_in_code_issued")) == CODES_AN_HOUR


async def test_a_challenge_without_a_letter_opens_with_no_code(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.members.sessions.commands.new_code", lambda: "123456")
    async with running(database, join="invited") as members:
        challenge = await members.challenge()
        assert (await members.try_code(challenge, "123456")).json()["code"] == "wrong_code"
        assert await members.pool.fetchval("select count(*) from accounts") == 0


async def test_known_and_unknown_addresses_get_the_same_answer_from_the_same_work(
    members: Members, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await members.sign_in("ana@example.com")
    statements: list[list[str]] = []
    ask = commands.ask_for_code

    async def watched(tx: Tx, *args: Any) -> Any:
        seen: list[str] = []

        def keep(record: Any) -> None:
            if "typeinfo_tree" in record.query or "'jit'" in record.query:
                return  # a new connection of the pool asks the database about types first
            seen.append(re.sub(r"__asyncpg_savepoint_\w+__", "sp", record.query))

        tx.add_query_logger(keep)
        challenge = await ask(tx, *args)
        tx.remove_query_logger(keep)
        statements.append(seen)
        return challenge

    monkeypatch.setattr(commands, "ask_for_code", watched)
    async with running(database, join="invited") as invited:
        known, unknown = await invited.ask("ana@example.com"), await invited.ask("eva@example.com")
        assert known.status_code == unknown.status_code == 202
        assert list(known.json()) == list(unknown.json())
        assert len(known.content) == len(unknown.content)
        letters = [event for event in await invited.events("sign_in_code_issued") if isinstance(event, SignInCodeIssued)]
        assert [letter.address for letter in letters] == ["ana@example.com"] * 2
        for _ in range(TRIES):
            tries = [await invited.try_code(asked.json()["challenge_id"], "000000") for asked in (known, unknown)]
            assert tries[0].status_code == tries[1].status_code == 422
        tries = [await invited.try_code(asked.json()["challenge_id"], "000000") for asked in (known, unknown)]
        assert tries[0].status_code == tries[1].status_code == 410
    to_known, to_unknown = statements
    assert len(to_known) >= 6
    assert to_known[:-1] == to_unknown[:-1]
    assert (to_known[-1], to_unknown[-1]) == ("RELEASE SAVEPOINT sp;", "ROLLBACK TO sp;")


NO_ADDRESSES = ["", "ana", "ana@", "@example.com", "ana@example..com", "a b@example.com", "ana@exa\nmple.com", "ána@example.com"]


@pytest.mark.parametrize("email", NO_ADDRESSES)
async def test_what_is_no_address_is_said(members: Members, email: str) -> None:
    answer = await members.ask(email)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["fields"] == [
        {"field": "email", "code": "not_an_address", "detail": "Please check this address: email couldn't reach it."}
    ]
    assert await members.pool.fetchval("select count(*) from sign_in_challenges") == 0


async def test_test_domains_are_for_local_machines_alone(members: Members, database: str) -> None:
    assert (await members.ask("ana@madrina.test")).status_code == 202
    async with running(database, madrina_env="production") as real:
        assert (await real.ask("ana@madrina.test")).status_code == 422
        assert (await real.ask("ana@example.com")).status_code == 202


async def test_spellings_of_one_mailbox_are_one_account(members: Members) -> None:
    for email in ("ana@example.com", " Ana@EXAMPLE.com ", "ANA@example.com"):
        await members.sign_in(email)
    assert await members.pool.fetchval("select count(*) from accounts") == 1
    assert await members.pool.fetchval("select address from accounts") == "ana@example.com"
