"""Where a request comes from can't be made up: only what our own proxies say is believed."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.web.proxies import nearest_stranger, networks
from services.web.settings import Settings
from tests.web.conftest import Browser, Community
from tests.web.fakes import Fakes

OURS = networks("10.0.0.0/8, fd00::/8, 192.0.2.1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["198.51.100.1"], "203.0.113.5"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.1", "10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, nonsense, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["198.51.100.1,"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("192.0.2.1", ["2001:db8::7"], "2001:db8::7"),
        ("192.0.2.2", ["2001:db8::7"], "192.0.2.2"),
    ],
)
def test_the_last_hop_that_isnt_ours(peer: str, forwarded: list[str], expected: str) -> None:
    plain = ip_address(peer)
    mapped = getattr(plain, "ipv4_mapped", None)
    assert nearest_stranger(mapped or plain, forwarded, OURS) == ip_address(expected)


@given(st.lists(st.text(alphabet="0123456789abcdef:., ", max_size=40), max_size=4))
def test_whatever_is_sent_a_peer_that_isnt_ours_is_who_asks(forwarded: list[str]) -> None:
    assert nearest_stranger(ip_address("203.0.113.5"), forwarded, OURS) == ip_address("203.0.113.5")
    assert nearest_stranger(ip_address("203.0.113.5"), forwarded, ()) == ip_address("203.0.113.5")


@given(st.lists(st.ip_addresses(), max_size=4), st.ip_addresses(v=4).filter(lambda address: address.packed[0] not in (10, 192)))
def test_what_is_written_before_the_last_stranger_changes_nothing(made_up: list[object], stranger: object) -> None:
    forwarded = ", ".join(map(str, [*made_up, stranger, "10.0.0.2"]))
    assert nearest_stranger(ip_address("10.0.0.1"), [forwarded], OURS) == stranger


async def test_the_pages_tell_members_where_an_ask_comes_from(community: Community, fakes: Fakes) -> None:
    visitor: Browser = community.visitor()
    visitor.http.headers["X-Forwarded-For"] = "198.51.100.1"
    await visitor.send(await visitor.get("/sign-in"), "/sign-in", False, email="nora@example.test")
    assert fakes.commands("/v1/sign-in")[-1].body["ip"] == "127.0.0.1"
    community.app.state.trusted_proxies = networks("127.0.0.0/8")
    try:
        page = await visitor.get("/sign-in")
        path = (await visitor.send(page, "/sign-in", False, email="nora@example.test")).headers["location"]
        await visitor.send(await visitor.get(path), path, True, code="00000000")
    finally:
        community.app.state.trusted_proxies = ()
    assert [call.body["ip"] for call in fakes.commands("/v1/sign-in")[-2:]] == ["198.51.100.1"] * 2


@pytest.mark.parametrize("listed", ["10.0.0.0/33", "proxy", "10.0.0.1/8"])
def test_a_list_that_is_none_keeps_the_web_from_starting(listed: str) -> None:
    urls = {f"{name}_url": "http://nowhere" for name in ("web", "members", "requests", "reputation")}
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"port": 0, "health_port": 0, "web_key": "w" * 32, "keep_key": "k" * 32, "trusted_proxies": listed, **urls})
    assert [wrong["loc"] for wrong in caught.value.errors()] == [("trusted_proxies",)]
