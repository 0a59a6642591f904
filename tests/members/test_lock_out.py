"""Nobody keeps a member out, and parallel calls get past no limit: on a real database."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.members.sessions import commands, store
from services.members.sessions.api import AT_ONCE
from services.members.sessions.domain import limits
from services.members.sessions.domain.challenge import CODE_LIFE, TRIES
from shared import clock
from shared.contracts.http.members.signing_in import LETTERS_AN_HOUR
from tests.members.conftest import BROWSER, WEB_KEY, Machine, Members, running

pytestmark = pytest.mark.servers

HERS = "h" * 43
NEW_PHONE = "p" * 43


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


async def sent(members: Members, **asked: str) -> bool:
    """Whether a letter leaves."""
    challenge = await members.challenge(**asked)
    return (await members.issued(challenge))[-1].send


async def test_asking_again_repeats_the_code_and_begins_its_time_anew(members: Members, machine: Machine) -> None:
    first = await members.challenge()
    await members.try_code(first, wrong(await members.code_of(first)))
    machine.ahead = CODE_LIFE - timedelta(seconds=5)
    assert await members.challenge() == first
    machine.ahead *= 2
    early, late = await members.issued(first)
    assert (early.code, early.repeats, early.aggregate_version) == (late.code, False, 1)
    assert (late.repeats, late.aggregate_version) == (True, 2)
    assert await members.pool.fetchval("select tries from sign_in_challenges") == 1, "the tries left don't begin anew"
    assert (await members.try_code(first, early.code)).status_code == 200


async def test_another_code_comes_when_the_first_is_spent(members: Members, machine: Machine) -> None:
    used = await members.challenge()
    await members.try_code(used, await members.code_of(used))
    tried = await members.challenge()
    for _ in range(TRIES):
        await members.try_code(tried, wrong(await members.code_of(tried)))
    old = await members.challenge()
    machine.ahead = CODE_LIFE
    fresh = await members.challenge()
    assert len({used, tried, old, fresh}) == 4
    assert len({await members.code_of(challenge) for challenge in (used, tried, old, fresh)}) == 4
    assert not any(event.repeats for event in await members.issued())


async def test_each_browser_and_each_address_has_a_code_of_its_own(members: Members) -> None:
    asked = [("ana@example.com", BROWSER), ("ana@example.com", HERS), ("eva@example.com", BROWSER)]
    challenges = [await members.challenge(email, browser) for email, browser in asked]
    assert len(set(challenges)) == 3


async def test_a_browser_gets_so_many_letters_an_hour_and_the_same_answer_afterwards(members: Members, machine: Machine) -> None:
    assert [await sent(members) for _ in range(LETTERS_AN_HOUR + 2)] == [True] * LETTERS_AN_HOUR + [False] * 2
    assert await sent(members, email="eva@example.com", browser=HERS)
    machine.ahead = timedelta(minutes=61)
    assert await sent(members)


@pytest.mark.parametrize("networks", [1, 50])
async def test_strangers_dont_lock_her_out(members: Members, networks: int) -> None:
    await members.sign_in("ana@example.com", HERS)
    asks = [
        (f"{browser}-{network}".ljust(32, "s"), f"198.51.{network}.1")
        for network in range(networks)
        for browser in range(60 // networks + 1)
    ]
    answers = [await members.ask("ana@example.com", browser, ip=ip) for browser, ip in asks]
    assert {answer.status_code for answer in answers} == {202}
    assert await sent(members, email="ana@example.com", browser=HERS, ip="198.51.0.9"), "a browser of hers, even in their network"
    phone = await members.challenge("ana@example.com", NEW_PHONE, "203.0.113.5")
    letter = (await members.issued(phone))[-1]
    assert letter.send, "a browser that isn't known yet, in a network of her own"
    assert (await members.try_code(phone, letter.code, NEW_PHONE, "203.0.113.5")).status_code == 200


@pytest.mark.parametrize("networks", [1, 50])
async def test_strangers_wrong_codes_dont_lock_her_out(members: Members, networks: int) -> None:
    await members.sign_in("ana@example.com", HERS)
    waiting = await members.challenge("ana@example.com", NEW_PHONE, "203.0.113.5")
    short = await members.code_of(waiting)
    answers = []
    for number in range(8):
        browser, ip = f"s{number}" * 16, f"198.51.{number % networks}.1"
        challenge = await members.challenge("ana@example.com", browser, ip)
        answers += [(await members.try_code(challenge, "00000000", browser, ip)).json()["code"] for _ in range(TRIES)]
    assert answers.count("wrong_code") - answers[limits.TRIES_ADDRESS.most :].count("wrong_code") == limits.TRIES_ADDRESS.most

    here = await members.challenge("ana@example.com", HERS, "198.51.0.9")
    assert len(await members.code_of(here)) == limits.SHORT
    assert (await members.try_code(here, await members.code_of(here), HERS, "198.51.0.9")).status_code == 200

    refused = await members.try_code(waiting, short, NEW_PHONE, "203.0.113.5")
    assert (refused.status_code, refused.json()["code"]) == (410, "code_expired")
    again = await members.challenge("ana@example.com", NEW_PHONE, "203.0.113.5")
    long = await members.code_of(again)
    assert (again != waiting, len(long)) == (True, limits.LONG)
    assert (await members.try_code(again, wrong(long), NEW_PHONE, "203.0.113.5")).json()["code"] == "wrong_code"
    spaced = "-".join(long[place : place + 4] for place in range(0, 16, 4))
    assert (await members.try_code(again, f"\u00a0{spaced} ", NEW_PHONE, "203.0.113.5")).status_code == 200


async def test_an_unknown_address_with_many_wrong_codes_answers_the_same(database: str) -> None:
    """Or the wrong codes of an address would tell that it is a member's."""
    async with running(database, join="open") as members:
        await members.sign_in("ana@example.com")
    async with running(database, join="invited") as members:
        seen = []
        for email in ("ana@example.com", "mia@example.com"):
            codes = []
            for number in range(7):
                browser, ip = f"{number}{email}".ljust(32, "s"), f"198.51.{number}.1"
                challenge = await members.challenge(email, browser, ip)
                codes += [(await members.try_code(challenge, "00000000", browser, ip)).json()["code"] for _ in range(TRIES + 1)]
            seen.append(codes)
        assert seen[0] == seen[1]
        assert len({len(event.code) for event in await members.issued()}) == 2


async def test_her_own_browser_stays_known_after_signing_out(members: Members) -> None:
    session = await members.sign_in("ana@example.com", HERS)
    await members.open("/v1/sessions/end", session=session)
    assert await members.pool.fetchval("select count(*) from known_browsers") == 1
    assert HERS.encode() not in await members.pool.fetchval("select browser_hash from known_browsers")


async def test_a_browser_known_to_one_account_is_a_stranger_to_another(members: Members) -> None:
    await members.sign_in("eva@example.com", HERS)
    await members.sign_in("ana@example.com", BROWSER)
    for number in range(limits.LETTERS_ADDRESS.most):
        await members.challenge("ana@example.com", f"s{number}" * 16, "198.51.100.1")
    for _ in range(limits.LETTERS_LATE.most):
        assert await sent(members, email="ana@example.com", browser=HERS, ip="198.51.101.1")
    assert not await sent(members, email="ana@example.com", browser=HERS, ip="198.51.101.1")
    assert await sent(members, email="ana@example.com", browser=BROWSER, ip="198.51.101.1")


async def test_parallel_asks_get_past_no_limit(members: Members) -> None:
    await asyncio.gather(*(members.challenge(email) for email in ("ana@example.com", "ANA@example.com") * 8))
    assert len(await members.letters()) == LETTERS_AN_HOUR
    assert await members.pool.fetchval("select count(*) from sign_in_challenges") == 1
    strangers = (members.challenge("eva@example.com", f"s{number:02}" * 11, "198.51.100.1") for number in range(20))
    await asyncio.gather(*strangers)
    to_eva = [letter for letter in await members.letters() if letter.address == "eva@example.com"]
    assert len(to_eva) == limits.LETTERS_ADDRESS.most + limits.LETTERS_LATE.most


async def test_parallel_tries_get_past_no_limit(members: Members) -> None:
    ways = [(f"s{number}" * 16, f"198.51.{number}.1") for number in range(8)]
    challenges = [await members.challenge("ana@example.com", *way) for way in ways]
    tries = [members.try_code(challenge, "00000000", *way) for challenge, way in zip(challenges, ways, strict=True) for _ in range(TRIES)]
    answers = [answer.json()["code"] for answer in await asyncio.gather(*tries)]
    assert answers.count("wrong_code") == limits.TRIES_ADDRESS.most
    assert answers.count("code_expired") == len(answers) - limits.TRIES_ADDRESS.most


async def test_asks_and_tries_at_once_dont_wait_for_each_other_for_ever(members: Members) -> None:
    challenge = await members.challenge()
    calls: list[Any] = [members.ask(), members.try_code(challenge, "00000000"), members.ask("eva@example.com")] * 3
    assert {answer.status_code for answer in await asyncio.gather(*calls)} <= {202, 410, 422}


@pytest.mark.parametrize("step", ["ask_for_code", "sign_in"])
async def test_a_crowd_at_the_door_leaves_members_their_tokens(members: Members, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    session, challenge = await members.sign_in(), await members.challenge("eva@example.com")
    inside, command, go_on = 0, getattr(commands, step), asyncio.Event()

    async def slow(*args: Any, **named: Any) -> Any:
        nonlocal inside
        inside += 1
        await go_on.wait()
        return await command(*args, **named)

    monkeypatch.setattr(commands, step, slow)
    crowd = [
        asyncio.create_task(members.ask("eva@example.com") if step == "ask_for_code" else members.try_code(challenge, "00000000"))
        for _ in range(2 * members.pool.get_max_size())
    ]
    while inside < AT_ONCE:
        await asyncio.sleep(0)
    assert (await members.token(session)).status_code == 200
    assert inside == AT_ONCE
    go_on.set()
    assert {answer.status_code for answer in await asyncio.gather(*crowd)} <= {202, 410, 422}


async def test_signing_in_ends_the_session_that_the_browser_still_had(members: Members) -> None:
    former, other = await members.sign_in(), await members.sign_in()
    challenge = await members.challenge()
    answer = await members.try_code(challenge, await members.code_of(challenge), former=former)
    assert [(await members.token(session)).status_code for session in (former, other, answer.json()["session"])] == [401, 200, 200]


async def test_a_wrong_code_ends_no_session(members: Members) -> None:
    former = await members.sign_in()
    challenge = await members.challenge()
    await members.try_code(challenge, wrong(await members.code_of(challenge)), former=former)
    assert (await members.token(former)).status_code == 200


OPEN = {
    "/v1/sign-in": {"email": "ana@example.com", "language": "en", "browser": BROWSER, "ip": "192.0.2.1"},
    "/v1/sign-in/01900000-0000-7000-8000-000000000000": {"code": "12345678", "browser": BROWSER, "ip": "192.0.2.1"},
    "/v1/sessions/tokens": {"session": "a" * 43, "audience": "members"},
    "/v1/sessions/end": {"session": "a" * 43},
}


@pytest.mark.parametrize("path", OPEN)
async def test_only_the_web_signs_anyone_in_or_out(members: Members, path: str) -> None:
    for shown in ({}, {"Authorization": f"Bearer {'x' * 32}"}, {"Authorization": WEB_KEY}, {"Authorization": f"Bearer {WEB_KEY}x"}):
        answer = await members.client.post(path, json=OPEN[path], headers=shown)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_caller")
    assert await members.pool.fetchval("select count(*) from sign_in_challenges") == 0
    assert (await members.open(path, **OPEN[path])).json().get("code") != "foreign_caller" if path != "/v1/sessions/end" else True


async def test_while_the_webs_key_changes_both_are_taken(members: Members, database: str) -> None:
    async with running(database, web_key=f"{'n' * 32},{WEB_KEY}") as changing:
        for key in ("n" * 32, WEB_KEY):
            answer = await changing.client.post("/v1/sign-in", json=OPEN["/v1/sign-in"], headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == 202


async def test_what_nothing_counts_any_more_is_forgotten(members: Members) -> None:
    challenge = await members.challenge()
    await members.try_code(challenge, "00000000")
    assert await members.pool.fetchval("select count(*) from sign_in_counts") > 3
    await store.clean(members.pool, clock.machine_now() + limits.LONGEST - timedelta(hours=1))
    assert await members.pool.fetchval("select count(*) from sign_in_counts") > 3
    await store.clean(members.pool, clock.machine_now() + limits.LONGEST + timedelta(seconds=1))
    assert await members.pool.fetchval("select count(*) from sign_in_counts") == 0


async def test_a_browser_is_known_for_a_year(members: Members) -> None:
    await members.sign_in()
    await store.clean(members.pool, clock.machine_now() + store.KNOWN - timedelta(days=1))
    assert await members.pool.fetchval("select count(*) from known_browsers") == 1
    await store.clean(members.pool, clock.machine_now() + store.KNOWN + timedelta(days=1))
    assert await members.pool.fetchval("select count(*) from known_browsers") == 0


async def test_neither_an_address_nor_a_network_stands_among_the_counts(members: Members) -> None:
    await members.try_code(await members.challenge(), "00000000")
    rows = await members.pool.fetch("select key from sign_in_counts")
    assert all(len(row["key"]) == 16 for row in rows)
