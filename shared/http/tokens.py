"""Who is asking: member tokens, which the members service signs and every service checks by itself.

A token is a JWT (RFC 7519) signed with Ed25519, good for 60 s and for one service (its audience). Services know public
keys by their `kid`, several at a time, so that keys can be changed without a pause.

Beside who she is it says which `roles` she has, in which session she is (`sid`), when she last showed a code or a passkey in it
(`auth_time`), and what she has shown in it (`amr`). A token without these is good: it says nothing of them.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.clock import machine_now
from shared.problems import NotFound, NotSignedIn, StepUpNeeded

ALGORITHM: Literal["Ed25519"] = "Ed25519"
ISSUER = "madrina"
LIFE = timedelta(seconds=60)
FRESH = timedelta(minutes=10)
"""How long it counts that she showed a code or a passkey."""
_LONGEST = 2000


@dataclass(frozen=True)
class Claims:
    """What a token says: whose it is, her roles, and when and with what she last showed that it is her."""

    member_id: UUID
    roles: frozenset[str] = frozenset()
    auth_time: datetime | None = None
    amr: frozenset[str] = frozenset()
    session_id: UUID | None = None

    def is_fresh(self, at: datetime) -> bool:
        """Whether she showed a code or a passkey just now."""
        return self.auth_time is not None and at < self.auth_time + FRESH


def new_key(kid: str) -> dict[str, Any]:
    """A new private JWK for member tokens."""
    return dict(OKPKey.generate_key(ALGORITHM, {"kid": kid, "use": "sig", "alg": ALGORITHM}, private=True).as_dict(private=True))


def public_keys(*private: Mapping[str, Any]) -> dict[str, Any]:
    """The JWK set with the public halves of private JWKs."""
    return {"keys": [_key(jwk, private=True).as_dict(private=False) for jwk in private]}


def _key(jwk: Mapping[str, Any], *, private: bool) -> OKPKey:
    key = OKPKey.import_key(dict(jwk))
    if key.is_private != private or key.curve_name != ALGORITHM or not key.kid:
        raise ValueError(f"no {'private' if private else 'public'} Ed25519 JWK with a kid")
    return key


def _json(given: str | Mapping[str, Any]) -> Any:
    return json.loads(given) if isinstance(given, str) else dict(given)


class TokenSigner:
    """Signs member tokens with one private JWK (Ed25519, with a `kid`). Raises ValueError for another key."""

    def __init__(self, jwk: str | Mapping[str, Any]) -> None:
        try:
            self._key = _key(_json(jwk), private=True)
        except (JoseError, KeyError, TypeError) as error:
            raise ValueError("no private Ed25519 JWK with a kid") from error

    def issue(
        self,
        member_id: UUID,
        audience: str,
        *,
        roles: Collection[str] = (),
        auth_time: datetime | None = None,
        amr: Collection[str] = (),
        sid: UUID | None = None,
    ) -> tuple[str, datetime]:
        """A token that says `member_id` is asking the service `audience`, and when it ends (machine time)."""
        at = machine_now().replace(microsecond=0)
        ends = at + LIFE
        claims: dict[str, Any] = {"iss": ISSUER, "sub": str(member_id), "aud": audience}
        claims |= {"iat": int(at.timestamp()), "exp": int(ends.timestamp()), "roles": sorted(roles), "amr": sorted(amr)}
        if sid:
            claims["sid"] = str(sid)
        if auth_time:
            claims["auth_time"] = int(auth_time.timestamp())
        return jwt.encode({"alg": ALGORITHM, "kid": self._key.kid}, claims, self._key, algorithms=[ALGORITHM]), ends


class TokenVerifier:
    """Checks tokens for one audience against a JWK set of public Ed25519 keys. Raises ValueError for other keys."""

    def __init__(self, jwks: str | Mapping[str, Any], audience: str) -> None:
        try:
            self._keys = KeySet([_key(jwk, private=False) for jwk in _json(jwks)["keys"]])
        except (JoseError, KeyError, TypeError, AttributeError) as error:
            raise ValueError("no JWK set of public Ed25519 keys, each with its kid") from error
        if not self._keys.keys:
            raise ValueError("the JWK set holds no key")
        self._audience = audience

    def verify(self, token: str) -> Claims:
        """What the token says. Raises NotSignedIn, whatever is wrong with it."""
        try:
            if len(token) > _LONGEST:
                raise NotSignedIn
            read = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            return self._claims(read.header, read.claims)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise NotSignedIn from error

    def _claims(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> Claims:
        now = machine_now().timestamp()
        good = (
            isinstance(header.get("kid"), str)
            and claims["iss"] == ISSUER
            and claims["aud"] == self._audience
            and claims["exp"] > now
            # A token from the future, or one that lives longer than ours do, isn't ours (10 s for clocks that differ).
            and claims["iat"] <= now + 10
            and claims["exp"] - claims["iat"] <= LIFE.total_seconds()
        )
        if not good:
            raise NotSignedIn
        shown = claims.get("auth_time")
        return Claims(
            UUID(claims["sub"]),
            frozenset(map(str, claims.get("roles", ()))),
            None if shown is None else datetime.fromtimestamp(shown, UTC),
            frozenset(map(str, claims.get("amr", ()))),
            UUID(claims["sid"]) if "sid" in claims else None,
        )


_bearer = HTTPBearer(bearerFormat="JWT", description="A member's token for this service.", auto_error=False)


async def claims(request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Claims:
    """What the token says that came with the request. Raises NotSignedIn."""
    if sent is None:
        raise NotSignedIn
    verifier: TokenVerifier = request.app.state.verifier
    return verifier.verify(sent.credentials)


CurrentClaims = Annotated[Claims, Depends(claims)]


async def current_member(said: CurrentClaims) -> UUID:
    """The member whose token came with the request. Raises NotSignedIn."""
    return said.member_id


async def moderator(said: CurrentClaims) -> UUID:
    """A moderator. Raises NotFound for everyone else: for her the route doesn't exist."""
    if "moderator" not in said.roles:
        raise NotFound
    return said.member_id


async def steward(said: CurrentClaims) -> UUID:
    """A steward. Raises NotFound for everyone else: for her the route doesn't exist."""
    if "steward" not in said.roles:
        raise NotFound
    return said.member_id


async def fresh(said: CurrentClaims) -> UUID:
    """A member who showed a code or a passkey just now. Raises StepUpNeeded."""
    if not said.is_fresh(machine_now()):
        raise StepUpNeeded
    return said.member_id


CurrentMember = Annotated[UUID, Depends(current_member)]
Steward = Annotated[UUID, Depends(steward)]
Fresh = Annotated[UUID, Depends(fresh)]
