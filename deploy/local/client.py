"""A member at the services' public APIs, signed in with the code from her letter: for the demo, its community, and tests."""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self
from uuid import UUID, uuid4

import httpx

from deploy.local.environment import Ports, service_url
from shared.contracts.http.base import CommandRoute, OpenRoute, QueryRoute
from shared.contracts.http.members import profiles, signing_in
from shared.contracts.http.members.signing_in import Audience

PATIENCE_SECONDS = 20.0
"""How long to wait for what travels by event: a letter, or what one service learns from another."""
_CODE = r"^ *(\d{4}(?: \d{4})+)$"
_FROM_ELSEWHERE = frozenset({404, 503})
_NOT_YET = ("cannot_request", "cannot_ask", "cannot_propose")
"""Answers of a service that hasn't heard of her yet, among their other causes."""


class Unexpected(Exception):
    """A service gave another answer than was hoped for."""


class Site:
    """The services and the mailbox of one local stack."""

    def __init__(self, ports: Ports, web_key: str) -> None:
        self._web_key = web_key
        self._urls = {name.removesuffix("-api"): service_url(port) for name, port in ports.items()}
        self.http = httpx.AsyncClient(timeout=15, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def call(self, service: str, method: str, path: str, *, expect: tuple[int, ...] = (), **options: Any) -> Any:
        """One HTTP call; its JSON, None if it has none. Raises Unexpected if the status is neither 2xx nor in `expect`."""
        answer = await self.http.request(method, self._urls[service] + path, **options)
        if not answer.is_success and answer.status_code not in expect:
            raise Unexpected(f"{method} {service}{path} answered {answer.status_code}: {answer.text}")
        return answer.json() if answer.content else None

    async def exchange(self, route: OpenRoute[Any], body: Mapping[str, Any], **ids: UUID) -> Any:
        """A call of the members service without a token, with the key of the web. Raises Unexpected."""
        headers = {"Authorization": f"Bearer {self._web_key}"}
        return await self.call("members", route.method, route.url(**ids), json=dict(body), headers=headers)

    async def letters(self, to: str) -> list[dict[str, Any]]:
        """The letters to an address, newest first."""
        found: list[dict[str, Any]] = await self.call("mailbox", "GET", "/letters.json", params={"to": to})
        return found

    async def wait_for_letter(
        self, to: str, *, after: int = 0, containing: str = "", line: str = "", seconds: float = PATIENCE_SECONDS
    ) -> dict[str, Any]:
        """The newest letter to an address with these words in its bytes, and a line like that (a regular expression), not counting the
        first `after` letters. Raises Unexpected."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            letters = await self.letters(to)
            for letter in letters[: len(letters) - after]:
                if containing in letter["raw"] and re.search(line, letter["text"], re.MULTILINE):
                    return letter
            await asyncio.sleep(0.05)
        raise Unexpected(f"no letter reached {to} within {seconds:.0f} s")

    async def sign_in(self, email: str, language: str, invitation: str = "") -> "Member":
        """Sign in with the code from the mailbox, as a browser would; an address without an account gets one, by that invitation if any."""
        # Everyone at a browser and a network (of 2001:db8::/32, which is for examples) of her own, as members are.
        browser = {"browser": secrets.token_urlsafe(32), "ip": f"2001:db8:{secrets.token_hex(2)}::1"}
        browser |= {"invitation": invitation} if invitation else {}
        before = len(await self.letters(email))
        asked = await self.exchange(signing_in.SIGN_IN, {"email": email, "language": language, **browser})
        code = await self.code(email, before)
        answer = await self.exchange(signing_in.ANSWER_WITH_CODE, {"code": code, **browser}, challenge_id=asked["challenge_id"])
        return Member(self, email, answer["session"])

    async def code(self, email: str, before: int) -> str:
        """The one in the newest letter to an address, not counting the first `before` letters. Raises Unexpected."""
        letter = await self.wait_for_letter(email, after=before, line=_CODE)
        code: str = re.findall(_CODE, letter["text"], re.MULTILINE)[0]
        return code


class Member:
    """A signed-in woman. Her tokens are fetched when needed and renewed before they end."""

    def __init__(self, site: Site, email: str, session: str) -> None:
        self.site, self.email, self.session = site, email, session
        self.id = ""
        self._tokens: dict[str, tuple[str, float]] = {}

    async def read(self, service: Audience, route: QueryRoute[Any], body: Mapping[str, Any] | None = None, **ids: Any) -> Any:
        """What a query answers. Raises Unexpected."""
        return await self.site.call(service, route.method, route.url(**ids), json=body, headers=await self._authorization(service))

    async def send(
        self,
        service: Audience,
        route: CommandRoute,
        body: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        patient: bool = False,
        **ids: Any,
    ) -> Any:
        """A command; the id of what it made. `patient`: what isn't known there yet is tried again for a while. Raises Unexpected."""
        key, deadline = key or str(uuid4()), time.monotonic() + PATIENCE_SECONDS
        while True:
            headers = {**await self._authorization(service), "Idempotency-Key": key}
            try:
                made = await self.site.call(
                    service, route.method, route.url(**ids), json=dict(body or {}) if route.body else None, headers=headers
                )
                return made and made["id"]
            except Unexpected as error:
                if not patient or time.monotonic() > deadline or not _may_pass(str(error)):
                    raise
            await asyncio.sleep(0.1)

    async def set_profile(self, profile: Mapping[str, Any], *, key: str = "") -> None:
        """Set her profile; the first one makes her a member."""
        await self.send("members", profiles.WRITE_PROFILE, {"adult": True, "terms": 1, **profile}, key=key)
        self.id = (await self.read("members", profiles.ME))["id"]
        self._tokens.clear()

    async def _authorization(self, service: Audience) -> dict[str, str]:
        token, ends = self._tokens.get(service, ("", 0.0))
        if time.monotonic() > ends:
            answer = await self.site.exchange(signing_in.ISSUE_TOKEN, {"session": self.session, "audience": service})
            token, ends = answer["token"], time.monotonic() + 45  # of 60 s
            self._tokens[service] = (token, ends)
        return {"Authorization": f"Bearer {token}"}


async def until(true: Callable[[], Awaitable[bool]], every: float = 0.05) -> None:
    """Look every so many seconds until it is so. Raises Unexpected."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await true():
        if time.monotonic() > deadline:
            raise Unexpected("what was waited for did not come")
        await asyncio.sleep(every)


def _may_pass(words: str) -> bool:
    return any(f"answered {status}:" in words for status in _FROM_ELSEWHERE) or any(f'"{code}"' in words for code in _NOT_YET)
