"""Notices by whoever is no member: a receipt at once, the moderators' queue, an answer, and nothing of a member in any of it."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.members.erasure.commands import erase
from services.members.moderation import opening
from services.members.public_notices import commands
from services.members.public_notices.domain import whom
from services.members.safety import commands as safety
from services.members.sessions.domain.limits import NOTICES_NETWORK
from shared import clock
from shared.contracts.events.base import NIL
from shared.contracts.events.members_private import NoticeAnswered
from shared.postgres.database import Tx, transaction
from tests.members.conftest import Members
from tests.members.test_cases import Office, opened

pytestmark = pytest.mark.servers

WORDS = "She published my address and where my children go to school."
REPLY = "We looked at the page that you named and decided what follows from our rules."


@pytest.fixture
async def office(members: Members) -> Office:
    return await opened(members)


async def give(members: Members, concerns: str, *, ip: str = "", **more: str) -> httpx.Response:
    ip = ip or f"2001:db8:{uuid4().hex[:4]}::1"
    return await members.open("/v1/public-notices", kind="illegal", concerns=concerns, what_happened=WORDS, language="en", ip=ip, **more)


async def read(members: Members, given: httpx.Response) -> Any:
    answer = await members.open("/v1/public-notices/receipt", token=given.json()["token"])
    assert answer.status_code == 200, answer.text
    return answer.json()


async def waiting(office: Office, who: str) -> list[Any]:
    answer = await office.get(who, "/v1/moderation/notices")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_whoever_she_names_the_receipt_is_the_same_by_the_same_statements(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    add = commands.give

    async def watched(tx: Tx, *args: Any) -> UUID:
        def keep(record: Any) -> None:
            said.append(record.query)

        tx.add_query_logger(keep)
        try:
            return await add(tx, *args)
        finally:
            tx.remove_query_logger(keep)

    monkeypatch.setattr(commands, "give", watched)
    async with transaction(office.members.pool) as tx:
        await safety.suspend(tx, UUID(office.rosa), clock.now())
    seen = []
    for named in (office.ana, str(uuid4()), office.rosa):
        said.clear()
        given = await give(office.members, f"https://madrina.example.com/m/{named}")
        ran = [statement for statement in said if "typeinfo_tree" not in statement and "'jit'" not in statement]
        receipt = await read(office.members, given)
        assert (given.status_code, list(given.json()), receipt["reply"]) == (201, ["token"], None)
        seen.append((sorted(receipt), len(given.content), ran))
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0][2]) > 5
    for token in ("", "no-receipt-ends-like-this", "A" * 43):
        assert (await office.members.open("/v1/public-notices/receipt", token=token)).status_code == 404


async def test_it_arrives_in_the_one_queue_and_is_answered_with_reasons(office: Office) -> None:
    mora, mina = office.mods
    given = await give(office.members, f"See /m/{office.ana} please", email="Nora@Example.org")
    await opening.open_cases(office.members.pool)
    (case_id,) = await office.queue(mora)
    case = (await office.get(mora, f"/v1/moderation/cases/{case_id}")).json()
    assert [(report["kind"], report["words"], report["by"]) for report in case["reports"]] == [("illegal", WORDS, None)]
    (row,) = await waiting(office, mora)
    path = f"/v1/moderation/notices/{row['id']}"
    notice = (await office.get(mora, path)).json()
    assert (notice["words"], notice["case_id"], notice["number"]) == (WORDS, case_id, (await read(office.members, given))["number"])
    named = await office.post(mora, f"{path}/reply", reply=f"{REPLY} It concerned Ruiz.")
    assert (named.status_code, named.json()["fields"][0]["code"]) == (422, "names_a_member")
    assert (await office.post(mora, f"{path}/reply", reply="No.")).status_code == 422
    assert (await office.post(mora, f"{path}/reply", reply=REPLY)).status_code == 204
    assert (await office.post(mina, f"{path}/reply", reply=REPLY)).json()["code"] == "case_not_open"
    receipt = await read(office.members, given)
    assert (receipt["reply"], await waiting(office, mora)) == (REPLY, [])
    assert not {WORDS, "Ana", "Ruiz", office.ana, "nora"} & set(str(receipt).replace("'", " ").split())
    (letter,) = [event for event in await office.members.events() if isinstance(event, NoticeAnswered)]
    assert (letter.address, letter.token) == ("Nora@example.org", given.json()["token"])
    lines = (await office.get(mina, "/v1/moderation/log")).json()["items"]
    assert [line["action"] for line in lines if line["case_id"] == row["id"]] == ["notice_answered", "notice_read"]
    assert (
        await office.members.pool.fetchval("select count(*) from public_notices where address is not null or address_key is not null") == 0
    )


async def test_without_an_address_or_a_member_it_is_answered_all_the_same(office: Office) -> None:
    given = await give(office.members, "Somebody who signs as E. Paz")
    assert await office.queue(office.mods[0]) == []
    (row,) = await waiting(office, office.mods[0])
    assert (await office.post(office.mods[0], f"/v1/moderation/notices/{row['id']}/reply", reply=REPLY)).status_code == 204
    assert (await read(office.members, given))["reply"] == REPLY
    assert [event for event in await office.members.events() if isinstance(event, NoticeAnswered)] == []
    assert (await give(office.members, "Somebody", email="no address")).json()["fields"][0]["field"] == "email"


async def test_it_isnt_there_for_a_moderator_whom_it_is_about_or_who_blocks_her(office: Office) -> None:
    mora, mina = office.mods
    given = await give(office.members, f"/m/{mora}")
    assert given.status_code == 201
    for sorted_ in (False, True):
        if sorted_:
            await opening.open_cases(office.members.pool)
        (row,) = await waiting(office, mina)
        assert await waiting(office, mora) == []
        assert (await office.get(mora, f"/v1/moderation/notices/{row['id']}")).status_code == 404
        assert (await office.post(mora, f"/v1/moderation/notices/{row['id']}/reply", reply=REPLY)).status_code == 404
        assert (await office.get(office.rosa, f"/v1/moderation/notices/{row['id']}")).status_code == 404
    async with transaction(office.members.pool) as tx:
        await safety.block(tx, UUID(mora), UUID(mina), clock.now())
    assert await waiting(office, office.steward) != [], "no moderator can"


async def test_a_network_gives_so_many_a_day_and_another_may_still(office: Office) -> None:
    for number in range(NOTICES_NETWORK.most + 1):
        answer = await give(office.members, "Somebody", ip=f"192.0.2.{number}")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_notices")
    assert (await give(office.members, "Somebody", ip="198.51.100.1")).status_code == 201
    assert len(await waiting(office, office.mods[0])) == NOTICES_NETWORK.most + 1


async def test_what_names_an_erased_member_goes_and_her_own_address(office: Office) -> None:
    about = await give(office.members, f"Ana Ruiz at /m/{office.ana}", email="nora@example.org")
    await give(office.members, "Somebody", email="ANA@example.com")
    async with transaction(office.members.pool) as tx:
        await erase(tx, UUID(office.ana), clock.now())
    left = [
        tuple(row) for row in await office.members.pool.fetch("select about_id, concerns, address from public_notices order by given_at")
    ]
    assert left == [(None, "", "nora@example.org"), (None, "Somebody", None)]
    assert (await read(office.members, about))["answered_at"] is None


@pytest.mark.parametrize(
    ("concerns", "found"),
    [
        ("https://madrina.example.com/m/0197f0a0-0000-7000-8000-0000000000f7?x=1", "0197f0a0-0000-7000-8000-0000000000f7"),
        ("the one at /m/0197F0A0-0000-7000-8000-0000000000F7, and others", "0197f0a0-0000-7000-8000-0000000000f7"),
        ("0197f0a0-0000-7000-8000-0000000000f7", str(NIL)),
        ("Ana Ruiz", str(NIL)),
    ],
)
def test_a_link_says_whom_it_concerns(concerns: str, found: str) -> None:
    assert str(whom(concerns)) == found
