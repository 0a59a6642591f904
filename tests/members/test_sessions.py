"""Sessions are the server's: their secret is nowhere, they end, and the tokens they give are each for one service."""

from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest

from services.members.accounts import store as accounts
from services.members.sessions import store
from services.members.sessions.domain.session import SESSION_IDLE, SESSION_LIFE
from shared import clock
from shared.contracts.http.members.signing_in import Audience
from shared.http import tokens
from shared.http.tokens import Claims, TokenVerifier
from shared.postgres.database import transaction
from tests.members.conftest import KEY, Machine, Members

pytestmark = pytest.mark.servers

DAY = timedelta(days=1)


async def status(members: Members, session: str, audience: str = "members") -> tuple[int, str]:
    answer = await members.token(session, audience)
    return answer.status_code, answer.json().get("code", "")


async def test_a_token_is_for_the_service_that_was_named(members: Members) -> None:
    session, member_id = await members.join()
    for audience in get_args(Audience):
        answer = await members.token(session, audience)
        assert (answer.status_code, answer.json()["joined"]) == (200, True)
        token = answer.json()["token"]
        assert str(TokenVerifier(tokens.public_keys(KEY), audience).verify(token).member_id) == member_id == answer.json()["member_id"]
        left = datetime.fromisoformat(answer.json()["expires_at"]) - clock.machine_now()
        assert timedelta(seconds=50) < left <= timedelta(seconds=60)
    for audience in ("web", ""):
        assert await status(members, session, audience) == (422, "invalid")


async def test_before_she_has_joined_only_members_knows_her(members: Members) -> None:
    session = await members.sign_in()
    assert (await members.token(session)).json()["joined"] is False
    for audience in ("requests", "reputation"):
        assert await status(members, session, audience) == (409, "profile_needed")
    await members.write(session)
    assert (await members.token(session, "requests")).json()["joined"] is True


async def claims(members: Members, session: str) -> Claims:
    token = (await members.token(session)).json()["token"]
    return TokenVerifier(tokens.public_keys(KEY), "members").verify(token)


async def test_a_token_says_when_and_with_what_she_last_showed_that_it_is_her(members: Members, machine: Machine) -> None:
    session = await members.sign_in()
    said = await claims(members, session)
    assert said.amr == {"code"}
    assert said.is_fresh(clock.machine_now())
    machine.ahead = timedelta(minutes=9)
    assert (await claims(members, session)).auth_time == said.auth_time, "using a session shows nothing anew"


async def test_roles_are_in_the_tokens_of_a_session_that_a_passkey_was_shown_in(members: Members) -> None:
    session, member_id = await members.join()
    async with transaction(members.pool) as tx:
        for role in ("moderator", "steward"):
            await accounts.appoint(tx, UUID(member_id), role, clock.now())
    assert (await claims(members, session)).roles == frozenset()
    assert (await members.token(session)).json()["roles"] == []
    await members.shows_passkey(session)
    assert (await claims(members, session)).roles == {"moderator", "steward"}
    assert (await members.token(session)).json()["roles"] == ["moderator", "steward"]
    other = await members.sign_in()
    assert (await claims(members, other)).roles == frozenset(), "each session by itself"
    async with transaction(members.pool) as tx:
        await accounts.dismiss(tx, UUID(member_id), "steward", clock.now())
    assert (await claims(members, session)).roles == {"moderator"}


async def test_a_session_of_the_release_before_is_as_fresh_as_its_beginning(members: Members) -> None:
    session = await members.sign_in()
    await members.pool.execute("update sessions set authenticated_at = null, amr = default, started_at = started_at - interval '1 hour'")
    said = await claims(members, session)
    assert said.amr == {"code"}
    assert not said.is_fresh(clock.machine_now())


@pytest.mark.parametrize("session", ["", "a", "a" * 43, "\0" * 43])
async def test_an_unknown_session_is_signed_out(members: Members, session: str) -> None:
    answer = await members.token(session)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


async def test_an_ended_session_gives_nothing_any_more(members: Members) -> None:
    session, other = await members.sign_in(), await members.sign_in()
    for _ in range(2):
        assert (await members.open("/v1/sessions/end", session=session)).status_code == 204
    assert await status(members, session) == (401, "signed_out")
    assert await status(members, other) == (200, "")
    assert (await members.open("/v1/sessions/end", session="nobody's")).status_code == 204


async def test_thirty_days_without_use_end_it(members: Members, machine: Machine) -> None:
    session = await members.sign_in()
    machine.ahead = SESSION_IDLE - timedelta(minutes=1)
    assert await status(members, session) == (200, "")
    machine.ahead += SESSION_IDLE - timedelta(minutes=1)
    assert await status(members, session) == (200, ""), "its use should have kept it"
    machine.ahead += SESSION_IDLE
    assert await status(members, session) == (401, "signed_out")


async def test_half_a_year_ends_it_however_much_it_is_used(members: Members, machine: Machine) -> None:
    challenge = await members.challenge()
    answer = await members.try_code(challenge, await members.code_of(challenge))
    session, ends = answer.json()["session"], datetime.fromisoformat(answer.json()["expires_at"])
    assert abs(ends - clock.machine_now() - SESSION_LIFE) < timedelta(minutes=1)
    while machine.ahead < SESSION_LIFE - 20 * DAY:
        machine.ahead += 20 * DAY
        if machine.ahead < SESSION_LIFE:
            assert await status(members, session) == (200, "")
    machine.ahead = SESSION_LIFE
    assert await status(members, session) == (401, "signed_out")


async def test_its_use_is_written_once_an_hour_at_most(members: Members, machine: Machine) -> None:
    session = await members.sign_in()
    first = await members.pool.fetchval("select seen_at from sessions")
    machine.ahead = timedelta(minutes=59)
    await members.token(session)
    assert await members.pool.fetchval("select seen_at from sessions") == first
    machine.ahead = timedelta(minutes=61)
    await members.token(session)
    assert await members.pool.fetchval("select seen_at from sessions") > first


async def test_the_secret_is_nowhere_in_the_tables(members: Members) -> None:
    session = await members.sign_in()
    rows = await members.pool.fetch("select s::text as row, s.secret_hash from sessions s")
    assert len(rows) == 1
    assert session not in rows[0]["row"]
    assert session.encode() not in rows[0]["secret_hash"]
    assert await status(members, rows[0]["secret_hash"].hex()) == (401, "signed_out")


async def test_sessions_that_cant_be_used_are_forgotten(members: Members) -> None:
    await members.sign_in()
    await store.clean(members.pool, clock.machine_now() + SESSION_IDLE - DAY)
    assert await members.pool.fetchval("select count(*) from sessions") == 1
    await store.clean(members.pool, clock.machine_now() + SESSION_IDLE + DAY)
    assert await members.pool.fetchval("select count(*) from sessions") == 0
