"""Leaving by the api: what it takes, that she is absent meanwhile, that nothing goes too early, and that she can stay."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.members.erasure import timers
from services.members.erasure.domain import ASLEEP_AFTER
from services.members.safety import commands
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import MemberErased, MemberReinstated, MemberSuspended
from shared.contracts.events.members_private import AccountAsleep, AccountErased, LeavingAsked, LeavingUndone
from shared.http.tokens import TokenSigner
from shared.messaging import retention
from tests.members.conftest import KEY, Members
from tests.members.test_safety import bearer, do, read

pytestmark = pytest.mark.servers

MINUTE = timedelta(minutes=1)


class Travel:
    """Business time, which these tests move."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return clock.machine_now() + self.ahead


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    travel = Travel()
    monkeypatch.setattr(clock, "now", travel)
    return travel


def fresh(member_id: str) -> dict[str, str]:
    """A token of somebody who has just shown a code."""
    token, _ = TokenSigner(KEY).issue(UUID(member_id), "members", auth_time=clock.machine_now())
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}


async def leave(members: Members, her: str) -> None:
    answer = await members.client.post("/v1/me/leaving", json={"language": "en"}, headers=fresh(her))
    assert answer.status_code == 204, answer.text


async def keep(members: Members, her: str) -> None:
    assert (await members.client.post("/v1/me/leaving/undo", headers=bearer(her))).status_code == 204


async def time_passes(members: Members) -> None:
    await timers.fall_asleep(members.pool)
    await timers.pass_time(members.pool)


async def told(members: Members) -> list[type[Event]]:
    """What was told of members' places and of accounts that end, in order."""
    kinds = (MemberSuspended, MemberReinstated, MemberErased, LeavingAsked, LeavingUndone, AccountAsleep, AccountErased)
    return [type(event) for event in await members.events() if isinstance(event, kinds)]


async def account(members: Members, her: str) -> dict[str, Any] | None:
    row = await members.pool.fetchrow("select member_id, address, suspended, leaving from accounts where member_id = $1", her)
    return dict(row) if row else None


async def test_it_takes_a_step_up(members: Members) -> None:
    _, ana = await members.join()
    answer = await members.client.post("/v1/me/leaving", json={"language": "en"}, headers=bearer(ana))
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_needed")
    assert await told(members) == []


async def test_in_her_last_days_she_is_absent_and_only_her_account_is_left_to_her(members: Members) -> None:
    (session, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    await leave(members, ana)
    absent = await read(members, eva, str(uuid4()))
    assert (await read(members, eva, ana)).json() | {"correlation_id": ""} == absent.json() | {"correlation_id": ""}
    assert (await members.token(session)).json()["code"] == "signed_out", "everywhere"
    again = await members.sign_in()
    answers = {audience: (await members.token(again, audience)).status_code for audience in ("members", "requests", "reputation")}
    assert answers == {"members": 200, "requests": 403, "reputation": 403}
    assert (await read(members, ana, eva)).json()["code"] == "account_leaving"
    assert (await members.write(again)).json()["code"] == "account_leaving"
    mine = await members.me(again)
    assert timedelta(days=7) - MINUTE < datetime.fromisoformat(mine["ends_at"]) - clock.now() <= timedelta(days=7)
    assert await told(members) == [MemberSuspended, LeavingAsked]


async def test_asked_twice_the_first_days_count_and_one_letter_leaves(members: Members, travel: Travel) -> None:
    _, ana = await members.join()
    await leave(members, ana)
    travel.ahead = timedelta(days=3)
    await leave(members, ana)
    assert await told(members) == [MemberSuspended, LeavingAsked]
    travel.ahead = timedelta(days=7)
    await time_passes(members)
    assert await account(members, ana) is None


async def test_nothing_is_erased_before_its_seven_days_and_all_of_it_then(members: Members, travel: Travel) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    await leave(members, ana)
    travel.ahead = timedelta(days=7) - MINUTE
    await time_passes(members)
    assert await account(members, ana)
    travel.ahead = timedelta(days=7)
    await time_passes(members)
    await time_passes(members)
    assert await account(members, ana) is None
    assert await account(members, eva)
    assert await told(members) == [MemberErased, AccountErased], "and what was told before is blank"
    [last] = [event for event in await members.events() if isinstance(event, AccountErased)]
    assert (last.address, last.name, last.language) == ("ana@example.com", "Ana Ruiz", "es")


async def test_the_address_of_the_last_letter_stays_a_day(members: Members) -> None:
    _, ana = await members.join()
    await leave(members, ana)
    await members.pool.execute("update departures set due_at = now(), ends_at = now()")
    await time_passes(members)
    left = await members.pool.fetchval("select expires_at - now() from outbox where type = 'private.v1.account_erased'")
    assert timedelta(hours=23) < left <= timedelta(days=1)
    await members.pool.execute("update outbox set expires_at = now() where expires_at is not null")
    await retention.blank_expired(members.pool)
    assert await members.pool.fetchval("select count(*) from outbox where position('ana@example.com'::bytea in body) > 0") == 0


SNAPSHOT = "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
MOVED = {"accounts", "outbox", "inbox", "idempotency_keys", "sessions", "known_browsers", "sign_in_challenges", "sign_in_counts"}
"""What signing in and out moves; of accounts, all but two columns are compared by themselves."""


async def everything(members: Members) -> dict[str, list[str]]:
    """Every row of every other table, as it was before."""
    tables = {row["table_name"] for row in await members.pool.fetch(SNAPSHOT)} - MOVED
    return {table: sorted(row[0] for row in await members.pool.fetch(f"select t::text from {table} t")) for table in tables}


async def test_undone_everything_is_as_it_was(members: Members) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    await do(members, commands.block, ana, str((await members.join("zoe@example.com"))[1]))
    before, hers = await everything(members), await account(members, ana)
    await leave(members, ana)
    assert await everything(members) != before
    session = await members.sign_in()
    await keep(members, ana)
    assert (await everything(members), await account(members, ana)) == (before, hers)
    assert (await read(members, eva, ana)).status_code == 200
    assert {audience: (await members.token(session, audience)).status_code for audience in ("members", "requests")} == {
        "members": 200,
        "requests": 200,
    }
    assert (await members.me(session))["ends_at"] is None
    assert await told(members) == [MemberSuspended, LeavingAsked, MemberReinstated, LeavingUndone]


async def test_whoever_is_suspended_may_leave_and_a_suspension_outlasts_her_change_of_mind(members: Members, travel: Travel) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    await do(members, commands.suspend, ana)
    await leave(members, ana)
    await keep(members, ana)
    assert (await read(members, eva, ana)).status_code == 404
    assert await told(members) == [MemberSuspended, LeavingAsked, LeavingUndone]
    await leave(members, ana)
    await do(members, commands.reinstate, ana)
    assert (await read(members, eva, ana)).status_code == 404
    await keep(members, ana)
    assert (await read(members, eva, ana)).status_code == 200


async def test_her_address_may_join_anew_and_finds_nothing_of_the_old(members: Members, travel: Travel) -> None:
    _, ana = await members.join()
    await leave(members, ana)
    travel.ahead = timedelta(days=8)
    await time_passes(members)
    session = await members.sign_in()
    me = await members.me(session)
    assert (me["id"] != ana, me["joined"], me["profile"], me["ends_at"]) == (True, False, None, None)


async def test_asleep_for_two_years_she_is_told_twice_and_then_erased(members: Members, travel: Travel) -> None:
    _, ana = await members.join()
    travel.ahead = ASLEEP_AFTER - MINUTE
    await time_passes(members)
    assert await told(members) == []
    for days, event in ((0, AccountAsleep), (23, MemberSuspended)):
        travel.ahead = ASLEEP_AFTER + timedelta(days=days) - MINUTE if days else ASLEEP_AFTER
        await time_passes(members)
        travel.ahead = ASLEEP_AFTER + timedelta(days=days)
        await time_passes(members)
        assert (await told(members))[-2 if days else -1] is event
    assert await told(members) == [AccountAsleep, MemberSuspended, AccountAsleep]
    travel.ahead = ASLEEP_AFTER + timedelta(days=30) - MINUTE
    await time_passes(members)
    assert await account(members, ana)
    travel.ahead += MINUTE
    await time_passes(members)
    assert await account(members, ana) is None
    assert (await told(members))[-2:] == [MemberErased, AccountErased]


@pytest.mark.parametrize("days", [0, 25])
async def test_signing_in_wakes_her(members: Members, travel: Travel, days: int) -> None:
    (_, ana), (_, eva) = await members.join(), await members.join("eva@example.com")
    travel.ahead = ASLEEP_AFTER
    await members.sign_in("eva@example.com")
    await time_passes(members)
    travel.ahead += timedelta(days=days)
    await time_passes(members)
    session = await members.sign_in()
    assert (await members.token(session, "requests")).status_code == 200
    assert (await read(members, eva, ana)).status_code == 200
    travel.ahead += timedelta(days=60)
    await time_passes(members)
    assert await account(members, ana)
    assert LeavingUndone not in await told(members)


async def test_what_she_asked_for_herself_goes_on_though_she_signs_in(members: Members, travel: Travel) -> None:
    _, ana = await members.join()
    await leave(members, ana)
    await members.sign_in()
    travel.ahead = timedelta(days=7)
    await time_passes(members)
    assert await account(members, ana) is None
