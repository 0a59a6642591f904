"""A token is asked for once, used for a few seconds, and kept never beyond a bound."""

import asyncio
from datetime import timedelta
from typing import get_args
from uuid import UUID

import httpx
import pytest

from services.web.clients.members import Members
from services.web.tokens import Tokens
from shared import clock
from shared.contracts.http.members.signing_in import ISSUE_TOKEN, Audience, Token
from shared.contracts.http.requests import people
from tests.web.conftest import Community
from tests.web.fakes import Fakes
from tests.web.scenes import trio

NIL = UUID(int=0)


def asked(fakes: Fakes, audience: str) -> int:
    """How often a token was asked for."""
    return sum(call.path == ISSUE_TOKEN.path and call.body["audience"] == audience for call in fakes.calls)


async def test_a_token_is_used_by_all_calls_of_a_page_and_a_few_pages(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    for _ in range(3):
        await browser.get("/connections")
    assert asked(fakes, "requests") == asked(fakes, "members") == 1


async def test_readings_at_the_same_time_share_one_token_call(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    await asyncio.gather(*(browser.get("/connections") for _ in range(5)))
    assert asked(fakes, "requests") == 1


async def test_a_refused_token_is_replaced_once(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    await browser.get("/connections")
    refusals = iter([httpx.Response(401, json={"code": "not_signed_in"})])
    fakes.wires["requests"].answer = lambda request: next(refusals, None)
    assert (await browser.get("/introductions")).status_code == 200
    assert asked(fakes, "requests") == 2


async def test_one_womans_token_is_never_anothers(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    for browser in (three.voucher, three.asker):
        await browser.get("/connections")
    used = {call.headers["authorization"] for call in fakes.calls if call.path == people.CONNECTIONS.path}
    assert used == {f"Bearer requests:{three.marisol}", f"Bearer requests:{three.lucia}"}


async def test_the_correlation_id_follows_her_through_every_service(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    sent = {"X-Correlation-ID": "a-wish-of-hers-1", "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    answer = await three.asker.http.get(f"/m/{three.andrea}", headers=sent)
    made = answer.headers["x-correlation-id"]
    assert made != sent["X-Correlation-ID"], "whoever asks names nothing in our logs"
    assert {call.headers["x-correlation-id"] for call in fakes.calls} == {made}
    traces = {headers["traceparent"][3:35] for headers in (answer.headers, *(call.headers for call in fakes.calls))}
    assert len(traces) == 1
    assert traces != {sent["traceparent"][3:35]}
    assert {call.service for call in fakes.calls} == {"members", "requests", "reputation"}


class Issuer(Members):
    """Gives out tokens that live a minute, and counts them."""

    def __init__(self) -> None:
        self.issued = 0

    async def issue_token(self, session: str, audience: Audience) -> Token:
        """A new token each time."""
        self.issued += 1
        return Token(token=f"token {self.issued}", expires_at=clock.machine_now() + timedelta(seconds=60), member_id=NIL, joined=True)


async def test_tokens_are_bounded_and_the_least_used_is_forgotten() -> None:
    tokens = Tokens(Issuer(), sessions=1)
    first = {audience: await tokens.get("a", audience) for audience in get_args(Audience)}
    assert await tokens.get("a", "members") == first["members"]
    await tokens.get("b", "members")
    assert await tokens.get("a", "members") == first["members"]
    assert await tokens.get("a", "reputation") == first["reputation"]
    assert await tokens.get("a", "requests") != first["requests"]


@pytest.mark.parametrize(("seconds", "same"), [(3, True), (4, False), (5, False)])
async def test_a_token_is_used_for_four_seconds(monkeypatch: pytest.MonkeyPatch, seconds: int, same: bool) -> None:
    now = [clock.machine_now()]
    monkeypatch.setattr(clock, "machine_now", lambda: now[0])
    tokens = Tokens(Issuer())
    first = await tokens.get("a", "requests")
    now[0] += timedelta(seconds=seconds)
    assert (await tokens.get("a", "requests") == first) is same
