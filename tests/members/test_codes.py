"""A code is bound to everything that it should be good for alone."""

from uuid import uuid4

import pytest

from services.members.sessions.commands import new_secret
from services.members.sessions.domain.hashes import code_of, hash_of, keyed
from services.members.sessions.domain.limits import LONG, SHORT


def test_the_code_changes_with_key_challenge_browser_and_length() -> None:
    challenge, browser = uuid4(), hash_of("b" * 43)
    codes = {
        code_of("key", challenge, browser, LONG)[-SHORT:],
        code_of("key", challenge, browser, SHORT),
        code_of("other", challenge, browser, SHORT),
        code_of("key", uuid4(), browser, SHORT),
        code_of("key", challenge, hash_of("c" * 43), SHORT),
    }
    assert len(codes) == 5
    assert code_of("key", challenge, browser, SHORT) in codes


@pytest.mark.parametrize("digits", [SHORT, LONG])
def test_codes_keep_their_leading_zeros(digits: int) -> None:
    codes = {code_of("key", uuid4(), b"browser", digits) for _ in range(2000)}
    # Of eight digits two in 2,000 are the same once in fifty runs.
    assert len(codes) >= 1998
    assert {len(code) for code in codes} == {digits}
    assert {code[0] for code in codes} == set("0123456789")


def test_secrets_are_long_and_differ() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(new_secret()) >= 43


def test_a_keyed_hash_needs_its_key_and_keeps_its_parts_apart() -> None:
    assert len({keyed("key", "a", "b"), keyed("other", "a", "b"), keyed("key", "ab"), keyed("key", "b", "a")}) == 4
    assert keyed("key", "a", "b") == keyed("key", "a", "b")


def test_a_lone_surrogate_is_hashed_like_any_text() -> None:
    assert len(hash_of("\ud800")) == 32
