"""The stack on which the safety of members is shown: women made for it, and what their services told and wrote for what they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from deploy.local import operator
from deploy.local.client import Member, Site
from deploy.local.passkey import with_passkey
from deploy.local.timeline import Timeline

WOMEN = {"rosa": "Rosa Ibarra", "berta": "Berta Zabala", "mora": "Mora Vidal", "mina": "Mina Sol"}
_PROFILE = {"place": "Bilbao", "languages": ["en"], "language": "en", "time_zone": "Europe/Madrid", "organisation": ""}


@dataclass
class Ground:
    """The stack on which it is shown: its services, its databases by service, its clock's file, and the address of its pages."""

    site: Site
    databases: Mapping[str, str]
    clock_file: Path
    origin: str
    timeline: Timeline = field(default_factory=Timeline)
    women: dict[str, Member] = field(default_factory=dict)
    _read: dict[str, int] = field(default_factory=dict)
    _letters: dict[str, int] = field(default_factory=dict)

    def begin(self, title: str) -> None:
        """The next of the things that are shown."""
        print(f"\n{title}\n")
        self.timeline = Timeline()

    async def rows(self, service: str, statement: str, *values: Any) -> list[asyncpg.Record]:
        """What a service's database says, for a look from outside."""
        connection = await asyncpg.connect(self.databases[service])
        try:
            found: list[asyncpg.Record] = await connection.fetch(statement, *values)
        finally:
            await connection.close()
        return found

    async def did(self, words: str) -> None:
        """Note what was done since the last line, and which events about these women were stored for it, from their services' outboxes."""
        self.timeline.note_begun(words)
        told = []
        for service in self.databases:
            after = self._read.get(service, 0)
            for row in await self.rows(service, 'select "position", type, body, stored_at from outbox where "position" > $1', after):
                self._read[service] = max(self._read.get(service, 0), row["position"])
                if any(one.encode() in row["body"] for woman in self.women.values() for one in (woman.id, woman.email)):
                    told.append((row["stored_at"], row["type"]))
        for at, kind in sorted(told):
            self.timeline.note_at(at, f"    event   {kind}")

    async def traces(self, words: str) -> set[str]:
        """The tables of all services in which these words stand, as text or in bytes."""
        found = set()
        for service in self.databases:
            for (table,) in await self.rows(service, "select tablename from pg_tables where schemaname = 'public'"):
                says = f"select from {table} as row where position($1 in row::text) > 0 or position($2 in row::text) > 0 limit 1"
                if await self.rows(service, says, words, words.encode().hex()):
                    found.add(f"{service}.{table}")
        return found

    async def letter(self, to: str, subject: str) -> None:
        """The next letter to her with these words in its subject. Raises Unexpected."""
        email = self.women[to].email
        found = await self.site.wait_for_letter(email, after=self._letters.get(email, 0), containing=subject)
        self._letters[email] = len(await self.site.letters(email))
        self.timeline.note(f"    letter  to {WOMEN[to]}: {found['subject']}")

    async def join(self, key: str, tag: str) -> None:
        """She signs in with a code and writes her profile."""
        member = await self.site.sign_in(f"{key}.{tag}@madrina.test", "en")
        await member.set_profile({**_PROFILE, "name": WOMEN[key], "headline": "Translator", "visibility": "members"})
        self.women[key] = member
        self._letters[member.email] = len(await self.site.letters(member.email))

    async def again(self, key: str) -> Member:
        """She signs in anew, with another code."""
        old = self.women[key]
        member = self.women[key] = await self.site.sign_in(old.email, "en")
        member.id = old.id
        self._letters[member.email] = len(await self.site.letters(member.email))
        return member

    async def appoint(self, key: str) -> None:
        """The operator appoints her a moderator, and she signs in with a passkey, without which nobody is one."""
        member = self.women[key]
        await operator.of_members(self.databases["members"], "appoint", member.id, "--role", "moderator")
        self.women[key] = await with_passkey(member, self.origin)
