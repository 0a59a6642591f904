"""A suspended member gets no code and no session; to whoever asks she is like any other address."""

from uuid import UUID

import pytest

from tests.members.conftest import Members, running

pytestmark = pytest.mark.servers


async def suspend(members: Members, member_id: str) -> None:
    await members.pool.execute("update accounts set suspended = true where member_id = $1", UUID(member_id))


@pytest.mark.parametrize("join", ["open", "invited"])
async def test_a_suspended_members_address_gets_no_letter(members: Members, database: str, join: str) -> None:
    _, ana = await members.join("ana@example.com")
    await members.join("eva@example.com")
    await suspend(members, ana)
    before = len(await members.letters())
    async with running(database, join=join) as other:
        answers = [await other.ask(email) for email in ("ana@example.com", "eva@example.com")]
        assert {answer.status_code for answer in answers} == {202}
        letters = (await other.letters())[before:]
    assert [getattr(letter, "address", "") for letter in letters] == ["eva@example.com"]


async def test_a_code_that_left_before_opens_nothing_afterwards(members: Members) -> None:
    _, ana = await members.join()
    challenge = await members.challenge()
    code = await members.code_of(challenge)
    await suspend(members, ana)
    assert (await members.try_code(challenge, code)).json()["code"] == "code_expired"
    assert await members.pool.fetchval("select count(*) from sessions where ended_at is null") == 1


async def test_a_code_makes_no_account_where_she_was_erased_meanwhile_and_only_the_invited_join(members: Members, database: str) -> None:
    await members.join()
    async with running(database, join="invited") as invited:
        challenge = await invited.challenge()
        code = await invited.code_of(challenge)
        await members.pool.execute("delete from accounts")
        assert (await invited.try_code(challenge, code)).json()["code"] == "code_expired"
        assert await members.pool.fetchval("select count(*) from accounts") == 0
