"""A member token speaks for one member, to one service, for a minute; anything else is nobody."""

import base64
import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared import clock
from shared.http import tokens
from shared.http.tokens import FRESH, Claims, TokenSigner, TokenVerifier, current_member, fresh, steward
from shared.problems import NotFound, NotSignedIn, Problem, StepUpNeeded

KEY, OTHER = tokens.new_key("one"), tokens.new_key("two")
MEMBER = uuid4()
VERIFIER = TokenVerifier(json.dumps(tokens.public_keys(KEY)), "requests")


def claims(**changes: Any) -> dict[str, Any]:
    at = int(clock.machine_now().timestamp())
    good = {"iss": "madrina", "sub": str(MEMBER), "aud": "requests", "iat": at, "exp": at + 60}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(key: dict[str, Any] = KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
    return jwt.encode(header or {"alg": "Ed25519", "kid": key["kid"]}, claims(**changes), OKPKey.import_key(key), algorithms=["Ed25519"])


def refused(token: str, verifier: TokenVerifier = VERIFIER) -> bool:
    with pytest.raises(NotSignedIn):
        verifier.verify(token)
    return True


def test_a_good_token_speaks_for_its_member() -> None:
    token, ends = TokenSigner(json.dumps(KEY)).issue(MEMBER, "requests")
    assert VERIFIER.verify(token).member_id == MEMBER
    assert timedelta(seconds=58) < ends - clock.machine_now() <= timedelta(seconds=60)
    assert VERIFIER.verify(signed()).member_id == MEMBER


def test_it_is_for_one_service_only() -> None:
    token, _ = TokenSigner(KEY).issue(MEMBER, "members")
    assert refused(token)
    assert refused(signed(aud=["requests", "members"]))
    assert refused(signed(aud=None))


def test_it_ends_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    token, ends = TokenSigner(KEY).issue(MEMBER, "requests")
    monkeypatch.setattr(tokens, "machine_now", lambda: ends - timedelta(seconds=1))
    assert VERIFIER.verify(token).member_id == MEMBER
    monkeypatch.setattr(tokens, "machine_now", lambda: ends)
    assert refused(token)


def test_the_travelling_clock_doesnt_move_it(tmp_path: Any) -> None:
    token, _ = TokenSigner(KEY).issue(MEMBER, "requests")
    clock.travel(tmp_path / "clock.json", 21)
    clock.configure(tmp_path / "clock.json")
    try:
        assert VERIFIER.verify(token).member_id == MEMBER
    finally:
        clock.configure(None)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": "soon"},
        {"exp": 4_102_444_800},
        {"iat": None},
        {"iat": 4_102_444_000, "exp": 4_102_444_030},
        {"iss": None},
        {"iss": "someone"},
        {"sub": None},
        {"sub": "me"},
        {"sub": 7},
        {"roles": 7},
        {"amr": 7},
        {"auth_time": "soon"},
        {"auth_time": 10**30},
        {"auth_time": float("nan")},
    ],
)
def test_missing_or_strange_claims_are_refused(changes: dict[str, Any]) -> None:
    at = int(clock.machine_now().timestamp())
    if changes.get("exp") == 4_102_444_800:
        changes = {**changes, "iat": at}
    full = claims() | {name: value for name, value in changes.items() if value is not None}
    token = jwt.encode(
        {"alg": "Ed25519", "kid": "one"},
        {name: value for name, value in full.items() if changes.get(name, value) is not None},
        OKPKey.import_key(KEY),
        algorithms=["Ed25519"],
    )
    assert refused(token)


def test_another_key_is_refused_even_under_a_known_name() -> None:
    assert refused(signed(OTHER))
    assert refused(signed({**OTHER, "kid": "one"}))
    assert refused(signed(header={"alg": "Ed25519"})), "a token without a kid"
    assert refused(signed(header={"alg": "Ed25519", "kid": "two"}))


def test_keys_can_be_changed_without_a_pause() -> None:
    both = TokenVerifier(tokens.public_keys(KEY, OTHER), "requests")
    assert both.verify(signed(KEY)).member_id == both.verify(signed(OTHER)).member_id == MEMBER


def test_other_algorithms_are_refused() -> None:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    assert refused(f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims())}.")
    secret = OctKey.import_key(json.dumps(tokens.public_keys(KEY)["keys"][0]).encode())
    assert refused(jwt.encode({"alg": "HS256", "kid": "one"}, claims(), secret, algorithms=["HS256"]))


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "..", "é.é.é", "a" * 5000, "eyJhbGciOiJFZDI1NTE5In0.e30."])
def test_nonsense_is_refused(token: str) -> None:
    assert refused(token)


def test_a_changed_token_is_refused() -> None:
    head, body, signature = signed().split(".")
    other = jwt.encode({"alg": "Ed25519", "kid": "two"}, claims(sub=str(uuid4())), OKPKey.import_key(OTHER), algorithms=["Ed25519"])
    assert refused(f"{head}.{other.split('.')[1]}.{signature}")
    assert refused(f"{head}.{body}.{'A' * len(signature)}")


@pytest.mark.parametrize("bad", ["", "{}", "[]", "null", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "YQ", "kid": "x"}]}'])
def test_only_public_ed25519_keys_verify(bad: str) -> None:
    with pytest.raises(ValueError):
        TokenVerifier(bad, "requests")
    with pytest.raises(ValueError):
        TokenSigner(bad)


def test_a_public_key_cant_sign() -> None:
    with pytest.raises(ValueError):
        TokenSigner(tokens.public_keys(KEY)["keys"][0])


def test_the_member_is_an_id() -> None:
    assert isinstance(VERIFIER.verify(signed()).member_id, UUID)


def test_it_says_her_roles_and_when_and_how_she_showed_that_it_is_her() -> None:
    shown = clock.machine_now().replace(microsecond=0)
    token, _ = TokenSigner(KEY).issue(MEMBER, "requests", roles=["steward", "moderator"], auth_time=shown, amr=["passkey"])
    assert VERIFIER.verify(token) == Claims(MEMBER, frozenset({"moderator", "steward"}), shown, frozenset({"passkey"}))


def test_a_token_of_the_release_before_is_good_and_says_nothing_of_them() -> None:
    assert VERIFIER.verify(signed()) == Claims(MEMBER)
    assert not Claims(MEMBER).is_fresh(clock.machine_now())


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FULL = Claims(MEMBER, frozenset({"moderator", "steward"}), NOW)


@pytest.mark.parametrize(
    ("depends", "said", "raises"),
    [
        (steward, FULL, None),
        (steward, replace(FULL, roles=frozenset({"moderator"})), NotFound),
        (fresh, replace(FULL, auth_time=NOW - FRESH + timedelta(seconds=1)), None),
        (fresh, replace(FULL, auth_time=NOW - FRESH), StepUpNeeded),
        (fresh, replace(FULL, auth_time=None), StepUpNeeded),
        (current_member, Claims(MEMBER), None),
    ],
)
async def test_a_route_asks_for_a_role_or_for_a_fresh_look(
    monkeypatch: pytest.MonkeyPatch, depends: Any, said: Claims, raises: type[Problem] | None
) -> None:
    monkeypatch.setattr(tokens, "machine_now", lambda: NOW)
    with pytest.raises(raises) if raises else nullcontext():
        assert await depends(said) == MEMBER
