"""Any interleaving of workers, crashes, stalls, blocks and answers, on the real rows, against a model of what left.

The statements are the real ones; the mail server, the workers and the passing of time are the model's.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.notify import worker
from services.notify.queue import claims, store
from services.notify.queue.claims import Claimed
from services.notify.queue.domain import OVER, Deferred, Rejected, Result, Sent, Suppressed, Unknown, Untried, after
from shared.contracts.events.base import Event
from shared.ids import new_id
from shared.messaging import registry
from shared.postgres.database import Connection, create_pool
from tests.conftest import MakeDatabase
from tests.notify import world
from tests.notify.world import ANA, INES

WORKERS = [new_id() for _ in range(2)]
ANSWERS: list[Result] = [Sent(), Deferred("rcpt: 450"), Rejected("rcpt: 550"), Untried("connect: lost", why="connect"), Unknown("words")]


@dataclass
class Left:
    """What the mail server took of one letter."""

    copies: int = 0
    bytes: set[bytes] = field(default_factory=set)


@dataclass
class Holding:
    """One worker with one letter in hand."""

    worker: UUID
    letter: Claimed


class World(RuleBasedStateMachine):
    """The rows, and what a model says of them. A worker that crashes is one from which nothing more comes: its leases run out."""

    runner: asyncio.Runner
    connection: Connection
    held = Bundle("held")
    answered = Bundle("answered")

    @initialize()
    def begin(self) -> None:
        self.left: dict[int, Left] = {}
        self.stopped_for: set[str] = set()
        self.versions: Counter[str] = Counter()
        self.handlers = registry.of_service("notify", [feature.handlers for feature in worker.features(world.SENDER)])
        self.run(self.connection.execute("delete from letters; delete from progress; delete from members; delete from blocks"))
        self.hear(*world.joining(ANA), *world.joining(INES), *world.joining(world.MARTA))
        self.confirmations = 0
        self.confirm()

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def hear(self, *events: Event) -> None:
        async def handle() -> None:
            for event in events:
                async with self.connection.transaction():
                    await self.handlers.handle([event], self.connection)

        self.run(handle())

    def rows(self) -> list[asyncpg.Record]:
        found: list[asyncpg.Record] = self.run(self.connection.fetch("select * from letters order by letter_id"))
        return found

    def row(self, letter_id: int) -> asyncpg.Record:
        return next(row for row in self.rows() if row["letter_id"] == letter_id)

    @precondition(lambda self: self.confirmations < 3)
    @rule()
    def confirm(self) -> None:
        self.confirmations += 1
        self.hear(world.confirmed())

    @rule(target=held, worker=st.sampled_from(WORKERS), most=st.integers(1, 3))
    def claim(self, worker: UUID, most: int) -> Any:
        return multiple(*[Holding(worker, letter) for letter in self.run(claims.claim(self.connection, worker, most, 60))])

    @rule(target=answered, worker=st.sampled_from(WORKERS), answer=st.sampled_from(ANSWERS), took=st.booleans())
    def claim_and_converse(self, worker: UUID, answer: Result, took: bool) -> Any:
        letters = self.run(claims.claim(self.connection, worker, 1, 60))
        return self.converse(Holding(worker, letters[0]), answer, took) if letters else multiple()

    @rule(target=answered, holding=consumes(held), answer=st.sampled_from(ANSWERS), took=st.booleans())
    def converse_late(self, holding: Holding, answer: Result, took: bool) -> Any:
        return self.converse(holding, answer, took)

    def converse(self, holding: Holding, answer: Result, took: bool) -> Any:
        """RCPT, the last look and, if that allows it, DATA: the server may have taken a letter though the worker hears no answer."""
        letter = holding.letter
        found = self.run(claims.last_look(self.connection, holding.worker, [letter.attempt], 5))
        row = self.row(letter.letter_id)
        ours = (row["state"], row["attempts"], row["worker_id"]) == ("sending", letter.attempts, holding.worker)
        assert (letter.letter_id in found) == ours, "a look is for the attempt that has the lease"
        if not ours:
            return multiple()
        if found[letter.letter_id]:
            return (holding, Suppressed(found[letter.letter_id]))
        assert not self.stopped_for, "a letter got past its last look"
        if isinstance(answer, Sent) or (isinstance(answer, Unknown) and took):
            left = self.left.setdefault(letter.letter_id, Left())
            left.copies += 1
            left.bytes.add(letter.message)
        return (holding, answer)

    @rule(ended=consumes(answered))
    def store(self, ended: tuple[Holding, Result]) -> None:
        holding, result = ended
        letter = holding.letter
        status = after(result, unknowns=letter.unknowns, deferrals=letter.deferrals, waited=letter.waited, wait=15)
        before = self.row(letter.letter_id)
        self.run(claims.record(self.connection, [(letter.attempt, status)]))
        if before["attempts"] != letter.attempts:
            assert self.row(letter.letter_id) == before, "a later attempt's row was changed by an earlier one"

    @rule(holding=consumes(held))
    def give_back(self, holding: Holding) -> None:
        self.run(claims.give_back(self.connection, holding.worker, [holding.letter.letter_id]))

    @rule()
    def what_was_rejected_is_sent_again(self) -> None:
        rejected = [row["letter_id"] for row in self.rows() if row["state"] == "rejected"]
        assert self.run(store.send_again(self.connection, rejected)) == len(rejected)

    @rule()
    def leases_run_out(self) -> None:
        async def run_out() -> None:
            await self.connection.execute("update letters set due_at = clock_timestamp() where state = 'sending'")
            async with self.connection.transaction():
                await claims.end_leases(self.connection)

        self.run(run_out())
        self.waits_end()

    @rule()
    def waits_end(self) -> None:
        self.run(self.connection.execute("update letters set due_at = clock_timestamp() where state <> 'sending' and due_at is not null"))

    @rule(suspend=st.booleans())
    def stop_or_let_go_on(self, suspend: bool) -> None:
        what = "suspended" if suspend else "blocked"
        self.versions[what] += 1
        version, stopped = self.versions[what], what in self.stopped_for
        if suspend:
            self.hear(world.reinstated(INES, version) if stopped else world.suspended(INES, version))
        else:
            self.hear(world.unblocked(ANA, INES, version) if stopped else world.blocked(ANA, INES, version))
        self.stopped_for ^= {what}

    @invariant()
    def what_left_is_what_the_rows_say(self) -> None:
        for row in self.rows() if hasattr(self, "left") else []:
            left = self.left.get(row["letter_id"], Left())
            assert left.copies <= 2
            assert len(left.bytes) <= 1, "two copies that differ"
            assert left.copies < 2 or row["unknowns"] >= 1 or row["state"] == "sending", "a second copy without an unknown first attempt"
            assert row["state"] != "sent" or left.copies >= 1, "recorded as sent, and never left"
            assert (row["message"] is None) == (row["state"] in OVER)
            assert (row["address"] is None) == (row["message"] is None)
            assert row["unknowns"] <= 2
            assert row["unknowns"] < 2 or row["due_at"] is None or row["state"] != "unknown"


async def connected(url: str) -> Connection:
    """One connection, prepared as the worker's are."""
    return await (await create_pool(url, size=1)).acquire()


@pytest.mark.servers
async def test_no_interleaving_sends_what_it_must_not(make_database: MakeDatabase) -> None:
    url = await make_database("notify")

    def play() -> None:
        with asyncio.Runner() as runner:
            connection = runner.run(connected(url))
            World.runner, World.connection = runner, connection
            relaxed = settings(
                max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
            )
            run_state_machine_as_test(World, settings=relaxed)
            runner.run(connection.close())

    await asyncio.to_thread(play)
