"""Three women, four addresses and time, in any order: the real rows against a model of whose each address is."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.addresses import commands, store
from services.members.addresses.commands import ConfirmAddress, NameAddress, PassOnFirst
from services.members.addresses.domain import UNDO
from services.members.erasure.commands import erase
from shared import clock
from shared.contracts.events.base import parse
from shared.contracts.events.members import AddressSet
from shared.contracts.http.members.addresses import ChangeOver, Purpose, TooManyAddresses
from shared.contracts.http.members.signing_in import CodeExpired
from shared.http.commands import Runner
from shared.http.idempotency import Key
from shared.postgres.database import Pool, create_pool, transaction
from tests.conftest import MakeDatabase

KEY = "c" * 32
ADDRESSES = [f"{letter}@example.com" for letter in "abcdef"]
HER = st.sampled_from(range(3))
ONE = st.sampled_from(ADDRESSES)


@dataclass
class Woman:
    """What the model says of her."""

    id: UUID
    address: str
    passed_on: str | None = None
    waiting: tuple[UUID, str, Purpose, bool] | None = None
    named: int = 0
    version: int = 1
    here: bool = True


@dataclass
class Left:
    """An address that she left, and when."""

    change_id: UUID
    whose: int
    address: str
    passed_on: str | None
    at: datetime


class Addresses(RuleBasedStateMachine):
    """The rows, and what a model says of them."""

    runner: asyncio.Runner
    pool: Pool
    ahead = timedelta()

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def run_as(self, her: Woman, command: Any) -> None:
        self.run(Runner(self.pool, her.id, Key(uuid4().hex, "any order"))(command))

    @initialize()
    def begin(self) -> None:
        type(self).ahead = timedelta()
        self.women = [Woman(uuid4(), ADDRESSES[number]) for number in range(3)]
        self.left: list[Left] = []
        self.run(self._join())

    async def _join(self) -> None:
        await self.pool.execute("delete from accounts; delete from outbox; delete from sign_in_counts")
        for her in self.women:
            await self.pool.execute("insert into accounts values ($1, $2, $2, 1, now())", her.id, her.address)
            await self.pool.execute(
                "insert into profiles (member_id, version, name, headline, organisation, place, languages, language, time_zone, visibility,"
                " joined_at, changed_at) values ($1, 1, 'Ana', '', '', '', '{}', 'en', 'UTC', 'members', now(), now())",
                her.id,
            )

    def taken(self, address: str) -> bool:
        return address in {her.address for her in self.women if her.here} | {left.address for left in self.left}

    @rule(who=HER, address=ONE, purpose=st.sampled_from(["sign_in", "sign_in", "passed_on"]))
    def name(self, who: int, address: str, purpose: Purpose) -> None:
        her = self.women[who]
        if not her.here:
            return
        try:
            self.run_as(her, NameAddress(Address(address, address), purpose, KEY))
        except TooManyAddresses:
            assert her.named == 5
            return
        her.named += 1
        change_id = self.run(self.pool.fetchval("select change_id from address_codes where member_id = $1", her.id))
        her.waiting = (change_id, address, purpose, not self.taken(address))

    @rule(who=HER)
    def confirm(self, who: int) -> None:
        """With the code from the letter, if one has left."""
        her = self.women[who]
        if not her.here or (her.waiting and not her.waiting[3]):
            return
        new = self.run(self._waiting(her.id))
        try:
            self.run_as(her, ConfirmAddress(new.code(KEY) if new else "0" * 16, KEY))
        except CodeExpired:
            if her.waiting:
                _, address, purpose, _ = her.waiting
                assert purpose == "sign_in"
                assert self.taken(address), "another was first"
            return
        assert her.waiting
        change_id, address, purpose, _ = her.waiting
        her.waiting = None
        her.version += 1
        if purpose == "passed_on":
            her.passed_on = None if address == her.address else address
            return
        assert not self.taken(address)
        self.left.append(Left(change_id, who, her.address, her.passed_on, clock.now()))
        her.address, her.passed_on = address, None if her.passed_on == address else her.passed_on

    async def _waiting(self, member_id: UUID) -> Any:
        async with transaction(self.pool) as tx:
            return await store.waiting(tx, member_id)

    @rule(who=HER)
    def pass_on_first(self, who: int) -> None:
        her = self.women[who]
        if her.here:
            self.run_as(her, PassOnFirst())
            her.version += her.passed_on is not None
            her.passed_on = None

    @rule(number=st.integers(0, 3), stop=st.booleans())
    def undo(self, number: int, stop: bool) -> None:
        """By the link of a change that was made, or of one that waits."""
        changes = [her.waiting[0] for her in self.women if her.waiting] if stop else [left.change_id for left in self.left]
        change_id = changes[number] if number < len(changes) else uuid4()
        made = next((left for left in self.left if left.change_id == change_id), None)
        her = self.women[made.whose] if made else next((one for one in self.women if one.waiting and one.waiting[0] == change_id), None)
        try:
            self.run(self._undo(change_id))
        except ChangeOver:
            assert her is None
            return
        assert her
        her.waiting = None
        if made:
            her.address, her.passed_on, her.version = made.address, made.passed_on, her.version + 1
            self.left = [left for left in self.left if left.whose != made.whose or left.at < made.at]

    async def _undo(self, change_id: UUID) -> None:
        async with transaction(self.pool) as tx:
            await commands.undo(tx, change_id)

    @rule(days=st.sampled_from([1, 4, 8]))
    def days_pass(self, days: int) -> None:
        """And the timer does its work; codes live by machine time, which stands still here."""
        type(self).ahead += timedelta(days=days)
        self.run(store.clean(self.pool))
        self.left = [left for left in self.left if clock.now() < left.at + UNDO]

    @rule(who=HER)
    def erase(self, who: int) -> None:
        her = self.women[who]
        if her.here and sum(one.here for one in self.women) > 1:
            self.run(self._erase(her.id))
            her.here, her.waiting = False, None
            self.left = [left for left in self.left if left.whose != who]

    async def _erase(self, member_id: UUID) -> None:
        async with transaction(self.pool) as tx:
            await erase(tx, member_id, clock.now())

    @invariant()
    def each_address_is_whose_the_model_says(self) -> None:
        if hasattr(self, "women"):
            self.run(self._look())

    async def _look(self) -> None:
        async with transaction(self.pool) as tx:
            for address in ADDRESSES:
                whose = next((her.id for her in self.women if her.here and her.address == address), None)
                found, kept_for = await accounts.look_up(tx, Address(address, address))
                assert found == whose, "she alone signs in with it"
                kept = any(left.address == address for left in self.left)
                assert kept_for == kept, "and nobody joins with one that is kept"
                assert await accounts.is_free(tx, Address(address, address)) == (not self.taken(address))
            for her in self.women:
                known = await accounts.addresses_of(tx, her.id)
                assert known == ((her.address, her.passed_on) if her.here else None)
                if her.here:
                    assert await accounts.passed_on_of(tx, her.id) == (her.passed_on or her.address)
                rows = await tx.fetch(
                    "select body from outbox where type = $1 and aggregate_id = $2 and body <> ''", AddressSet.type, her.id
                )
                told = max((parse(row["body"]) for row in rows), key=lambda event: event.aggregate_version, default=None)
                if her.here and her.version > 1:
                    assert isinstance(told, AddressSet)
                    assert (told.address, told.passed_on, told.aggregate_version) == (her.address, her.passed_on, her.version)
            assert await tx.fetchval("select count(*) from former_addresses") == len(self.left)


@pytest.mark.servers
async def test_no_order_gives_an_address_to_two_or_keeps_one_for_nobody(make_database: MakeDatabase) -> None:
    url = await make_database("members")

    async def connected() -> Pool:
        return await create_pool(url, size=1)

    def play() -> None:
        with asyncio.Runner() as runner, patch.object(clock, "now", lambda: clock.machine_now() + Addresses.ahead):
            Addresses.runner, Addresses.pool = runner, runner.run(connected())
            relaxed = settings(
                max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
            )
            run_state_machine_as_test(Addresses, settings=relaxed)
            runner.run(Addresses.pool.close())

    await asyncio.to_thread(play)
