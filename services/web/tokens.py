"""Member tokens, kept until they end, so that a page costs members one call a minute and audience."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import get_args

from cachetools import TLRUCache, TTLCache

from services.web.clients.members import Members
from shared import clock
from shared.contracts.http.members import Audience, Me, Token

MARGIN = timedelta(seconds=5)
"""A token this close to its end isn't used any more: the call it is for takes time too."""

ME_LIFE = timedelta(seconds=60)
SESSIONS = 20_000

Key = tuple[str, Audience]


def _fingerprint(session: str) -> str:
    """So that no session secret lies in a cache."""
    return hashlib.sha256(session.encode()).hexdigest()


def _end(key: Key, token: Token, now: datetime) -> datetime:
    return token.expires_at - MARGIN


class Tokens:
    """Tokens and accounts of at most so many sessions, the least recently used of which are forgotten."""

    def __init__(self, members: Members, sessions: int = SESSIONS) -> None:
        self._members = members
        self._tokens: TLRUCache[Key, Token, datetime] = TLRUCache(sessions * len(get_args(Audience)), _end, clock.machine_now)
        self._accounts: TTLCache[str, Me, datetime] = TTLCache(sessions, ME_LIFE, clock.machine_now)
        self._asking: dict[Key, asyncio.Task[Token]] = {}

    async def get(self, session: str, audience: Audience) -> str:
        """A valid token of the session for that service; parallel callers share one call. Raises ServiceProblem, ServiceDown."""
        key = (_fingerprint(session), audience)
        known = self._tokens.get(key)
        if known:
            return known.token
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(session, key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return (await asyncio.shield(task)).token

    async def _ask(self, session: str, key: Key) -> Token:
        token = self._tokens[key] = await self._members.issue_token(session, key[1])
        return token

    async def account(self, session: str, read: Callable[[], Awaitable[Me]]) -> Me:
        """The account of the session, at most a minute old, else as `read` gives it."""
        fingerprint = _fingerprint(session)
        known = self._accounts.get(fingerprint)
        if known is None:
            known = self._accounts[fingerprint] = await read()
        return known

    def forget_token(self, session: str, audience: Audience) -> None:
        """After the service refused it."""
        self._tokens.pop((_fingerprint(session), audience), None)

    def forget(self, session: str) -> None:
        """After she signed out or changed her profile: nothing of the session stays here."""
        self._accounts.pop(_fingerprint(session), None)
        for audience in get_args(Audience):
            self.forget_token(session, audience)
