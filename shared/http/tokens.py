"""Who is asking: member tokens, which the members service signs and every service checks by itself.

A token is a JWT (RFC 7519) signed with Ed25519, good for 60 s and for one service (its audience). Services know public
keys by their `kid`, several at a time, so that keys can be changed without a pause.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.clock import machine_now
from shared.problems import NotSignedIn

ALGORITHM: Literal["Ed25519"] = "Ed25519"
ISSUER = "madrina"
LIFE = timedelta(seconds=60)
_LONGEST = 2000


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

    def issue(self, member_id: UUID, audience: str) -> tuple[str, datetime]:
        """A token that says `member_id` is asking the service `audience`, and when it ends (machine time)."""
        at = machine_now().replace(microsecond=0)
        ends = at + LIFE
        claims = {"iss": ISSUER, "sub": str(member_id), "aud": audience, "iat": int(at.timestamp()), "exp": int(ends.timestamp())}
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

    def verify(self, token: str) -> UUID:
        """The member the token speaks for. Raises NotSignedIn, whatever is wrong with it."""
        try:
            if len(token) > _LONGEST:
                raise NotSignedIn
            read = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
            return self._member(read.header, read.claims)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotSignedIn from error

    def _member(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> UUID:
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
        return UUID(claims["sub"])


_bearer = HTTPBearer(bearerFormat="JWT", description="A member's token for this service.", auto_error=False)


async def current_member(request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> UUID:
    """The member whose token came with the request. Raises NotSignedIn."""
    if sent is None:
        raise NotSignedIn
    verifier: TokenVerifier = request.app.state.verifier
    return verifier.verify(sent.credentials)


CurrentMember = Annotated[UUID, Depends(current_member)]
