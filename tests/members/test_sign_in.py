"""Signing in: a code for one browser, ten minutes, five tries, one use; and no word about who is a member."""

import asyncio
import hmac
import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from services.members.sessions import store
from services.members.sessions.domain.challenge import CODE_LIFE, TRIES
from shared import clock
from shared.contracts.events.members import SignInCodeIssued
from tests.members.conftest import BROWSER, IP, WEB_KEY, Machine, Members, running

pytestmark = pytest.mark.servers

STRANGER = "x" * 43


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


async def test_the_code_from_the_letter_signs_her_in(members: Members) -> None:
    asked = await members.ask("Ana@Example.com", language="es")
    (event,) = await members.events("sign_in_code_issued")
    assert isinstance(event, SignInCodeIssued)
    assert str(event.aggregate_id) == asked.json()["challenge_id"]
    assert (event.address, event.language) == ("Ana@example.com", "es")
    assert len(event.code) == 8
    assert event.expires_at.isoformat() == datetime.fromisoformat(asked.json()["expires_at"]).isoformat()
    answer = await members.try_code(asked.json()["challenge_id"], f" {event.code[:4]} {event.code[4:]} ")
    assert answer.status_code == 200
    assert answer.json()["joined"] is False
    assert len(answer.json()["session"]) >= 43


async def test_a_code_is_used_once(members: Members) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    assert (await members.try_code(challenge, code)).status_code == 200
    again = await members.try_code(challenge, code)
    assert (again.status_code, again.json()["code"]) == (410, "code_expired")
    assert await members.pool.fetchval("select count(*) from sessions") == 1


async def test_parallel_right_codes_make_one_session(members: Members) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    answers = await asyncio.gather(*(members.try_code(challenge, code) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 7
    assert await members.pool.fetchval("select count(*) from sessions") == 1


async def test_five_tries_and_no_more(members: Members) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    for _ in range(TRIES):
        answer = await members.try_code(challenge, wrong(code))
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_code")
    assert (await members.try_code(challenge, code)).json()["code"] == "code_expired"


async def test_the_fifth_try_may_still_be_right(members: Members) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    for _ in range(TRIES - 1):
        await members.try_code(challenge, wrong(code))
    assert (await members.try_code(challenge, code)).status_code == 200


async def test_parallel_tries_dont_get_past_five(members: Members) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    answers = await asyncio.gather(*(members.try_code(challenge, wrong(code)) for _ in range(30)))
    assert [answer.json()["code"] for answer in answers].count("wrong_code") == TRIES
    assert await members.pool.fetchval("select tries from sign_in_challenges") == TRIES


async def test_another_browser_cant_use_it_nor_use_it_up(members: Members) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    for _ in range(TRIES + 1):
        answer = await members.try_code(challenge, code, STRANGER)
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_code")
    assert (await members.try_code(challenge, code)).status_code == 200


async def test_a_code_opens_only_its_own_challenge(members: Members) -> None:
    first, second = await members.challenge(), await members.challenge("eva@example.com")
    assert (await members.try_code(second, await members.code_of(first))).json()["code"] == "wrong_code"


async def test_it_ends_after_ten_minutes(members: Members, machine: Machine) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    machine.ahead = CODE_LIFE - timedelta(seconds=5)
    assert (await members.try_code(challenge, wrong(code))).json()["code"] == "wrong_code"
    machine.ahead = CODE_LIFE
    answer = await members.try_code(challenge, code)
    assert (answer.status_code, answer.json()["code"]) == (410, "code_expired")


async def test_travelling_doesnt_age_a_code(members: Members, tmp_path: object) -> None:
    challenge = await members.challenge()
    path = f"{tmp_path}/clock.json"
    clock.travel(path, 21)
    clock.configure(path)
    try:
        assert (await members.try_code(challenge, await members.code_of(challenge))).status_code == 200
    finally:
        clock.configure(None)


async def test_an_unknown_challenge_answers_like_a_spent_one(members: Members) -> None:
    spent = await members.challenge()
    await members.try_code(spent, await members.code_of(spent))
    here, nowhere = await members.try_code(spent, "12345678"), await members.try_code(str(uuid4()), "12345678")
    assert here.status_code == nowhere.status_code == 410
    assert here.json() | {"correlation_id": ""} == nowhere.json() | {"correlation_id": ""}


@pytest.mark.parametrize("code", ["", "123456", "1234567", "123456789012", "abcdefgh", "１２３４５６７８", "1" * 17, "1234567８"])
async def test_what_is_no_code_isnt_counted(members: Members, code: str) -> None:
    challenge = await members.challenge()
    answer = await members.try_code(challenge, code)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["fields"][0]["field"] == "code"
    assert await members.pool.fetchval("select tries from sign_in_challenges") == 0


async def test_the_code_is_nowhere_in_the_tables_but_the_letters_event(members: Members) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    row = await members.pool.fetchrow("select c::text from sign_in_challenges c")
    assert row is not None
    assert code not in row["c"].replace(challenge, "")
    assert BROWSER not in row["c"]


async def test_the_code_needs_the_key(members: Members, database: str) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    async with running(database, code_key="d" * 32) as other:
        assert (await other.try_code(challenge, code)).json()["code"] == "wrong_code"


async def test_codes_are_compared_in_constant_time(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def watching(a: bytes, b: bytes) -> bool:
        compared.append(len(a))
        return a == b

    monkeypatch.setattr(hmac, "compare_digest", watching)
    await members.try_code(await members.challenge(), "00000000")
    assert compared == [len(f"Bearer {WEB_KEY}"), len(f"Bearer {WEB_KEY}"), 8, 32]


async def test_a_short_browser_secret_is_refused(members: Members) -> None:
    answer = await members.ask(browser="b" * 31)
    assert (answer.status_code, answer.json()["fields"][0]["field"]) == (422, "browser")
    assert "bbb" not in answer.text


async def test_spent_challenges_are_forgotten_after_a_day(members: Members) -> None:
    await members.challenge()
    await store.clean(members.pool, clock.machine_now() + timedelta(hours=23))
    assert await members.pool.fetchval("select count(*) from sign_in_challenges") == 1
    await store.clean(members.pool, clock.machine_now() + timedelta(hours=25))
    assert await members.pool.fetchval("select count(*) from sign_in_challenges") == 0


async def test_the_letters_event_carries_the_browsers_correlation(members: Members) -> None:
    headers = {"X-Correlation-ID": "from-the-browser", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    body = {"email": "ana@example.com", "language": "en", "browser": BROWSER, "ip": IP}
    await members.client.post("/v1/sign-in", json=body, headers={"Authorization": f"Bearer {WEB_KEY}", **headers})
    (event,) = await members.events("sign_in_code_issued")
    assert event.correlation_id == "from-the-browser"
    assert event.traceparent[3:35] == "0af7651916cd43dd8448eb211c80319c"


async def test_a_code_isnt_logged(members: Members, capsys: pytest.CaptureFixture[str]) -> None:
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    answer = await members.try_code(challenge, code)
    shown = "".join(capsys.readouterr())
    assert json.dumps(code) not in shown
    assert answer.json()["session"] not in shown
    assert "ana@example.com" not in shown
