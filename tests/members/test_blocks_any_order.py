"""Blocks among four members in any order, with suspensions and erasures: the real rows against a model of who sees whom."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.members.erasure.commands import erase
from services.members.profiles import store as profiles
from services.members.safety import commands, store
from services.members.safety.own import BlockHer, UnblockHer
from shared import clock
from shared.contracts.events.members import MemberBlocked, MemberUnblocked
from shared.http.commands import Runner
from shared.http.idempotency import Key
from shared.paging import Paging
from shared.postgres.database import Pool, create_pool, transaction
from shared.problems import NotFound
from tests.conftest import MakeDatabase

NAMES = ("Ana", "Eva", "Inés", "Olga")
ONE = st.sampled_from(range(len(NAMES)))


class Circle(RuleBasedStateMachine):
    """The rows, and what a model says of them."""

    runner: asyncio.Runner
    pool: Pool

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    async def _do(self, command: Any, *ids: UUID) -> None:
        async with transaction(self.pool) as tx:
            await command(tx, *ids, clock.now())

    @initialize()
    def begin(self) -> None:
        self.ids = [uuid4() for _ in NAMES]
        self.names = dict(zip(self.ids, NAMES, strict=True))
        self.here, self.suspended = set(self.ids), set[UUID]()
        self.blocks: dict[tuple[UUID, UUID], str] = {}
        self.changes = 0
        self.run(self._join())

    async def _join(self) -> None:
        await self.pool.execute("delete from accounts; delete from outbox")
        for id_, name in self.names.items():
            address = f"{id_}@example.com"
            await self.pool.execute("insert into accounts values ($1, $2, $2, 1, now())", id_, address)
            await self.pool.execute(
                "insert into profiles (member_id, version, name, headline, organisation, place, languages, language, time_zone, visibility,"
                " joined_at, changed_at) values ($1, 1, $2, '', '', '', '{}', 'en', 'UTC', 'members', now(), now())",
                id_,
                name,
            )

    def sees(self, one: UUID, other: UUID) -> bool:
        """What the model says."""
        between = {(one, other), (other, one)} & self.blocks.keys()
        return other in self.here and other not in self.suspended and not between

    @rule(by=ONE, whom=ONE)
    def block(self, by: int, whom: int) -> None:
        one, other = self.ids[by], self.ids[whom]
        if one not in self.here:
            return
        can = one != other and (self.sees(one, other) or (one, other) in self.blocks)
        try:
            self.run(Runner(self.pool, one, Key(uuid4().hex, "any order"))(BlockHer(other)))
        except NotFound:
            assert not can
            return
        assert can
        self.changes += (one, other) not in self.blocks
        self.blocks.setdefault((one, other), self.names[other])

    @rule(by=ONE, whom=ONE)
    def unblock(self, by: int, whom: int) -> None:
        one, other = self.ids[by], self.ids[whom]
        if one in self.here:
            self.run(Runner(self.pool, one, Key(uuid4().hex, "any order"))(UnblockHer(other)))
            self.changes += self.blocks.pop((one, other), None) is not None

    @rule(who=ONE)
    def suspend_or_reinstate(self, who: int) -> None:
        her = self.ids[who]
        if her in self.here:
            self.run(self._do(commands.reinstate if her in self.suspended else commands.suspend, her))
            self.suspended ^= {her}

    @rule(who=ONE)
    def erase(self, who: int) -> None:
        her = self.ids[who]
        if her in self.here and len(self.here) > 2:
            self.run(self._do(erase, her))
            self.here -= {her}
            self.suspended -= {her}
            self.blocks = {pair: name for pair, name in self.blocks.items() if her not in pair}

    @rule(who=ONE)
    def rename(self, who: int) -> None:
        """Whoever blocks her goes on knowing her by the name that she had."""
        her = self.ids[who]
        self.names[her] += "!"
        self.run(self.pool.execute("update profiles set name = $2 where member_id = $1", her, self.names[her]))

    @invariant()
    def each_sees_whom_the_model_says_and_lists_whom_she_blocks(self) -> None:
        if hasattr(self, "ids"):
            self.run(self._look())

    async def _look(self) -> None:
        async with transaction(self.pool) as tx:
            for one in self.here:
                seen = await profiles.seen_names(tx, one, self.ids)
                assert seen == {other: self.names[other] for other in self.ids if self.sees(one, other)}
                listed = {row.id: row.name for row in await store.blocks_of(tx, one, Paging())}
                assert listed == {other: name for (blocker, other), name in self.blocks.items() if blocker == one}
            told = "select count(*) from outbox where type = any($1)"
            count = await tx.fetchval(told, [MemberBlocked.type, MemberUnblocked.type])
            assert count == self.changes or (len(self.here) < len(NAMES) and count < self.changes), "each change is told once"
            assert await tx.fetchval("select count(*) from blocks where not active and name <> ''") == 0


@pytest.mark.servers
async def test_no_order_of_blocks_shows_whom_it_should_not(make_database: MakeDatabase) -> None:
    url = await make_database("members")

    async def connected() -> Pool:
        return await create_pool(url, size=1)

    def play() -> None:
        with asyncio.Runner() as runner:
            Circle.runner, Circle.pool = runner, runner.run(connected())
            relaxed = settings(
                max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
            )
            run_state_machine_as_test(Circle, settings=relaxed)
            runner.run(Circle.pool.close())

    await asyncio.to_thread(play)
