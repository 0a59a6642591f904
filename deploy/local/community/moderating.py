"""Plays what moderators had to decide. If it is played again, it goes on from where it was: their log says what is decided."""

from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any

from deploy.local import operator
from deploy.local.client import Member, Site, until
from deploy.local.community.moderated import ANSWER, ANSWERED, ANSWERED_AT, CASES, LONG_AGO, MODERATOR, REPLY, WAITS, WRITTEN, Case
from deploy.local.moderator import case_about, decide
from deploy.local.passkey import with_passkey
from deploy.local.stack import Stack
from shared.contracts.http.members import moderation, public_notices, safety

DAYS = {day for case in CASES for day in (case.told, case.decided, case.read)}


class Moderating:
    """One performance of it; `key` makes a command's key of its name."""

    def __init__(self, stack: Stack, site: Site, members: Mapping[str, Member], key: Callable[[str], str]) -> None:
        self._stack, self._site, self._members, self._key = stack, site, members, key

    async def on(self, day: int) -> None:
        """What happens on that day, when everybody who joins on it is there."""
        if day == LONG_AGO:
            await operator.of_members(self._stack.database_url("members"), "appoint", self._members[MODERATOR].id, "--role", "moderator")
            self._moderator = await with_passkey(self._members[MODERATOR], self._stack.url("web"))
        for number, case in enumerate(CASES):
            if day == case.told:
                await self._tell(case)
            if day == case.decided and len(await self._cases("decided")) <= number:
                await decide(self._moderator, await self._read_whole(case), case.decision)
            if day == case.read:
                await self._read(case, number)
        if day == LONG_AGO:
            await self._reply(REPLY)

    async def _tell(self, case: Case) -> None:
        about = self._members[case.about].id
        if case.by:
            key = self._key(f"{case.by}-tells-of-{case.about}-{case.told}")
            await self._members[case.by].send("members", safety.REPORT, case.says, key=key, member_id=about)
        elif not await self._cases("decided"):
            link = f"{self._stack.url('web')}/m/{about}"
            for kind, words in WRITTEN[len(await self._unanswered()) :]:
                await self._give({"kind": kind, "what_happened": words, "concerns": link, "language": "es"})

    async def _read_whole(self, case: Case) -> str:
        """The case, which she has read with everything that was told: what came later would be another."""
        case_id, told = await self.case_about(case.about), 1 if case.by else len(WRITTEN)

        async def whole() -> bool:
            return len((await self._moderator.read("members", moderation.CASE, case_id=case_id))["reports"]) == told

        await until(whole, every=0.5)  # each look is a line of the log
        return case_id

    async def _read(self, case: Case, number: int) -> None:
        member = self._members[case.about]
        notice = (await self._notices(member))[number]
        await member.send("members", moderation.ACKNOWLEDGE, notice_id=notice)
        if case.appeal:
            key = self._key(f"{case.name}-appeal")
            await member.send("members", moderation.APPEAL, {"appeal": case.appeal}, key=key, notice_id=notice)

    async def end(self) -> Mapping[str, str]:
        """Today's public notices, of which the one that waits is given at last, so that playing it again doesn't answer it; and the ids
        of all of it, by name."""
        if len(await self._cases("notice_answered")) == len(WRITTEN):
            # Not long ago: a letter to an address is sent within days of the machine's time.
            await self._give(ANSWERED)
            await self._reply(ANSWER)
        for _ in range(1 - len(await self._unanswered())):
            await self._give(WAITS)
        ids = {"notice_waiting": (await self._unanswered())[0]["id"], "notice_answered": (await self._cases("notice_answered"))[0]}
        for number, (case, case_id) in enumerate(zip(CASES, await self._cases("decided"), strict=True)):
            notice = (await self._notices(self._members[case.about]))[number]
            ids |= {case.name: case_id, f"decision_{case.about}_{number + 1}": notice}
        letter = await self._site.wait_for_letter(ANSWERED_AT, line="/notice/")
        return {**ids, "receipt": letter["text"].partition("/notice/")[2].split()[0]}

    async def case_about(self, who: str) -> str:
        """The case that waits about one of them."""
        return await case_about(self._moderator, self._members[who].id)

    async def _give(self, notice: Mapping[str, Any]) -> None:
        # Each from a network of her own, as they would be; so none counts for the others' limit.
        await self._site.exchange(public_notices.GIVE_NOTICE, {**notice, "ip": f"2001:db8:{token_hex(2)}::1"})

    async def _reply(self, words: str) -> None:
        for row in await self._unanswered():
            await self._moderator.send("members", public_notices.REPLY, {"reply": words}, public_notice_id=row["id"])

    async def _unanswered(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self._moderator.read("members", public_notices.PUBLIC_NOTICES))["items"]
        return found

    async def _cases(self, action: str) -> list[str]:
        """The cases, or notices, in which that was done, the earliest first."""
        lines = (await self._moderator.read("members", moderation.LOG))["items"]
        return [line["case_id"] for line in reversed(lines) if line["action"] == action]

    @staticmethod
    async def _notices(member: Member) -> list[str]:
        """Decisions about her, the earliest first."""
        return [notice["id"] for notice in reversed((await member.read("members", moderation.NOTICES))["items"])]
