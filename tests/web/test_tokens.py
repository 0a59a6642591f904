"""Tokens and accounts are asked for once, kept until they end, and never beyond a bound."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.web.cache import ExpiringCache
from tests.web.conftest import Community
from tests.web.fakes import Fakes
from tests.web.scenes import trio

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def asked(fakes: Fakes, audience: str) -> int:
    """How often a token was asked for."""
    return sum(call.path == "/v1/sessions/tokens" and call.body["audience"] == audience for call in fakes.calls)


async def test_a_token_is_used_until_it_ends(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    for _ in range(3):
        await browser.get("/connections")
    assert asked(fakes, "requests") == asked(fakes, "members") == 1


async def test_a_token_close_to_its_end_is_not_used(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    community.world.token_life = 4.0
    for _ in range(2):
        await browser.get("/connections")
    assert asked(fakes, "requests") >= 2


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
    used = {call.headers["authorization"] for call in fakes.calls if call.path == "/v1/connections"}
    assert used == {f"Bearer requests:{three.marisol}", f"Bearer requests:{three.lucia}"}


async def test_the_correlation_id_follows_her_through_every_service(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    wanted = "a-wish-of-hers-1"
    answer = await three.asker.http.get(f"/m/{three.andrea}", headers={"X-Correlation-ID": wanted})
    assert answer.headers["x-correlation-id"] == wanted
    assert {call.headers["x-correlation-id"] for call in fakes.calls} == {wanted}
    assert {call.service for call in fakes.calls} == {"members", "requests", "reputation"}


def test_the_cache_is_bounded_and_drops_the_least_used() -> None:
    cache: ExpiringCache[int, str] = ExpiringCache(2)
    for number in range(3):
        cache.put(number, str(number), NOW + timedelta(seconds=60))
        cache.get(0, NOW)
    assert len(cache) == 2
    assert cache.get(0, NOW) == "0"
    assert cache.get(1, NOW) is None


@pytest.mark.parametrize(("seconds", "found"), [(59, "x"), (60, None), (61, None)])
def test_a_value_ends_when_its_time_is_over(seconds: int, found: str | None) -> None:
    cache: ExpiringCache[str, str] = ExpiringCache(2)
    cache.put("a", "x", NOW + timedelta(seconds=60))
    assert cache.get("a", NOW + timedelta(seconds=seconds)) == found
