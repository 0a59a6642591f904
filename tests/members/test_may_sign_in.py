"""A suspended member signs in as ever; of what she finds then only what concerns her own account is open to her."""

from uuid import UUID

import pytest

from tests.members.conftest import AGREED, PROFILE, Members, running

pytestmark = pytest.mark.servers


async def suspend(members: Members, member_id: str) -> None:
    await members.pool.execute("update accounts set suspended = true where member_id = $1", UUID(member_id))


@pytest.mark.parametrize("join", ["open", "invited"])
async def test_a_suspended_members_address_gets_its_letter_like_any_other(members: Members, database: str, join: str) -> None:
    _, ana = await members.join("ana@example.com")
    await members.join("eva@example.com")
    await suspend(members, ana)
    before = len(await members.letters())
    async with running(database, join=join) as other:
        answers = [await other.ask(email) for email in ("ana@example.com", "eva@example.com")]
        assert {answer.status_code for answer in answers} == {202}
        letters = (await other.letters())[before:]
    assert [getattr(letter, "address", "") for letter in letters] == ["ana@example.com", "eva@example.com"]


async def test_she_signs_in_and_reads_her_own_account_and_nothing_else(members: Members) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    await suspend(members, ana)
    session = await members.sign_in()
    headers = await members.headers(session)
    assert (await members.client.get("/v1/me", headers=headers)).json()["suspended"] is True
    refused = [
        await members.client.put("/v1/me/profile", json={**PROFILE, **AGREED}, headers=headers),
        await members.client.get(f"/v1/profiles/{eva}", headers=headers),
        *[await members.token(session, audience) for audience in ("requests", "reputation")],
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(403, "account_suspended")] * 4


async def test_a_code_makes_no_account_where_she_was_erased_meanwhile_and_only_the_invited_join(members: Members, database: str) -> None:
    await members.join()
    async with running(database, join="invited") as invited:
        challenge = await invited.challenge()
        code = await invited.code_of(challenge)
        await members.pool.execute("delete from accounts")
        assert (await invited.try_code(challenge, code)).json()["code"] == "code_expired"
        assert await members.pool.fetchval("select count(*) from accounts") == 0
