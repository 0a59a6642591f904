"""A code's MAC is bound to everything that it should be good for alone."""

from uuid import uuid4

from services.members.sessions.commands import new_code, new_secret
from services.members.sessions.domain.hashes import hash_of, mac_of


def test_the_mac_changes_with_key_challenge_browser_and_code() -> None:
    challenge, browser = uuid4(), hash_of("b" * 43)
    macs = {
        mac_of("key", challenge, browser, "123456"),
        mac_of("other", challenge, browser, "123456"),
        mac_of("key", uuid4(), browser, "123456"),
        mac_of("key", challenge, hash_of("c" * 43), "123456"),
        mac_of("key", challenge, browser, "123457"),
    }
    assert len(macs) == 5
    assert all(len(mac) == 32 for mac in macs)
    assert mac_of("key", challenge, browser, "123456") in macs


def test_codes_keep_their_leading_zeros_and_secrets_are_long() -> None:
    codes = {new_code() for _ in range(2000)}
    assert {len(code) for code in codes} == {6}
    assert {code[0] for code in codes} == set("0123456789")
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(new_secret()) >= 43


def test_a_lone_surrogate_is_hashed_like_any_text() -> None:
    assert len(hash_of("\ud800")) == 32
