"""A passkey opens one account, in the browser that was asked, once; and makes a moderator's session one."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from deploy.local.authenticator import PRESENT, Authenticator, b64, unb64
from services.members.accounts import store as accounts
from services.members.erasure.commands import erase
from services.members.passkeys import commands, domain
from services.members.safety import commands as safety
from shared import clock
from shared.contracts.http.members.passkeys import MOST_PASSKEYS
from shared.postgres.database import transaction
from tests.members.conftest import BROWSER, ORIGIN, Machine, Members

pytestmark = pytest.mark.servers

OTHER = "o" * 43


def authenticator() -> Authenticator:
    return Authenticator(ORIGIN, "madrina.example.com")


async def options(members: Members, browser: str = BROWSER) -> str:
    answer = await members.open("/v1/sign-in/passkeys/challenges", browser=browser)
    return str(answer.json()["options"])


async def enter(members: Members, credential: str, browser: str = BROWSER, former: str = "") -> httpx.Response:
    sent = {"credential": credential, "browser": browser, "ip": "192.0.2.7", "session": former, "device": "Firefox, Linux"}
    return await members.open("/v1/sign-in/passkeys", **sent)


async def creation(members: Members, session: str) -> str:
    headers = await members.headers(session)
    answer = await members.client.post("/v1/me/passkeys/challenges", json={"browser": BROWSER}, headers=headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["options"])


async def send(members: Members, session: str, credential: str, browser: str = BROWSER) -> httpx.Response:
    headers = await members.headers(session)
    return await members.client.post(
        "/v1/me/passkeys", json={"credential": credential, "browser": browser, "label": "Key"}, headers=headers
    )


async def register(members: Members, session: str) -> Authenticator:
    made = authenticator()
    answer = await send(members, session, made.make(await creation(members, session)))
    assert answer.status_code == 201, answer.text
    return made


async def mine(members: Members, session: str) -> Any:
    return (await members.client.get("/v1/me/signing-in", headers=await members.headers(session))).json()


async def test_she_registers_one_and_signs_in_with_it(members: Members) -> None:
    session, member_id = await members.join()
    key = await register(members, session)
    asked = json.loads(await options(members))
    assert (asked["rpId"], asked["userVerification"], asked.get("allowCredentials", [])) == ("madrina.example.com", "required", [])
    answer = await enter(members, key.show(json.dumps(asked)))
    assert answer.status_code == 200
    assert (answer.json()["joined"], answer.json()["offer_passkey"]) == (True, False)
    opened = answer.json()["session"]
    assert (await members.token(opened)).json()["member_id"] == member_id
    [shown] = (await mine(members, opened))["passkeys"]
    assert shown["label"] == "Key"
    assert shown["used_at"] is not None
    assert (await enter(members, key.show(await options(members)))).status_code == 200, "and again"


async def test_what_is_asked_for_says_nothing_of_any_account(members: Members) -> None:
    before = await options(members)
    await register(members, (await members.join())[0])
    after = await options(members)
    first, second = json.loads(before), json.loads(after)
    assert len(before) == len(after)
    assert {**first, "challenge": ""} == {**second, "challenge": ""}
    assert first["challenge"] != second["challenge"]


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://madrina.example.com"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"type": "webauthn.create"},
        {"key": ec.generate_private_key(ec.SECP256R1())},
        {"user": b"u" * 16},
        {"counts": 0},
        {"counts": -1},
        {"challenge": b64(b"c" * 56)},
        {"challenge": b64(b"")},
        {"challenge": "%"},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_what_isnt_right_is_refused_with_one_answer(members: Members, changes: dict[str, Any]) -> None:
    key = await register(members, (await members.join())[0])
    assert (await enter(members, key.show(await options(members)))).status_code == 200
    answer = await enter(members, key.show(await options(members), **changes))
    unknown = await enter(members, authenticator().show(await options(members)))
    assert answer.status_code == unknown.status_code == 422
    assert {**answer.json(), "correlation_id": ""} == {**unknown.json(), "correlation_id": ""}
    assert answer.json()["code"] == "passkey_refused"


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", "7", '{"id": 7}', "[" * 11_000, '"' + "\0" * 9 + '"'])
async def test_nonsense_is_refused(members: Members, credential: str) -> None:
    assert (await enter(members, credential)).json()["code"] == "passkey_refused"
    session = await members.sign_in()
    assert (await send(members, session, credential)).json()["code"] == "passkey_refused"


async def test_an_answer_is_good_once_in_one_browser_and_for_ten_minutes(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await register(members, (await members.join())[0])
    asked = await options(members)
    assert (await enter(members, key.show(asked), OTHER)).json()["code"] == "passkey_refused"
    assert (await enter(members, key.show(asked))).status_code == 200
    assert (await enter(members, key.show(asked))).json()["code"] == "passkey_refused", "the challenge has been answered"
    asked, machine = await options(members), Machine()
    monkeypatch.setattr(commands, "machine_now", machine)
    machine.ahead = domain.CHALLENGE_LIFE
    assert (await enter(members, key.show(asked))).json()["code"] == "passkey_refused"
    machine.ahead -= timedelta(seconds=5)
    assert (await enter(members, key.show(asked))).status_code == 200


async def test_a_question_is_for_one_thing(members: Members) -> None:
    """What she was asked for a new passkey can't be used to sign in, nor the other way round, nor by another member."""
    (session, _), (other, _) = await members.join(), await members.join("eva@example.com")
    key = await register(members, session)
    assert (await enter(members, key.show(await creation(members, session)))).json()["code"] == "passkey_refused"
    to_sign_in = {**json.loads(await creation(members, session)), "challenge": json.loads(await options(members))["challenge"]}
    assert (await send(members, session, authenticator().make(json.dumps(to_sign_in)))).json()["code"] == "passkey_refused"
    assert (await send(members, other, authenticator().make(await creation(members, session)))).json()["code"] == "passkey_refused"
    assert (await send(members, session, authenticator().make(await creation(members, session)), OTHER)).json()["code"] == "passkey_refused"


async def test_one_credential_is_one_members(members: Members) -> None:
    (session, _), (other, _) = await members.join(), await members.join("eva@example.com")
    key = await register(members, session)
    assert (await send(members, other, key.make(await creation(members, other)))).json()["code"] == "passkey_refused"
    assert unb64(json.loads(await creation(members, session))["excludeCredentials"][0]["id"]) == key.id


async def test_a_suspended_member_signs_in_with_hers_as_with_a_code(members: Members) -> None:
    session, member_id = await members.join()
    key = await register(members, session)
    async with transaction(members.pool) as tx:
        await safety.suspend(tx, UUID(member_id), clock.now())
    opened = (await enter(members, key.show(await options(members)))).json()["session"]
    assert (await members.token(opened, "requests")).json()["code"] == "account_suspended"


async def test_erased_her_passkeys_are_gone(members: Members) -> None:
    session, member_id = await members.join()
    key = await register(members, session)
    async with transaction(members.pool) as tx:
        await erase(tx, UUID(member_id), clock.now())
    assert await members.pool.fetchval("select count(*) from passkeys") == 0
    assert (await enter(members, key.show(await options(members)))).json()["code"] == "passkey_refused"


@pytest.fixture
async def stale(members: Members) -> AsyncIterator[str]:
    """A session in which she showed a code an hour ago."""
    session = (await members.join())[0]
    await register(members, session)
    await members.pool.execute("update sessions set authenticated_at = now() - interval '1 hour'")
    yield session


async def test_to_add_or_remove_one_she_shows_that_it_is_her(members: Members, stale: str) -> None:
    [key] = (await mine(members, stale))["passkeys"]
    calls = {
        "/v1/me/passkeys/challenges": {"browser": BROWSER},
        "/v1/me/passkeys": {"browser": BROWSER, "credential": ""},
        f"/v1/me/passkeys/{key['id']}/remove": None,
    }
    for path, body in calls.items():
        answer = await members.client.post(path, json=body, headers=await members.headers(stale))
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_needed")
    await members.shows_passkey(stale)
    gone = [await members.client.post(f"/v1/me/passkeys/{key['id']}/remove", headers=await members.headers(stale)) for _ in range(2)]
    assert [answer.status_code for answer in gone] == [204, 404]
    assert (await mine(members, stale))["passkeys"] == []


async def test_nobody_removes_anothers(members: Members) -> None:
    (session, _), (other, _) = await members.join(), await members.join("eva@example.com")
    await register(members, session)
    [key] = (await mine(members, session))["passkeys"]
    answer = await members.client.post(f"/v1/me/passkeys/{key['id']}/remove", headers=await members.headers(other))
    assert answer.status_code == 404
    assert len((await mine(members, session))["passkeys"]) == 1


async def test_ten_are_the_most(members: Members) -> None:
    session = (await members.join())[0]
    for _ in range(MOST_PASSKEYS):
        await register(members, session)
    answer = await send(members, session, authenticator().make(await creation(members, session)))
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_passkeys")


async def test_a_role_shows_in_the_session_of_a_passkey_and_stays_when_she_steps_up_with_a_code(members: Members) -> None:
    session, member_id = await members.join()
    async with transaction(members.pool) as tx:
        await accounts.appoint(tx, UUID(member_id), "moderator", clock.now())
    key = await register(members, session)
    assert (await members.token(session)).json()["roles"] == [], "to have one isn't to show it"
    assert (await mine(members, session))["appointed"] == ["moderator"]
    with_key = (await enter(members, key.show(await options(members)), former=session)).json()["session"]
    assert (await members.token(with_key)).json()["roles"] == ["moderator"]
    assert (await members.token(session)).status_code == 401, "the session before ends"
    challenge = await members.challenge()
    stepped_up = (await members.try_code(challenge, await members.code_of(challenge), former=with_key)).json()["session"]
    assert (await members.token(stepped_up)).json()["roles"] == ["moderator"]
    challenge = await members.challenge()
    without = (await members.try_code(challenge, await members.code_of(challenge), former=with_key)).json()["session"]
    assert (await members.token(without)).json()["roles"] == [], "a session that has ended gives nothing on"


async def test_what_another_showed_in_the_same_browser_isnt_hers(members: Members) -> None:
    (session, _), (_, eva) = await members.join(), await members.join("eva@example.com")
    async with transaction(members.pool) as tx:
        await accounts.appoint(tx, UUID(eva), "moderator", clock.now())
    await members.shows_passkey(session)
    challenge = await members.challenge("eva@example.com")
    answer = await members.try_code(challenge, await members.code_of(challenge), former=session)
    assert (await members.token(answer.json()["session"])).json()["roles"] == []


@pytest.mark.parametrize(("able", "offers"), [(True, [True, False]), (False, [False, False])])
async def test_one_is_offered_once_where_it_can_be_made(members: Members, able: bool, offers: list[bool]) -> None:
    found = []
    for _ in range(2):
        challenge = await members.challenge()
        sent = {"code": await members.code_of(challenge), "browser": BROWSER, "ip": "192.0.2.7", "passkeys": "true" if able else "false"}
        found.append((await members.open(f"/v1/sign-in/{challenge}", **sent)).json()["offer_passkey"])
    assert found == offers
