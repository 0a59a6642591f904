"""`madrina members invite` and `import`: founders, and a community that exists already. Nobody is written to or connected."""

from pathlib import Path
from uuid import UUID

import pytest

from services.members.erasure.commands import erase
from services.members.invitations.domain import WITHOUT_SPONSOR
from shared import clock
from shared.contracts.events.members import MemberGrouped
from shared.postgres.database import transaction
from tests.members.conftest import Members, running
from tests.members.test_invitations import branches, come, enter
from tests.members.test_operator import Madrina, madrina

__all__ = ["madrina"]
pytestmark = pytest.mark.servers
HEAD = "address,name,headline,organisation,place,language"


def csv(tmp_path: Path, *lines: str, head: str = HEAD) -> str:
    file = tmp_path / "women.csv"
    file.write_bytes(("\ufeff" + "\r\n".join((head, *lines)) + "\r\n").encode())
    return str(file)


async def test_a_founder_signs_in_with_her_address_and_is_a_branch_of_her_own(members: Members, database: str, madrina: Madrina) -> None:
    status, said, _ = await madrina("members", "invite", "--address", "Zoe@Example.com", "--name", "Zoe Paz")
    assert (status, "founder" in said) == (0, True)
    async with running(database, join="invited") as door:
        session = await enter(door, "zoe@example.com")
        assert session
        assert (await door.me(session))["invited_as"]["name"] == "Zoe Paz"
        assert (await door.write(session)).status_code == 204
        me = await door.me(session)
        assert me["invited_as"] is None
        assert (await branches(members))[me["id"]] not in {WITHOUT_SPONSOR, UUID(me["id"])}
        assert await members.pool.fetchval("select founder from places where member_id = $1", UUID(me["id"]))
        assert await members.pool.fetchval("select count(*) from invitations where address_key is not null or prefill is not null") == 0
    again = await madrina("members", "invite", "--address", "zoe@example.com")
    assert again == (1, "", "This address has an account already. Nobody was invited.\n")
    assert (await madrina("members", "invite", "--address", "zoe"))[0] == 1


FAULTS = {
    "no-address,Ada Mar,,,,": "address: Please check this address",
    "nul@example.com,A\0da,,,,": "name: This contains a character that can't be shown",
    "bidi@example.com,Ada \u202eMar,,,,": "name: This contains a hidden character that changes text direction",
    "tag@example.com,Ada <b>,,,,": "name: A name can't contain",
    "language@example.com,Ada Mar,,,,xx": "language: ",
    f"long@example.com,Ada Mar,{'x' * 200},,,": "headline: Please write at most 120",
    "few@example.com,Ada Mar": "not as many cells as columns",
    "many@example.com,Ada Mar,,,,es,and,more": "not as many cells as columns",
    "Woman7@example.com,Ada Mar,,,,": "the same address as line 9",
}


async def test_five_hundred_rows_with_every_fault_are_told_line_by_line_and_the_others_are_invited(
    members: Members, database: str, madrina: Madrina, tmp_path: Path
) -> None:
    await members.join("ana@example.com")
    before = await members.pool.fetchval("select count(*) from outbox")
    good = [f'woman{number}@example.com,"Woman, {number}",Does things,,Cádiz,es' for number in range(500 - len(FAULTS) - 1)]
    file = csv(tmp_path, *good, "ana@example.com,Ana,,,,", *FAULTS)
    first_fault = len(good) + 3
    status, said, _ = await madrina("members", "import", file)
    assert status == 1
    for line, sentence in enumerate(FAULTS.values(), first_fault):
        assert f"line {line}: {sentence}" in said
    assert f"line {first_fault - 1}: has an account, left as it is" in said
    assert said.endswith(f"{len(good)} would be invited, 1 are known, {len(FAULTS)} lines are wrong. Say --yes to invite them.\n")
    assert await members.pool.fetchval("select count(*) from invitations") == 0
    status, said, _ = await madrina("members", "import", file, "--yes")
    assert f"{len(good)} of {len(good)} invited" in said
    assert await members.pool.fetchval("select count(*) from invitations") == len(good)
    # Once more, it goes on where it was; and nobody heard of any of it.
    status, said, _ = await madrina("members", "import", file, "--yes")
    assert f"0 are invited, {len(good) + 1} were known" in said
    assert await members.pool.fetchval("select count(*) from outbox") == before
    assert await members.pool.fetchval("select count(*) from accounts") == 1
    async with running(database, join="invited") as door:
        third = await come(door, "woman3@example.com")
        assert (await branches(members))[third] == WITHOUT_SPONSOR
        assert await enter(door, "woman600@example.com") is None


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"address,name\nada@example.com,Ada\nana@example.com,\xc1na\n", "Line 3 isn't UTF-8"),
        (b"mail;name\n", "has no address and no name"),
        (b"address\nada@example.com\n", "has no name"),
        (b'address,name\nada@example.com,"Ada\n', "can't be read as CSV"),
        (b"", "has no address and no name"),
    ],
)
async def test_a_file_that_is_none_invites_nobody(members: Members, madrina: Madrina, tmp_path: Path, raw: bytes, said: str) -> None:
    file = tmp_path / "women.csv"
    file.write_bytes(raw)
    status, _, wrong = await madrina("members", "import", str(file), "--yes")
    assert (status, said in wrong, "Nobody was invited." in wrong) == (1, True, True)
    assert await members.pool.fetchval("select count(*) from invitations") == 0


async def test_columns_that_are_not_read_are_told(members: Members, madrina: Madrina, tmp_path: Path) -> None:
    file = csv(tmp_path, "ada@example.com,Ada,2019", head="address,name,cohort")
    assert "line 1: not read: cohort" in (await madrina("members", "import", file))[1]
    assert "madrina" not in (await madrina("members", "import", str(tmp_path / "nowhere")))[1]


async def test_so_many_an_hour(members: Members, madrina: Madrina, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("services.members.invitations.operator.asyncio.sleep", wait)
    file = csv(tmp_path, *(f"w{number}@example.com,Woman,,,," for number in range(3)))
    assert (await madrina("members", "import", file, "--per-hour", "0", "--yes"))[0] == 1
    assert (await madrina("members", "import", file, "--per-hour", "120", "--yes"))[0] == 0
    assert waited == [30, 30]
    assert (await madrina("members", "import", file, "--per-hour", "120", "--yes"))[0] == 0
    assert waited == [30, 30], "those who are known take no time"


async def grouped(members: Members) -> list[tuple[str, str, int]]:
    """What requests was told of groups."""
    events = [event for event in await members.events("member_grouped") if isinstance(event, MemberGrouped)]
    return [(str(event.member_id), event.group, event.aggregate_version) for event in events]


@pytest.mark.parametrize("agrees", [True, False])
async def test_a_cohort_is_told_to_suggestions_only_by_her_consent(
    members: Members, madrina: Madrina, tmp_path: Path, agrees: bool
) -> None:
    file = csv(tmp_path, "zoe@example.com,Zoe Paz,Cohort 2024", "eva@example.com,Eva,", head="address,name,group")
    assert (await madrina("members", "import", file, "--yes"))[0] == 0
    session = await enter(members, "zoe@example.com")
    assert session
    assert (await members.me(session))["invited_as"]["group"] == "Cohort 2024"
    assert (await members.write(session, **({"group": True} if agrees else {}))).status_code == 204
    zoe = (await members.me(session))["id"]
    read = await members.client.get("/v1/me/group", headers=await members.headers(session))
    assert (read.status_code, await grouped(members)) == ((200, [(zoe, "Cohort 2024", 1)]) if agrees else (404, []))
    # What the file said of her is gone, with her consent or without.
    assert await members.pool.fetchval("select count(*) from invitations where prefill::text like '%Cohort%'") == 0
    assert await members.pool.fetchval("select consent from groups") == (1 if agrees else None)
    # Nothing she says later brings it back, and who was in none can't say that she was.
    eva = await enter(members, "eva@example.com")
    assert eva
    for hers in (session, eva):
        assert (await members.write(hers, group=True, headline="New")).status_code == 204
    assert len(await grouped(members)) == agrees


async def test_she_takes_it_back_and_it_is_forgotten(members: Members, madrina: Madrina, tmp_path: Path) -> None:
    assert (await madrina("members", "import", csv(tmp_path, "zoe@example.com,Zoe,Cohort", head="address,name,group"), "--yes"))[0] == 0
    session = await enter(members, "zoe@example.com")
    assert session
    assert (await members.write(session, group=True)).status_code == 204
    zoe = (await members.me(session))["id"]
    for status in (204, 404):
        taken = await members.client.post("/v1/me/group/take-back", headers=await members.headers(session))
        assert taken.status_code == status
    assert await grouped(members) == [(zoe, "Cohort", 1), (zoe, "", 2)]
    assert await members.pool.fetchval("select name from groups") == ""
    async with transaction(members.pool) as tx:
        await erase(tx, UUID(zoe), clock.now())
    assert await members.pool.fetchval("select count(*) from groups") == 0
