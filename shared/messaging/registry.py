"""How a service says what it does with which event.

    handlers = Handlers("requests")

    @handlers.consumes(MemberJoined)
    async def keep_member(event: MemberJoined, tx: Tx) -> None: ...

A handler runs in a transaction in which its event is claimed; both commit, or neither. It may run again after a failure,
and events may come in any order: what is older than applied is ignored by comparing the aggregate's version.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from shared.contracts.events.base import Event
from shared.contracts.events.heard import HEARS
from shared.postgres.database import Connection, Tx

E = TypeVar("E", bound=Event)
One = Callable[[E, Tx], Awaitable[None]]
Many = Callable[[list[E], Connection], Awaitable[None]]


class NotYetKnown(Exception):
    """A row that the handler needs isn't there yet: the event is tried again for 24 hours, then it is a dead letter."""


class CannotHandle(Exception):
    """This event can never be handled: a dead letter at once. `reason` is shown to operators, so it quotes nothing private."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Handlers:
    """What one service does with the events it hears."""

    def __init__(self, service: str) -> None:
        if service not in HEARS:
            raise ValueError(f"no service named {service}: see shared/contracts/events/heard.py")
        self.service = service
        self._handlers: dict[str, Many[Any]] = {}
        self._in_lists: set[str] = set()

    def consumes(self, *kinds: type[E]) -> Callable[[One[E]], One[E]]:
        """Let the decorated `async handler(event, tx)` handle events of these types, one by one."""

        def register(handler: One[E]) -> One[E]:
            async def each(events: list[E], tx: Tx) -> None:
                for event in events:
                    await handler(event, tx)

            for kind in kinds:
                self._register(kind, each)
            return handler

        return register

    def consumes_many(self, *kinds: type[E]) -> Callable[[Many[E]], Many[E]]:
        """Let the decorated `async handler(events, tx)` handle events of these types many at a time, in the order they came.

        Where it raises, its events are handed to it again one by one, each in a transaction of its own.
        """

        def register(handler: Many[E]) -> Many[E]:
            for kind in kinds:
                self._register(kind, handler)
                self._in_lists.add(kind.type)
            return handler

        return register

    def _register(self, kind: type[Event], handler: Many[Any]) -> None:
        if kind not in HEARS[self.service]:
            raise ValueError(f"{self.service} doesn't hear {kind.__name__}: see shared/contracts/events/heard.py")
        if kind.type in self._handlers:
            raise ValueError(f"{self.service} has two handlers of {kind.__name__}")
        self._handlers[kind.type] = handler

    def handles(self, kind: str) -> bool:
        """Whether there is a handler for events of that type."""
        return kind in self._handlers

    def in_lists(self, kind: str) -> bool:
        """Whether events of that type are handed over many at a time."""
        return kind in self._in_lists

    async def handle(self, events: Sequence[Event], tx: Tx) -> None:
        """Hand events of one type to their handler."""
        await self._handlers[events[0].type](list(events), tx)

    def missing(self) -> list[str]:
        """The types that the service hears and has no handler for; a worker refuses to start with any."""
        return [kind.type for kind in HEARS[self.service] if kind.type not in self._handlers]
