"""Member tokens, each used for a few seconds, so that a page asks for one an audience however many calls it makes.

Whether a session is still open is asked by asking for a token. What is kept longer than this would let her in here after she signed out at
another web process, or was suspended.
"""

import asyncio
import hashlib
from datetime import datetime, timedelta
from typing import get_args

from cachetools import TTLCache

from services.web.clients.members import Members
from shared import clock
from shared.contracts.http.members.signing_in import Audience, Token

USED = timedelta(seconds=4)
"""How long a token is used: the end of a session, and a suspension, hold everywhere within 5 s."""

SESSIONS = 20_000

Key = tuple[str, Audience]


def _fingerprint(session: str) -> str:
    """So that no session secret lies in a cache."""
    return hashlib.sha256(session.encode()).hexdigest()


class Tokens:
    """Tokens of at most so many sessions, the least recently used of which are forgotten."""

    def __init__(self, members: Members, sessions: int = SESSIONS) -> None:
        self._members = members
        self._tokens: TTLCache[Key, Token, datetime] = TTLCache(sessions * len(get_args(Audience)), USED, clock.machine_now)
        self._asking: dict[Key, asyncio.Task[Token]] = {}

    async def get(self, session: str, audience: Audience) -> Token:
        """A valid token of the session for that service; parallel callers share one call. Raises ServiceProblem, ServiceDown."""
        key = (_fingerprint(session), audience)
        known = self._tokens.get(key)
        if known:
            return known
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._ask(session, key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _ask(self, session: str, key: Key) -> Token:
        token = self._tokens[key] = await self._members.issue_token(session, key[1])
        return token

    def forget_token(self, session: str, audience: Audience) -> None:
        """After the service refused it."""
        self._tokens.pop((_fingerprint(session), audience), None)

    def forget(self, session: str) -> None:
        """After she signed out: nothing of the session stays here."""
        for audience in get_args(Audience):
            self.forget_token(session, audience)
