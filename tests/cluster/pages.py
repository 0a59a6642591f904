"""A member who looks at her page again and again, through web and whatever that asks."""

import asyncio
import email
import email.policy
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from deploy.local.client import Site
from services.web import session
from tests.chaos.driver import sent
from tests.cluster.cluster import Cluster

PAUSE_SECONDS = 0.2
MISSING = b"missing right now", b"is missing."


class SinkSite(Site):
    """The services of a cluster, with the sink's letters for a mailbox."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__({}, cluster.secrets.web_key)
        self._urls = {"members": cluster.url("members-api")}
        self._sink = cluster.sink

    async def letters(self, to: str) -> list[dict[str, Any]]:
        """The letters to an address, newest first."""
        return [{"raw": "", "text": _text(taken.message)} for taken in reversed(self._sink.taken) if taken.recipient == to]


def _text(message: bytes) -> str:
    part = email.message_from_bytes(message, policy=email.policy.default).get_body(("plain",))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


@dataclass
class Reader:
    """Counts the pages that she got whole, and those she didn't."""

    url: str
    cookie: str
    whole: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    waited: float = 0.0

    @classmethod
    async def signed_in(cls, cluster: Cluster, address: str) -> Self:
        """A new member, signed in with the code from her letter."""
        async with SinkSite(cluster) as site:
            member = await site.sign_in(address, "en")
            await member.set_profile({"name": "Rosa", "headline": "Reader", "language": "en", "time_zone": "UTC"})
        return cls(cluster.url("web"), f"{session.SESSION}={member.session}")

    def anew(self) -> "Reader":
        """The same member, with nothing counted yet."""
        return Reader(self.url, self.cookie)

    async def read_on(self, over: asyncio.Event) -> None:
        """Look until it is over."""
        async with httpx.AsyncClient(base_url=self.url, timeout=10, headers={"Cookie": self.cookie}) as http:
            failing_since = 0.0
            while not over.is_set():
                began = time.monotonic()
                why = await _look(http)
                if why is None:
                    self.whole += 1
                    self.waited = max(self.waited, time.monotonic() - failing_since if failing_since else 0.0)
                    failing_since = 0.0
                else:
                    self.failed[why] += 1
                    failing_since = failing_since or began
                await asyncio.sleep(PAUSE_SECONDS)


async def _look(http: httpx.AsyncClient) -> str | None:
    try:
        answer = await sent(http, "GET", "/")
    except httpx.TransportError as error:
        return type(error).__name__
    if answer.status_code != 200:
        return str(answer.status_code)
    return "a part is missing" if any(words in answer.content for words in MISSING) else None
