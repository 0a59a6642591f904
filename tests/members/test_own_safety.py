"""What a member does for her own safety: whom she blocks and what she reports are hers alone to know."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.members.erasure.commands import erase
from services.members.safety import commands, store
from services.members.safety.store import Report
from shared import clock
from shared.contracts.events.members import MemberBlocked, MemberUnblocked
from shared.contracts.http.members.safety import MOST_ATTACHED
from shared.postgres.database import transaction
from tests.members.conftest import Members, running
from tests.members.test_safety import GONE, bearer, do, observed, read, told

pytestmark = pytest.mark.servers

SAID = {"kind": "harassment", "what_happened": "She writes to me every night, and I asked her not to."}


async def send(members: Members, me: str, method: str, path: str, body: Any = None) -> httpx.Response:
    return await members.client.request(method, path, json=body, headers=bearer(me))


async def block(members: Members, me: str, her: str | UUID) -> int:
    return (await send(members, me, "PUT", f"/v1/blocks/{her}")).status_code


async def unblock(members: Members, me: str, her: str | UUID) -> int:
    return (await send(members, me, "POST", f"/v1/blocks/{her}/end")).status_code


async def listed(members: Members, me: str) -> list[tuple[str, str]]:
    answer = await send(members, me, "GET", "/v1/blocks")
    assert answer.status_code == 200, answer.text
    return [(row["id"], row["name"]) for row in answer.json()["items"]]


async def tell(members: Members, me: str, her: str | UUID, **body: Any) -> httpx.Response:
    return await send(members, me, "POST", f"/v1/members/{her}/reports", {**SAID, **body})


async def kept(members: Members) -> list[Report]:
    async with transaction(members.pool) as tx:
        return list(await store.reports(tx))


async def three(members: Members) -> tuple[str, str, str]:
    """Ana, Eva and Rosa."""
    names = {"ana": "Ana Ruiz", "eva": "Eva Sol", "rosa": "Rosa Mar"}
    ana, eva, rosa = [(await members.join(f"{key}@example.com", name=name))[1] for key, name in names.items()]
    return ana, eva, rosa


async def test_a_block_hides_both_at_once_and_is_told_once(members: Members) -> None:
    ana, eva, rosa = await three(members)
    assert [await block(members, ana, eva) for _ in range(2)] == [204, 204]
    assert [(await read(members, *two)).status_code for two in ((ana, eva), (eva, ana), (rosa, ana), (rosa, eva))] == [404, 404, 200, 200]
    assert [type(event) for event in await told(members)] == [MemberBlocked]
    assert [await unblock(members, ana, eva) for _ in range(2)] == [204, 204]
    assert [(await read(members, *two)).status_code for two in ((ana, eva), (eva, ana))] == [200, 200]
    assert [type(event) for event in await told(members)] == [MemberBlocked, MemberUnblocked]


async def test_her_list_is_hers_and_names_them_as_she_knew_them(members: Members) -> None:
    ana, eva, rosa = await three(members)
    await block(members, ana, eva)
    await block(members, ana, rosa)
    await members.pool.execute("update profiles set name = 'Somebody Else'")
    assert await listed(members, ana) == [(rosa, "Rosa Mar"), (eva, "Eva Sol")]
    first = (await send(members, ana, "GET", "/v1/blocks?limit=1")).json()
    rest = (await send(members, ana, "GET", f"/v1/blocks?after={first['next']}")).json()
    assert [row["id"] for row in (*first["items"], *rest["items"])] == [rosa, eva]
    assert await listed(members, eva) == []
    assert (await send(members, eva, "GET", f"/v1/blocks/{ana}")).status_code == 404
    assert (await send(members, ana, "GET", f"/v1/blocks/{eva}")).json()["name"] == "Eva Sol"
    await do(members, commands.suspend, eva)
    assert await listed(members, ana) == [(rosa, "Rosa Mar"), (eva, "Eva Sol")]
    await do(members, erase, eva)
    assert await listed(members, ana) == [(rosa, "Rosa Mar")]
    await unblock(members, ana, rosa)
    assert await listed(members, ana) == []
    assert await members.pool.fetchval("select count(*) from blocks where name <> ''") == 0, "her name goes with the block"


@pytest.mark.parametrize("gone", GONE[:3])
@pytest.mark.parametrize(("method", "path"), [("PUT", "/v1/blocks/{}"), ("POST", "/v1/blocks/{}/end"), ("POST", "/v1/members/{}/reports")])
async def test_no_command_tells_whether_she_blocks_or_never_was(
    database: str, method: str, path: str, gone: Callable[..., Awaitable[None]]
) -> None:
    async with running(database, database_pool_size=1) as members:
        ana, eva, _ = await three(members)
        body = {**SAID, "block": True} if path.endswith("reports") else None
        await observed(members, ana, path.format(uuid4()), method, body)
        await gone(members, eva, ana)
        absent = await observed(members, ana, path.format(uuid4()), method, body)
        assert await observed(members, ana, path.format(eva), method, body) == absent
        own = [row["state"] for row in (await send(members, ana, "GET", "/v1/me/reports")).json()["items"]]
        assert own == (["received"] * 3 if body else []), "nor does her list of reports"
        assert {row["name"] for row in (await send(members, ana, "GET", "/v1/me/reports")).json()["items"]} <= {None}


async def test_a_report_holds_what_she_chose_and_nothing_else(members: Members) -> None:
    ana, eva, _ = await three(members)
    request_id = uuid4()
    attached = [{"what": "note", "text": "Meet me tonight."}]
    answer = await tell(members, ana, eva, subject="connection_request", subject_id=str(request_id), attached=attached)
    assert answer.status_code == 201
    [report] = await kept(members)
    assert report == Report(
        UUID(answer.json()["id"]),
        UUID(eva),
        UUID(ana),
        "harassment",
        "connection_request",
        request_id,
        SAID["what_happened"],
        report.reported_at,
        [["note", "Meet me tonight."]],
    )
    await tell(members, ana, eva)
    assert [report.attached for report in await kept(members)] == [[["note", "Meet me tonight."]], []]


async def test_she_sees_how_far_it_is_and_the_other_learns_nothing(members: Members) -> None:
    ana, eva, rosa = await three(members)
    report_id = (await tell(members, ana, eva)).json()["id"]
    mine = (await send(members, ana, "GET", f"/v1/me/reports/{report_id}")).json()
    assert (mine["name"], mine["kind"], mine["state"]) == ("Eva Sol", "harassment", "received")
    async with transaction(members.pool) as tx:
        await store.set_state(tx, [UUID(report_id)], "looked_at")
    assert [row["state"] for row in (await send(members, ana, "GET", "/v1/me/reports")).json()["items"]] == ["looked_at"]
    for other in (eva, rosa):
        assert (await send(members, other, "GET", f"/v1/me/reports/{report_id}")).status_code == 404
        for path in ("/v1/me/reports", "/v1/me", f"/v1/profiles/{ana}", "/v1/blocks"):
            assert report_id not in (await send(members, other, "GET", path)).text
        assert (await send(members, other, "GET", "/v1/me/reports")).json()["items"] == []
    assert await told(members) == [], "no event says that somebody reported"


async def test_she_may_block_first_or_with_it_and_a_second_block_changes_nothing(members: Members) -> None:
    ana, eva, rosa = await three(members)
    await block(members, ana, eva)
    await tell(members, ana, eva, block=True)
    await tell(members, ana, rosa, block=True)
    assert [(report.about_id, report.words) for report in await kept(members)] == [
        (UUID(her), SAID["what_happened"]) for her in (eva, rosa)
    ]
    assert await listed(members, ana) == [(rosa, "Rosa Mar"), (eva, "Eva Sol")]
    assert len(await told(members)) == 2
    assert [row["name"] for row in (await send(members, ana, "GET", "/v1/me/reports")).json()["items"]] == ["Rosa Mar", "Eva Sol"]


async def test_who_was_blocked_first_can_still_tell_moderators(members: Members) -> None:
    ana, eva, _ = await three(members)
    await block(members, eva, ana)
    assert (await tell(members, ana, eva, block=True)).status_code == 201
    [report] = await kept(members)
    assert (report.about_id, report.words) == (UUID(eva), SAID["what_happened"])
    assert await listed(members, ana) == [], "whom she can't see she can't block: her list would tell"


async def test_a_report_of_a_woman_who_isnt_here_holds_nothing(members: Members) -> None:
    ana, *_ = await three(members)
    attached = [{"what": "note", "text": "Meet me tonight."}]
    assert (await tell(members, ana, uuid4(), attached=attached)).status_code == 201
    assert (await tell(members, ana, ana, attached=attached)).status_code == 201
    assert [(report.about_id, report.words, report.attached) for report in await kept(members)] == [(None, None, [])] * 2
    await members.pool.execute("update reports set stored_at = stored_at - interval '8 days'")
    await store.clean(members.pool)
    assert {report.state for report in await kept(members)} == {"decided"}, "as of anybody else"


async def test_ten_reports_a_day_counted_from_rows(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, eva, rosa = await three(members)
    start = clock.now()
    answers = await asyncio.gather(*(tell(members, ana, eva if number % 2 else rosa) for number in range(12)))
    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 2
    refused = await tell(members, ana, uuid4())
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_reports")
    assert (await tell(members, eva, ana)).status_code == 201, "each has her own"
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(days=1, seconds=30))
    assert (await tell(members, ana, eva)).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what_happened": "x"}, "what_happened"),
        ({"what_happened": "x" * 2001}, "what_happened"),
        ({"kind": "misconduct"}, "kind"),
        ({"subject": "letter"}, "subject"),
        ({"attached": [{"what": "note", "text": "Meet \x00 me"}]}, "attached.0.text"),
        ({"attached": [{"what": "letter", "text": "Meet me"}]}, "attached.0.what"),
        ({"attached": [{"what": "note", "text": "Meet me"}] * (MOST_ATTACHED + 1)}, "attached"),
    ],
)
async def test_what_isnt_right_is_named(members: Members, wrong: dict[str, Any], field: str) -> None:
    ana, eva, _ = await three(members)
    answer = await tell(members, ana, eva, **wrong)
    assert (answer.status_code, [one["field"] for one in answer.json()["fields"]]) == (422, [field])
    assert await kept(members) == []


async def test_who_hasnt_joined_can_neither_block_nor_report(members: Members) -> None:
    ana, *_ = await three(members)
    session = await members.sign_in("new@example.com")
    for method, path, body in (("PUT", f"/v1/blocks/{ana}", None), ("POST", f"/v1/members/{ana}/reports", SAID)):
        answer = await members.client.request(method, path, json=body, headers=await members.headers(session))
        assert (answer.status_code, answer.json()["code"]) == (409, "profile_needed")


async def test_a_repeated_report_is_one(members: Members) -> None:
    ana, eva, _ = await three(members)
    headers = bearer(ana)
    answers = [await members.client.post(f"/v1/members/{eva}/reports", json=SAID, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len(await kept(members)) == 1


async def test_on_every_route_about_a_member_a_block_hides_either_from_the_other(database: str) -> None:
    """Whatever routes there are: to the blocked, and to the blocker but for her own list, the other answers as one who never was."""
    async with running(database, database_pool_size=1) as members:
        ana, eva, _ = await three(members)
        await block(members, ana, eva)
        bodies = {"/v1/members/{member_id}/reports": SAID}
        asked = []
        for path, methods in members.app.openapi()["paths"].items():
            for method in methods if "{member_id}" in path else ():
                for reader, other in ((eva, ana), *([] if "/blocks/" in path or "/reports" in path else [(ana, eva)])):
                    shown = [
                        await observed(members, reader, path.format(member_id=her), method.upper(), bodies.get(path))
                        for her in (uuid4(), uuid4(), other)  # what the connection learns of types on first use is learnt by the first
                    ]
                    assert shown[2] == shown[1], f"{method} {path}"
                    asked.append(f"{method} {path}")
        assert len(set(asked)) >= 5
