"""Ana, Vera and Carla around the real api: Vera knows both well; Ana and Carla don't know each other."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from services.requests.introductions import timers
from tests.requests_service.introductions.examples import WHY
from tests.requests_service.world import World, ok

ROOT = "/v1/introductions"
ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
WORDS = "She has sorted an archive like the one you asked me about."
CORRECTION = "I left that archive in June, and advise it now."
CORRECTED = "She advises the archive that you asked me about, since June."


@dataclass
class Circle:
    """The three, and what they do with introductions."""

    world: World
    ana: UUID
    vera: UUID
    carla: UUID

    @property
    def three(self) -> tuple[UUID, UUID, UUID]:
        return self.ana, self.vera, self.carla

    async def ask(self, asker: UUID | None = None, voucher: UUID | None = None, counterpart: UUID | None = None) -> httpx.Response:
        body = {"voucher_id": str(voucher or self.vera), "counterpart_id": str(counterpart or self.carla), "why_her": WHY}
        return await self.world.post(asker or self.ana, f"{ROOT}/asks", body)

    async def propose(self, one: UUID | None = None, other: UUID | None = None, voucher: UUID | None = None) -> httpx.Response:
        sides = [str(one or self.ana), str(other or self.carla)]
        return await self.world.post(
            voucher or self.vera, f"{ROOT}/proposals", {"side_ids": sides, "words_for": dict.fromkeys(sides, WORDS)}
        )

    async def vouch(
        self, id_: str, *, by: UUID | None = None, sides: tuple[UUID, ...] | None = None, show: bool = False, key: str | None = None
    ) -> httpx.Response:
        words_for = {str(side): WORDS for side in sides or (self.ana, self.carla)}
        return await self.world.post(by or self.vera, f"{ROOT}/{id_}/vouch", {"words_for": words_for, "show_why_her": show}, key=key)

    async def ask_correction(self, member: UUID, id_: str, correction: str = CORRECTION) -> httpx.Response:
        return await self.world.post(member, f"{ROOT}/{id_}/correction", {"correction": correction})

    async def correct(self, id_: str, words: str = CORRECTED) -> httpx.Response:
        """Vera writes other words for both."""
        return await self.world.post(self.vera, f"{ROOT}/{id_}/words", {"words_for": {str(side): words for side in (self.ana, self.carla)}})

    async def do(self, member: UUID, id_: str, command: str, key: str | None = None) -> httpx.Response:
        """`confirm`, `pass`, `decline`, `withdraw` or `withdraw-vouch`."""
        return await self.world.post(member, f"{ROOT}/{id_}/{command}", key=key)

    async def say(self, member: UUID, id_: str, answer: str, **more: Any) -> httpx.Response:
        return await self.world.post(member, f"{ROOT}/{id_}/outcome", {"answer": answer, **more})

    async def read(self, member: UUID, id_: str) -> httpx.Response:
        return await self.world.get(member, f"{ROOT}/{id_}")

    async def exclude(self, member: UUID, other: UUID) -> None:
        ok(await self.world.post(member, "/v1/reach/exclusions", {"member_id": str(other)}), 201)

    async def asked(self) -> str:
        """Ana has asked; the introduction's id."""
        return str(ok(await self.ask(), 201)["id"])

    async def vouched(self, *, show: bool = False) -> str:
        """Ana has asked, Vera vouched."""
        id_ = await self.asked()
        ok(await self.vouch(id_, show=show))
        return id_

    async def proposed(self) -> str:
        """Vera has proposed Ana and Carla."""
        return str(ok(await self.propose(), 201)["id"])

    async def confirmed(self) -> str:
        """Ana has asked, Vera vouched, Carla said yes."""
        id_ = await self.vouched()
        ok(await self.do(self.carla, id_, "confirm"))
        return id_

    async def pass_time(self) -> None:
        """Let the timers run once."""
        for timer in timers.TIMERS:
            await timer.work(self.world.pool)

    async def until(self, at: datetime) -> None:
        """Move the clock on to `at` and let the timers run."""
        self.world.clock.at = at
        await self.pass_time()

    async def told(self, *names: str) -> list[Any]:
        """The events about introductions of theirs that are stored so far, or those of these names."""
        theirs = {str(id_) for id_ in self.three}
        found = [event for event in await self.world.told() if not type(event).__name__.startswith("Connection")]
        hers = [event for event in found if theirs & set(re.findall(ID, event.model_dump_json(exclude={"id"})))]
        return [event for event in hers if not names or type(event).__name__ in names]


async def make(world: World) -> Circle:
    """The three, connected through Vera."""
    ana, vera, carla = await world.join("Ana", "Vera", "Carla")
    await world.connect(ana, vera)
    await world.connect(vera, carla)
    return Circle(world, ana, vera, carla)


NOT_THE_COMMANDS = ("RESET ALL", "typeinfo_tree", "set_config('jit'", "notify outbox")


@asynccontextmanager
async def statements(world: World) -> AsyncIterator[list[str]]:
    """The texts of all statements that the api runs meanwhile."""
    seen: list[str] = []

    def keep(query: asyncpg.connection.LoggedQuery) -> None:
        if not any(mark in query.query for mark in NOT_THE_COMMANDS):
            seen.append(query.query)

    held = [await world.pool.acquire() for _ in range(world.pool.get_max_size())]
    for connection in held:
        connection.add_query_logger(keep)
    for connection in held:
        await world.pool.release(connection)
    try:
        yield seen
    finally:
        held = [await world.pool.acquire() for _ in range(world.pool.get_max_size())]
        for connection in held:
            connection.remove_query_logger(keep)
        for connection in held:
            await world.pool.release(connection)
