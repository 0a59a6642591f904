"""Plays the story on a running stack: through the services' public APIs, with codes from the mailbox, on the local clock."""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import httpx

from deploy.local import operator
from deploy.local.client import Member, Site, Unexpected
from deploy.local.community.guarded import GUARDED, Guarded
from deploy.local.community.moderating import DAYS, Moderating
from deploy.local.community.people import ANCHORS, MODERATORS, NEW, PEOPLE, SECOND_ADDRESSES, SUSPENDED
from deploy.local.community.person import EARLIER, FIRST_DAY, Person
from deploy.local.community.portraits import PORTRAITS, drawn
from deploy.local.community.script import Allowed, Connection, Introduction, Keeps, Kept, Need, Outcome, Said
from deploy.local.community.settling import settle
from deploy.local.community.states import STATES
from deploy.local.community.story import Moment, moments
from deploy.local.home import clock_file
from deploy.local.stack import Stack
from shared import clock
from shared.contracts.http.base import CommandRoute
from shared.contracts.http.members import addresses, joining, photos, safety
from shared.contracts.http.requests import connections, introductions, needs, people, reach, suggestions

_KEYS = UUID("6d616472-696e-4a00-8000-636f6d6d756e")
CLOCK_SECONDS = 0.3
"""How long every process may take to see that the clock has moved."""

_TO_A_REQUEST = {
    "accept": connections.ACCEPT,
    "decline": connections.DECLINE,
    "question": connections.ASK_QUESTION,
    "reply": connections.ANSWER_QUESTION,
    "withdraw": connections.WITHDRAW,
}
_TO_A_CONNECTION = {
    "closeness": people.SET_CLOSENESS,
    "provenance": people.SET_PROVENANCE,
    "openness": people.SET_OPENNESS,
    "remove": people.REMOVE,
    "look_up": suggestions.LOOK_UP,
}
_TO_AN_INTRODUCTION = {
    "confirm": introductions.CONFIRM,
    "pass": introductions.PASS,
    "decline": introductions.DECLINE,
    "withdraw": introductions.WITHDRAW,
    "withdraw_vouch": introductions.WITHDRAW_VOUCH,
    "ask_correction": introductions.ASK_CORRECTION,
    "correct": introductions.CORRECT,
    "outcome": introductions.SAY_OUTCOME,
    "keep": introductions.KEEP,
}

_OF_REACH = {"allow": reach.SET_REACH, "pause": reach.PAUSE, "exclude": reach.EXCLUDE}

Progress = Callable[[str], None]


async def fill_once(stack: Stack, progress: Progress) -> None:
    """Play the story unless it was played to its end before. If it was interrupted it is played again: every command carries a key
    of its own, so that what has happened already is answered as before. At its end `community` in the stack's folder says where
    each state is to be seen. Raises Unfinished."""
    done = stack.data / "community"
    if done.exists():
        return
    async with Site(stack.ports, stack.secrets.web_key) as site:
        try:
            ids = await _Player(stack, site, progress).play()
        except (Unexpected, httpx.TransportError) as error:
            raise Unfinished(f"The demo community could not be finished: {error}\n`make run FRESH=1` starts anew.") from error
    done.write_text("".join(f"{state.who}\t{stack.url('web')}{state.path.format(**ids)}\t{state.title}\n" for state in STATES))


class Unfinished(Exception):
    """The story could not be played to its end; the text says why and what to do."""


class _Player:
    """The state of one performance: who is signed in, and what came of each connection and introduction."""

    def __init__(self, stack: Stack, site: Site, progress: Progress) -> None:
        self._stack, self._site, self._progress = stack, site, progress
        self._members: dict[str, Member] = {}
        self._ids: dict[str, str] = {}
        """The services' ids of members, connection requests, introductions and so on, by their names in the story."""
        self._moderating = Moderating(stack, site, self._members, _key)

    async def play(self) -> Mapping[str, str]:
        """Play all of it, and give the ids by name."""
        told = moments()
        for day in sorted({EARLIER, *(person.joined for person in PEOPLE), *(moment.day for moment in told), *DAYS}, reverse=True):
            self._progress(f"the demo community: {day} day{'' if day == 1 else 's'} ago")
            await self._travel(day)
            await asyncio.gather(*(self._join(person) for person in PEOPLE if day in _days(person)))
            today = [moment for moment in told if moment.day == day]
            # What reaches a woman follows from what she allows, so that comes first.
            await asyncio.gather(*(self._allowed(moment, moment.about) for moment in today if isinstance(moment.about, Allowed)))
            # Connections of one day have nothing to do with each other; of introductions the newest stand first in lists.
            await asyncio.gather(*(self._connection(moment, moment.about) for moment in today if isinstance(moment.about, Connection)))
            for moment in today:
                if isinstance(moment.about, Introduction):
                    await self._introduction(moment, moment.about)
                elif isinstance(moment.about, Need):
                    await self._need(moment, moment.about)
                elif isinstance(moment.about, Kept):
                    route = _TO_A_CONNECTION[moment.what]
                    await self._send(moment, moment.about.by, route, moment.about.says, member_id=self._ids[moment.about.of])
            # Last, so that a report has become a case by the day on which it is decided.
            await self._moderating.on(day)
        # Only at the end: in an interrupted story everything would be overdue today, and it couldn't go on.
        await self._travel(0)
        await asyncio.gather(
            *(self._operate("suspend", key) for key in SUSPENDED),
            *(self._operate("appoint", key, "--role", "moderator") for key in MODERATORS),
            *(self._second_address(key, address) for key, address in SECOND_ADDRESSES.items()),
            *(self._guarded(one) for one in GUARDED),
            settle(self._stack, self._site, self._members, _key),
        )
        await operator.anchor(self._stack.database_url("reputation"), [self._ids[key] for key in ANCHORS])
        self._ids |= await self._moderating.end()
        return self._ids

    async def _travel(self, days_ago: int) -> None:
        clock.set_offset(clock_file(self._stack.data), timedelta(days=-days_ago))
        await asyncio.sleep(CLOCK_SECONDS)

    async def _join(self, person: Person) -> None:
        invitation = await self._invitation(person) if person.sponsor else ""
        member = await self._site.sign_in(person.email, person.language, invitation)
        await member.set_profile(person.profile(), key=_key(f"{person.key}-profile"))
        self._members[person.key], self._ids[person.key] = member, member.id
        if portrait := PORTRAITS.get(person.key):
            photo = {"picture": b64encode(drawn(portrait)).decode(), "consent": photos.CONSENT}
            await member.send("members", photos.SHOW_PHOTO, photo, key=_key(f"{person.key}-photo"))

    async def _invitation(self, person: Person) -> str:
        """The end of the link that her sponsor sends her. Another one, for a woman who hasn't opened hers, stays open."""
        sponsor = self._members[person.sponsor]
        made = [await sponsor.send("members", joining.INVITE, key=_key(f"{person.key}-invitation-{number}")) for number in range(2)]
        still_open = {one["id"]: str(one["token"]) for one in (await sponsor.read("members", joining.INVITATIONS))["open"]}
        return still_open.get(made[0], "")

    async def _guarded(self, one: Guarded) -> None:
        key = _key(f"{one.by}-tells-of-{one.of}")
        await self._members[one.by].send("members", safety.REPORT, one.says, key=key, patient=True, member_id=self._ids[one.of])
        self._ids[f"case_{one.of}_{one.by}"] = await self._moderating.case_about(one.of)

    async def _operate(self, verb: str, key: str, *more: str) -> None:
        await operator.of_members(self._stack.database_url("members"), verb, self._ids[key], *more)

    async def _second_address(self, key: str, address: str) -> None:
        """With the code from its mailbox, and a sign-in that is fresh however long the story took."""
        person = next(person for person in PEOPLE if person.key == key)
        member = await self._site.sign_in(person.email, person.language)
        if (await member.read("members", addresses.ADDRESSES))["passed_on"] == address:
            return
        before = len(await self._site.letters(address))
        await member.send("members", addresses.NAME_ADDRESS, {"email": address, "purpose": "passed_on"})
        await member.send("members", addresses.CONFIRM_ADDRESS, {"code": await self._site.code(address, before)})

    async def _allowed(self, moment: Moment, said: Allowed) -> None:
        body = {**said.says, "member_id": self._ids[said.of]} if said.of else said.says
        await self._send(moment, said.by, _OF_REACH[moment.what], body)

    async def _connection(self, moment: Moment, connection: Connection) -> None:
        if moment.what == "connect":
            asked = {
                "recipient_id": self._ids[connection.recipient],
                "how_met": connection.how_met,
                "where_we_met": connection.where,
                "why_now": connection.why,
                "closeness": connection.closeness,
                "met_at": connection.met_at,
                "asks_for": connection.asks_for,
                "recipient_question": next(one.question for one in PEOPLE if one.key == connection.recipient),
                "requester_answer": connection.answer_to_her,
                "nudged": True,  # as whoever sends what the gate would have otherwise
            }
            self._ids[connection.name] = await self._send(moment, connection.requester, connections.ASK, asked)
            return
        who = connection.requester if moment.what in ("withdraw", "reply") else connection.recipient
        bodies: Mapping[str, Mapping[str, Any]] = {
            "accept": {"closeness": connection.her_closeness},
            "question": {"clarifying_question": connection.question},
            "reply": {"clarifying_answer": connection.reply},
            "decline": {"how": connection.kind_answer or ("unknown" if connection.unknown else "quietly")},
        }
        body = bodies.get(moment.what)
        await self._send(moment, who, _TO_A_REQUEST[moment.what], body, request_id=self._ids[connection.name])

    async def _introduction(self, moment: Moment, introduction: Introduction) -> None:
        if moment.what in ("ask", "propose"):
            made = await (self._ask(moment, introduction) if introduction.asker else self._propose(moment, introduction))
            self._ids[introduction.name] = made
            return
        introduction_id = self._ids[introduction.name]
        if moment.what == "vouch":
            vouch = {
                "words_for": self._words(introduction.words),
                "last_spoke": self._words(introduction.last_spoke),
                "show_why_her": introduction.show_why_her,
            }
            await self._send(moment, introduction.voucher, introductions.VOUCH, vouch, introduction_id=introduction_id)
            return
        assert moment.detail is not None  # noqa: S101 — only asks, proposals and vouches have none
        await self._send(
            moment, moment.detail.by, _TO_AN_INTRODUCTION[moment.what], self._body(moment.detail), introduction_id=introduction_id
        )

    def _body(self, said: Said | Outcome | Keeps) -> Mapping[str, Any] | None:
        if isinstance(said, Outcome):
            return {"answer": said.answer, "thank_you": said.thank_you}
        if isinstance(said, Keeps):
            return {"closeness": said.closeness}
        if said.how:
            return {"how" if said.what == "decline" else "reason": said.how}
        if said.words:
            return {"words_for": self._words(said.words)}
        if said.text:
            return {"correction": said.text}
        return {} if _TO_AN_INTRODUCTION[said.what].body else None

    async def _ask(self, moment: Moment, introduction: Introduction) -> Any:
        asker = str(introduction.asker)
        counterpart = next(side for side in introduction.sides if side != asker)
        words = {"why_her": introduction.why_her, "days": introduction.days}
        body = {"voucher_id": self._ids[introduction.voucher], "counterpart_id": self._ids[counterpart], **words}
        return await self._send(moment, asker, introductions.ASK, body)

    async def _propose(self, moment: Moment, introduction: Introduction) -> Any:
        body = {
            "side_ids": [self._ids[side] for side in introduction.sides],
            "words_for": self._words(introduction.words),
            "last_spoke": self._words(introduction.last_spoke),
        }
        return await self._send(moment, introduction.voucher, introductions.PROPOSE, body)

    async def _need(self, moment: Moment, need: Need) -> None:
        answer = f"{need.name}_{need.counterpart}"
        if moment.what == "ask":
            asked = {"voucher_id": self._ids[need.voucher], "looking_for": need.looking_for}
            self._ids[need.name] = await self._send(moment, need.asker, needs.ASK_NEED, asked)
        elif moment.what == "answer":
            body = {"counterpart_id": self._ids[need.counterpart], "words_for": self._words(need.words), "show_need": True}
            self._ids[answer] = await self._send(moment, need.voucher, needs.ANSWER_NEED, body, need_id=self._ids[need.name])
        elif moment.what == "decline":
            await self._send(moment, need.voucher, needs.DECLINE_NEED, need_id=self._ids[need.name])
        else:
            await self._send(moment, need.counterpart, introductions.CONFIRM, introduction_id=self._ids[answer])

    async def _send(self, moment: Moment, who: str, route: CommandRoute, body: Mapping[str, Any] | None = None, **ids: str) -> Any:
        return await self._members[who].send("requests", route, body, key=_key(moment.key), patient=True, **ids)

    def _words(self, words: Mapping[str, str]) -> dict[str, str]:
        return {self._ids[side]: text for side, text in words.items()}


def _days(person: Person) -> set[int]:
    """Days ago that she comes: whoever isn't new is here before the story begins, and again as it does, for her session is over by then."""
    return {person.joined, EARLIER} if person.joined == FIRST_DAY and person.key not in NEW else {person.joined}


def _key(name: str) -> str:
    return str(uuid5(_KEYS, name))
