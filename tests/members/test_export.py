"""Her data: asked for once a day after a step-up, put together from every service, and gone after a day."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.members.export.views import Others
from services.members.sessions.domain.hashes import hash_of
from shared import clock
from shared.contracts.events.members_private import ExportReady
from shared.http.export import sections_of
from shared.http.tokens import FRESH, TokenSigner, TokenVerifier, public_keys
from shared.messaging.feature import Feature
from shared.postgres.database import Tx
from tests.members.conftest import KEY, Members, confirmed, hear

pytestmark = pytest.mark.servers
PARTS = {"requests": {"needs": [{"looking_for": "A notary"}]}, "reputation": {"trust": [{"score": 0.5}]}}


class Services:
    """The other services: each checks the token that it is shown, and gives its part."""

    def __init__(self) -> None:
        self.down: set[str] = set()
        self.asked: list[tuple[str, str]] = []

    def others(self) -> Others:
        urls = {name: f"http://{name}.test" for name in PARTS}
        return Others(urls, TokenSigner(KEY), {name: httpx.MockTransport(self._of(name)) for name in PARTS})

    def _of(self, name: str) -> Any:
        verifier = TokenVerifier(public_keys(KEY), audience=name)

        def answer(request: httpx.Request) -> httpx.Response:
            if name in self.down:
                raise httpx.ConnectError("down")
            claims = verifier.verify(request.headers["Authorization"].removeprefix("Bearer "))
            assert claims.is_fresh(clock.machine_now()) and not claims.roles
            self.asked.append((name, str(claims.member_id)))
            return httpx.Response(200, json={"sections": PARTS[name]})

        return answer


@pytest.fixture
async def services(members: Members) -> AsyncIterator[Services]:
    found = Services()
    members.app.state.others = found.others()
    yield found


async def test_what_she_agreed_to_shows_by_version_until_she_takes_it_back(members: Members) -> None:
    session, me = await members.join()

    async def shown() -> list[tuple[str, int]]:
        answer = (await members.client.get("/v1/me/exports", headers=await members.headers(session))).json()
        assert all(one["since"] for one in answer["consents"])
        return [(one["about"], one["version"]) for one in answer["consents"]]

    assert await shown() == [("terms", 1)]
    await members.pool.execute("insert into agreements values ($1, 'terms', 2, now())", me)
    await members.pool.execute("insert into photos values ($1, '\\x01', 'one', 1, now())", me)
    assert await shown() == [("terms", 1), ("terms", 2), ("photo", 1)]
    await members.pool.execute("insert into groups (member_id, name, consent, consented_at) values ($1, 'Promoción 12', 1, now())", me)
    assert await shown() == [("terms", 1), ("terms", 2), ("photo", 1), ("group", 1)]
    await members.client.post("/v1/me/photo/taken-back", headers=await members.headers(session))
    await members.pool.execute("update groups set name = '' where member_id = $1", me)
    assert await shown() == [("terms", 1), ("terms", 2)]


async def ask(members: Members, session: str) -> httpx.Response:
    return await members.client.post("/v1/me/exports", headers=await members.headers(session))


async def take(members: Members, session: str, export_id: str) -> httpx.Response:
    return await members.client.get(f"/v1/me/exports/{export_id}", headers=await members.headers(session))


async def stale(members: Members, session: str) -> None:
    """She showed that it is she long ago."""
    ago = clock.machine_now() - FRESH - timedelta(seconds=1)
    await members.pool.execute("update sessions set authenticated_at = $2, started_at = $2 where secret_hash = $1", hash_of(session), ago)


async def test_she_asks_is_told_by_letter_and_takes_what_every_service_has(members: Members, services: Services) -> None:
    session, me = await members.join()
    answer = await ask(members, session)
    assert answer.status_code == 201, answer.text
    (told,) = [event for event in await members.events("export_ready") if isinstance(event, ExportReady)]
    assert (str(told.member_id), str(told.aggregate_id)) == (me, answer.json()["id"])
    document = (await take(members, session, answer.json()["id"])).json()
    assert {name: document["services"][name] for name in PARTS} == PARTS
    assert document["services"]["members"]["account"][0]["address"] == "ana@example.com"
    assert document["services"]["members"]["profile"][0]["name"] == "Ana Ruiz"
    assert services.asked == [("requests", me), ("reputation", me)]


async def test_both_need_a_step_up(members: Members, services: Services) -> None:
    session, _ = await members.join()
    export_id = (await ask(members, session)).json()["id"]
    await stale(members, session)
    for answer in (await ask(members, session), await take(members, session, export_id)):
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_needed")
    assert not services.asked


async def test_one_a_day_and_the_day_is_over_for_the_link_too(
    members: Members, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, _ = await members.join()
    first = (await ask(members, session)).json()["id"]
    again = await ask(members, session)
    assert (again.status_code, again.json()["code"]) == (409, "one_export_a_day") and again.json()["again_at"]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1, minutes=1))
    assert (await take(members, session, first)).status_code == 404
    mine = await members.client.get("/v1/me/exports", headers=await members.headers(session))
    assert mine.json()["export"] is None
    assert (await ask(members, session)).status_code == 201


async def test_it_is_hers_alone(members: Members, services: Services) -> None:
    session, _ = await members.join()
    other, _ = await members.join("bea@example.com", name="Bea Sol")
    export_id = (await ask(members, session)).json()["id"]
    assert (await take(members, other, export_id)).status_code == 404
    assert (await take(members, session, str(uuid4()))).status_code == 404


@pytest.mark.parametrize("down", list(PARTS))
async def test_a_service_that_is_down_delays_and_nothing_is_left_out(members: Members, services: Services, down: str) -> None:
    session, _ = await members.join()
    export_id = (await ask(members, session)).json()["id"]
    services.down = {down}
    answer = await take(members, session, export_id)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    services.down = set()
    assert (await take(members, session, export_id)).status_code == 200


async def test_a_suspended_member_takes_hers(members: Members, services: Services) -> None:
    session, me = await members.join()
    await members.pool.execute("update accounts set suspended = true where member_id = $1", me)
    export_id = (await ask(members, session)).json()["id"]
    assert (await take(members, session, export_id)).json()["services"]["members"]["account"][0]["suspended"] is True


async def test_no_address_of_another_and_nothing_of_who_blocks_or_reports_her(members: Members, services: Services) -> None:
    session, me = await members.join()
    _, her = await members.join("bea@example.com", name="Bea Sol")
    await hear(members, confirmed(me, her))
    export_id = (await ask(members, session)).json()["id"]

    async def mine() -> str:
        return json.dumps((await take(members, session, export_id)).json()["services"]["members"])

    before = await mine()
    assert "Bea Sol" in before and "bea@example.com" not in before
    assert (await members.client.put(f"/v1/blocks/{her}", headers=await members.headers(session))).status_code < 300
    mine_blocked = await mine()
    assert json.loads(mine_blocked)["blocks"][0]["with"] == "Bea Sol" and json.loads(mine_blocked)["introduced"] == []
    await members.pool.execute("update blocks set blocker_id = $2, blocked_id = $1, name = 'Ana Ruiz'", me, her)
    await members.pool.execute(
        "insert into reports (report_id, about_id, by_id, words, reported_at) values (gen_random_uuid(), $1, $2, 'Shouts', now())",
        me,
        her,
    )
    blocked = json.loads(await mine())
    assert blocked["blocks"] == blocked["reports"] == blocked["introduced"] == []
    await members.pool.execute("delete from blocks")
    await members.pool.execute("update accounts set suspended = true where member_id = $1", her)
    suspended = json.loads(await mine())
    assert {**blocked, "sessions": []} == {**suspended, "sessions": []}


async def test_no_two_features_export_one_section(members: Members) -> None:
    async def one(tx: Tx, member_id: Any) -> Any:
        return {"same": []}

    twice = [Feature("one", export=one), Feature("two", export=one)]
    with pytest.raises(ValueError, match="same"):
        await sections_of(members.pool, twice, uuid4())
