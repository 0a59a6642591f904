"""Members who go on trying: every command is sent, with its key, until it is answered."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

import httpx

from deploy.secrets import Secrets
from shared.contracts.http.base import CommandRoute
from shared.contracts.http.requests.introductions import CONFIRM, SAY_OUTCOME
from shared.http.tokens import TokenSigner
from tests.chaos.seeding import Waiting

AT_ONCE = 8
PATIENCE_SECONDS = 120
ANSWERS = ("worthwhile", "worthwhile", "worthwhile", "not_as_described", "did_not_meet")


class Site(Protocol):
    """What members talk to."""

    secrets: Secrets

    def url(self, name: str) -> str:
        """The address of a process, or of what stands before several of it."""


async def sent(http: httpx.AsyncClient, method: str, path: str, **options: Any) -> httpx.Response:
    """The answer to a request that may come twice: over a connection that turns out closed it is sent again, as by pages and browsers."""
    try:
        return await http.request(method, path, **options)
    except (httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
        return await http.request(method, path, **options)


@dataclass
class Driver:
    """Sends the counterparts' confirmations, and for some introductions both sides' outcomes."""

    stack: Site
    dice: random.Random
    pace: float
    """Seconds over which the confirmations are spread, so that some are in flight whenever something is killed."""
    confirming_since: dict[UUID, datetime] = field(default_factory=dict)
    """By introduction, just before its second confirmation was first sent."""
    confirmed: dict[UUID, datetime] = field(default_factory=dict)
    """By introduction, when that was answered."""
    failed: Counter[str] = field(default_factory=Counter)
    """Tries in vain, by what became of them."""
    waited: float = 0.0
    """Seconds, the longest, from the beginning of a command's first try in vain until it was answered."""

    def __post_init__(self) -> None:
        self._signer = TokenSigner(self.stack.secrets.signing_key)
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def run(self, introductions: list[Waiting]) -> None:
        """Confirm them all; returns when each has been answered."""
        async with httpx.AsyncClient(base_url=self.stack.url("requests-api"), timeout=5) as http, asyncio.TaskGroup() as group:
            for introduction in introductions:
                group.create_task(self._play(http, introduction, self.dice.uniform(0, self.pace)))

    async def _play(self, http: httpx.AsyncClient, introduction: Waiting, wait: float) -> None:
        await asyncio.sleep(wait)
        # The asker's yes again is no second side's yes, however often it comes.
        await self._send(http, introduction.asker, CONFIRM, introduction)
        self.confirming_since[introduction.id] = datetime.now(UTC)
        again = self.dice.random() < 0.3
        await asyncio.gather(*(self._send(http, introduction.counterpart, CONFIRM, introduction) for _ in range(2 if again else 1)))
        self.confirmed[introduction.id] = datetime.now(UTC)
        if self.dice.random() < 0.5:
            for side in (introduction.asker, introduction.counterpart):
                await self._send(http, side, SAY_OUTCOME, introduction, {"answer": self.dice.choice(ANSWERS)})

    async def _send(
        self, http: httpx.AsyncClient, member: UUID, route: CommandRoute, introduction: Waiting, body: dict[str, Any] | None = None
    ) -> None:
        key, path, failing_since = str(uuid4()), route.url(introduction_id=introduction.id), 0.0
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                token, _ = self._signer.issue(member, "requests")
                headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
                async with self._gate:
                    began = time.monotonic()
                    why = await self._try(http, path, body or {}, headers, route.status)
                if why is None:
                    self.waited = max(self.waited, time.monotonic() - failing_since if failing_since else 0.0)
                    return
                self.failed[why] += 1
                failing_since = failing_since or began
                await asyncio.sleep(0.2)

    async def _try(self, http: httpx.AsyncClient, path: str, body: dict[str, Any], headers: dict[str, str], expected: int) -> str | None:
        """None if it was answered, else why it is to be tried again."""
        try:
            answer = await sent(http, "POST", path, json=body, headers=headers)
        except httpx.TransportError as error:
            return type(error).__name__
        if answer.status_code == expected:
            return None
        # A down database is said to be down; anything else would be a wrong answer.
        assert answer.status_code == 503, f"{path}: {answer.status_code} {answer.text}"
        assert "Retry-After" in answer.headers
        return "503"
