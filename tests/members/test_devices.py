"""Where she is signed in: seen and ended by her alone, and told to her when it is somewhere new."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.events.members_private import SignedInFromNewDevice
from tests.members.conftest import Machine, Members

pytestmark = pytest.mark.servers


async def sessions(members: Members, session: str) -> list[dict[str, Any]]:
    answer = await members.client.get("/v1/me/signing-in", headers=await members.headers(session))
    found: list[dict[str, Any]] = answer.json()["sessions"]
    return found


async def end(members: Members, session: str, path: str) -> int:
    return (await members.client.post(f"/v1/me/sessions/{path}", headers=await members.headers(session))).status_code


async def test_she_sees_where_she_is_signed_in_and_which_is_this_one(members: Members) -> None:
    here, there, _ = await members.sign_in(), await members.sign_in(), await members.sign_in("eva@example.com")
    for session in (here, there):
        assert [one["here"] for one in await sessions(members, session)].count(True) == 1
    mine, theirs = await sessions(members, here), await sessions(members, there)
    assert {one["id"] for one in mine} == {one["id"] for one in theirs}
    assert len(mine) == 2
    assert [one["id"] for one in mine if one["here"]] != [one["id"] for one in theirs if one["here"]]


async def test_she_ends_one_of_them(members: Members) -> None:
    here, there = await members.sign_in(), await members.sign_in()
    [other] = [one["id"] for one in await sessions(members, here) if not one["here"]]
    assert [await end(members, here, f"{other}/end") for _ in range(2)] == [204, 204]
    assert (await members.token(there)).status_code == 401
    assert (await members.token(here)).status_code == 200
    assert len(await sessions(members, here)) == 1


async def test_nobody_ends_anothers(members: Members) -> None:
    hers, mine = await members.sign_in("eva@example.com"), await members.sign_in()
    [one] = await sessions(members, hers)
    assert await end(members, mine, f"{one['id']}/end") == 204
    assert await end(members, mine, "end-others") == 204
    assert (await members.token(hers)).status_code == 200


async def test_she_ends_all_others(members: Members) -> None:
    here, *others = [await members.sign_in() for _ in range(3)]
    assert await end(members, here, "end-others") == 204
    assert [(await members.token(session)).status_code for session in (here, *others)] == [200, 401, 401]


async def test_what_has_ended_isnt_listed(members: Members, machine: Machine) -> None:
    await members.sign_in()
    machine.ahead = timedelta(days=40)
    assert len(await sessions(members, await members.sign_in())) == 1


async def new_devices(members: Members) -> list[SignedInFromNewDevice]:
    return [event for event in await members.events("signed_in_from_new_device") if isinstance(event, SignedInFromNewDevice)]


async def test_a_browser_that_is_new_to_her_account_is_told_to_her(members: Members) -> None:
    session, member_id = await members.join()
    assert await new_devices(members) == [], "not the first one ever"
    first = await members.pool.fetchval("select count(*) from known_browsers")
    browser = "n" * 43
    await members.sign_in(browser=browser)
    [told] = await new_devices(members)
    assert str(told.member_id) == member_id
    assert await members.pool.fetchval("select count(*) from known_browsers") == first + 1
    await members.sign_in(browser=browser)
    assert len(await new_devices(members)) == 1, "known by now"
    assert (await members.token(session)).status_code == 200
