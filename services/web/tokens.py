"""Member tokens, kept until they end, so that a page costs members one call a minute and audience."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.web.cache import ExpiringCache
from services.web.clients import Service, ServiceName
from services.web.models import Me
from shared import clock

MARGIN = timedelta(seconds=5)
"""A token this close to its end isn't used any more: the call it is for takes time too."""

ME_LIFE = timedelta(seconds=60)
SESSIONS = 20_000


@dataclass(frozen=True)
class Token:
    """A token for one service, and whose it is."""

    text: str
    member_id: UUID
    joined: bool


def _fingerprint(session: str) -> str:
    """So that no session secret lies in a cache."""
    return hashlib.sha256(session.encode()).hexdigest()


class Tokens:
    """Tokens and accounts by session. Raises what the members service answers: `signed_out`, `profile_needed`, down."""

    def __init__(self, members: Service) -> None:
        self._members = members
        self._tokens: ExpiringCache[tuple[str, ServiceName], Token] = ExpiringCache(SESSIONS * 3)
        self._accounts: ExpiringCache[str, Me] = ExpiringCache(SESSIONS)
        self._asking: dict[tuple[str, ServiceName], asyncio.Task[Token]] = {}

    async def get(self, session: str, audience: ServiceName) -> Token:
        """A valid token of the session for that service; parallel callers share one call."""
        key = (_fingerprint(session), audience)
        known = self._tokens.get(key, clock.machine_now())
        if known:
            return known
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(session, audience, key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, session: str, audience: ServiceName, key: tuple[str, ServiceName]) -> Token:
        answer: dict[str, Any] = await self._members.call("POST", "/v1/sessions/tokens", body={"session": session, "audience": audience})
        token = Token(answer["token"], UUID(answer["member_id"]), bool(answer["joined"]))
        until = datetime.fromisoformat(answer["expires_at"]).astimezone(UTC) - MARGIN
        self._tokens.put(key, token, until)
        return token

    async def me(self, session: str) -> Me:
        """The account of the session, at most a minute old."""
        known = self._accounts.get(_fingerprint(session), clock.machine_now())
        if known:
            return known
        token = await self.get(session, "members")
        me = Me.model_validate(await self._members.call("GET", "/v1/me", token=token.text))
        self._accounts.put(_fingerprint(session), me, clock.machine_now() + ME_LIFE)
        return me

    def forget_token(self, session: str, audience: ServiceName) -> None:
        """After the service refused it."""
        self._tokens.drop((_fingerprint(session), audience))

    def forget(self, session: str) -> None:
        """After signing out, or when the profile has changed: nothing of the session stays here."""
        fingerprint = _fingerprint(session)
        self._accounts.drop(fingerprint)
        for audience in ("members", "requests", "reputation"):
            self._tokens.drop((fingerprint, audience))
