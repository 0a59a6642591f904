"""The one runner of commands.

A command says what it loads, and a pure decision on it. The runner claims its idempotency key, loads with locks, decides,
saves rows and events, and commits: all of it in one transaction, or none.
"""

import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic_core import to_json

from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.http.base import Body, CommandRoute, Created
from shared.http import idempotency
from shared.http.idempotency import IdempotencyKey
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.messaging import outbox
from shared.postgres.database import Pool, Tx, transaction
from shared.problems import NotSignedIn

Loaded = TypeVar("Loaded")
Row = TypeVar("Row")


class Command(Protocol[Loaded, Row]):
    """A frozen dataclass of what was sent. The member who sent it is `me`."""

    async def load(self, tx: Tx, me: UUID) -> Loaded:
        """Everything the decision needs, locked against whatever could change it. Raises NotFound."""

    def decide(self, loaded: Loaded, me: UUID, at: datetime) -> tuple[Row, list[Event]]:
        """What is to be saved, and what others hear of it. Pure. Raises what stands in the way, as a Problem."""

    async def save(self, tx: Tx, loaded: Loaded, row: Row) -> None:
        """Keep what was decided."""


class HasId(Protocol):
    """A row that a command may have made."""

    @property
    def id(self) -> UUID: ...


Made = TypeVar("Made", bound=HasId)


@dataclass(frozen=True)
class Runner:
    """Runs the command of one request. Raises NotSignedIn if she is gone, IdempotencyKeyReused, and what the command raises."""

    pool: Pool
    me: UUID
    key: IdempotencyKey
    hold: Callable[[Tx, UUID], Awaitable[bool]] | None = None

    async def __call__(self, command: Command[Any, Any]) -> None:
        """Run a command that answers 204."""
        async with transaction(self.pool) as tx:
            if await self._claim(tx, command) is None:
                await self._run(tx, command)

    async def create(self, command: Command[Loaded, Made]) -> Created:
        """Run a command that answers 201 with the id of what it made."""
        async with transaction(self.pool) as tx:
            first = await self._claim(tx, command)
            if first and first.created_id:
                return Created(id=first.created_id)
            made = await self._run(tx, command)
            await idempotency.keep_id(tx, self.me, self.key, made.id)
            return Created(id=made.id)

    async def _claim(self, tx: Tx, command: Command[Any, Any]) -> idempotency.First | None:
        # Her token may be older than her erasure, after which nothing of hers may be written any more.
        if self.hold and not await self.hold(tx, self.me):
            raise NotSignedIn
        return await idempotency.claim(tx, self.me, self.key, to_json(command))

    async def _run(self, tx: Tx, command: Command[Loaded, Row]) -> Row:
        loaded = await command.load(tx, self.me)
        row, events = command.decide(loaded, self.me, clock.now())
        await command.save(tx, loaded, row)
        await outbox.put(tx, *events)
        return row


async def _runner(request: Request, pool: Pool_, me: CurrentMember, key: IdempotencyKey) -> Runner:
    return Runner(pool, me, key, getattr(request.app.state, "hold", None))


Run = Annotated[Runner, Depends(_runner)]
"""The runner of a route's command: `await run(Confirm(introduction_id))`."""


def runs(router: APIRouter, route: CommandRoute, command: Callable[..., Command[Any, Any]]) -> None:
    """Serve a route that does nothing but run this command, made of the ids of its path and the fields of its body, by their names.

    Raises TypeError if it isn't made of these.
    """
    ids: dict[str, Any] = dict.fromkeys(re.findall(r"{(\w+)}", route.path), UUID)
    fields = list(route.body.model_fields) if route.body else []
    inspect.signature(command).bind(**dict.fromkeys([*ids, *fields]))

    async def handler(run: Runner, body: Body | None = None, **sent: UUID) -> Created | None:
        made = command(**sent, **{name: getattr(body, name) for name in fields})
        if route.creates:
            return await run.create(made)
        await run(made)
        return None

    takes = ids | ({"body": route.body} if route.body else {}) | {"run": Run}
    made_of = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in takes.items()]
    handler.__name__ = re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()
    handler.__doc__ = command.__doc__
    vars(handler)["__signature__"] = inspect.Signature(made_of)
    serve(router, route)(handler)
