"""Plays the story on a running stack: through the services' public APIs, with codes from the mailbox, on the local clock."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import httpx

from deploy.local.client import Member, Site, Unexpected
from deploy.local.community.people import PEOPLE, Person
from deploy.local.community.script import Connection, Introduction, Outcome
from deploy.local.community.story import FIRST_DAY, Moment, moments
from deploy.local.home import clock_file
from deploy.local.stack import Stack
from shared import clock
from shared.contracts.http.base import CommandRoute
from shared.contracts.http.requests import connections, introductions

_KEYS = UUID("6d616472-696e-4a00-8000-636f6d6d756e")
CLOCK_SECONDS = 0.3
"""How long every process may take to see that the clock has moved."""

_ANSWERS = {"confirm": introductions.CONFIRM, "pass": introductions.PASS, "outcome": introductions.SAY_OUTCOME}

Progress = Callable[[str], None]


async def fill_once(stack: Stack, progress: Progress) -> None:
    """Play the story unless it was played to its end before. If it was interrupted it is played again: every command carries a key
    of its own, so that what has happened already is answered as before. Raises Unfinished."""
    done = stack.data / "community"
    if done.exists():
        return
    async with Site(stack.ports, stack.secrets.web_key) as site:
        try:
            await _Player(stack, site, progress).play()
        except (Unexpected, httpx.TransportError) as error:
            raise Unfinished(f"The demo community could not be finished: {error}\n`make run FRESH=1` starts anew.") from error
    done.touch()


class Unfinished(Exception):
    """The story could not be played to its end; the text says why and what to do."""


class _Player:
    """The state of one performance: who is signed in, and what came of each connection and introduction."""

    def __init__(self, stack: Stack, site: Site, progress: Progress) -> None:
        self._clock, self._site, self._progress = clock_file(stack.data), site, progress
        self._members: dict[str, Member] = {}
        self._ids: dict[int, str] = {}
        """The service's id of a connection request or introduction, by the identity of its script."""

    async def play(self) -> None:
        await self._travel(FIRST_DAY)
        self._progress("the demo community: twelve women join")
        joined = await asyncio.gather(*(self._join(person) for person in PEOPLE))
        self._members = {person.key: member for person, member in zip(PEOPLE, joined, strict=True)}
        today = FIRST_DAY
        for moment in moments():
            if moment.day != today:
                today = moment.day
                await self._travel(today)
            self._progress(f"the demo community: {today} day{'' if today == 1 else 's'} ago")
            await self._happen(moment)
        # Only at the end: in an interrupted story everything would be overdue today, and it couldn't go on.
        await self._travel(0)

    async def _travel(self, days_ago: int) -> None:
        clock.set_offset(self._clock, timedelta(days=-days_ago))
        await asyncio.sleep(CLOCK_SECONDS)

    async def _join(self, person: Person) -> Member:
        member = await self._site.sign_in(person.email, person.language)
        await member.set_profile(person.profile(), key=_key(f"{person.key}-profile"))
        return member

    async def _happen(self, moment: Moment) -> None:
        about = moment.about
        if isinstance(about, Connection):
            await self._connection(moment, about)
        else:
            await self._introduction(moment, about)

    async def _connection(self, moment: Moment, connection: Connection) -> None:
        if moment.what == "connect":
            asked = {
                "recipient_id": self._id(connection.recipient),
                "how_met": connection.how_met,
                "where_we_met": connection.where,
                "why_now": connection.why,
                "closeness": connection.closeness,
            }
            self._ids[id(connection)] = await self._send(moment, connection.requester, connections.ASK, asked)
            return
        route, body = (
            (connections.ACCEPT, {"closeness": connection.her_closeness}) if moment.what == "accept" else (connections.DECLINE, None)
        )
        await self._send(moment, connection.recipient, route, body, request_id=self._ids[id(connection)])

    async def _introduction(self, moment: Moment, introduction: Introduction) -> None:
        if moment.what in ("ask", "propose"):
            made = await (self._ask(moment, introduction) if introduction.asker else self._propose(moment, introduction))
            self._ids[id(introduction)] = made
            return
        introduction_id = self._ids[id(introduction)]
        if moment.what == "vouch":
            vouch = {"words_for": self._words(introduction), "show_why_her": introduction.show_why_her}
            await self._send(moment, introduction.voucher, introductions.VOUCH, vouch, introduction_id=introduction_id)
            return
        assert moment.detail is not None  # noqa: S101 — only asks, proposals and vouches have none
        said = moment.detail
        body = {"answer": said.answer, "thank_you": said.thank_you} if isinstance(said, Outcome) else None
        await self._send(moment, said.by, _ANSWERS[moment.what], body, introduction_id=introduction_id)

    async def _ask(self, moment: Moment, introduction: Introduction) -> Any:
        asker = str(introduction.asker)
        counterpart = next(side for side in introduction.sides if side != asker)
        body = {"voucher_id": self._id(introduction.voucher), "counterpart_id": self._id(counterpart), "why_her": introduction.why_her}
        return await self._send(moment, asker, introductions.ASK, body)

    async def _propose(self, moment: Moment, introduction: Introduction) -> Any:
        body = {"side_ids": [self._id(side) for side in introduction.sides], "words_for": self._words(introduction)}
        return await self._send(moment, introduction.voucher, introductions.PROPOSE, body)

    async def _send(self, moment: Moment, who: str, route: CommandRoute, body: Mapping[str, Any] | None = None, **ids: str) -> Any:
        return await self._members[who].send("requests", route, body, key=_key(moment.key), patient=True, **ids)

    def _words(self, introduction: Introduction) -> dict[str, str]:
        return {self._id(side): words for side, words in introduction.words.items()}

    def _id(self, key: str) -> str:
        return self._members[key].id


def _key(name: str) -> str:
    return str(uuid5(_KEYS, name))
