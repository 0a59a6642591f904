"""How a feature says what it does with which event.

    handlers = Handlers()

    @handlers.consumes(MemberJoined)
    async def keep_member(event: MemberJoined, tx: Tx) -> None: ...

A handler runs in a transaction in which its event is claimed; both commit, or neither. It may run again after a failure,
and events may come in any order: what is older than applied is ignored by comparing the aggregate's version.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

from shared.contracts.events.base import Event
from shared.contracts.events.heard import HEARS
from shared.postgres.database import Tx

E = TypeVar("E", bound=Event)
One = Callable[[E, Tx], Awaitable[None]]
Many = Callable[[list[E], Tx], Awaitable[None]]


class NotYetKnown(Exception):
    """A row that the handler needs isn't there yet: the event is tried again for 24 hours, then it is a dead letter."""


class CannotHandle(Exception):
    """This event can never be handled: a dead letter at once. Its text is shown to operators, so it quotes nothing private."""


class Handlers:
    """Handlers by the type of their event. Raises ValueError if one event gets two."""

    def __init__(self) -> None:
        self._handlers: dict[str, Many[Any]] = {}
        self._in_lists: set[str] = set()

    def consumes(self, *kinds: type[E]) -> Callable[[One[E]], One[E]]:
        """Let the decorated `async handler(event, tx)` handle events of these types, one by one."""

        def register(handler: One[E]) -> One[E]:
            async def each(events: list[E], tx: Tx) -> None:
                for event in events:
                    await handler(event, tx)

            for kind in kinds:
                self._register(kind.type, each)
            return handler

        return register

    def consumes_many(self, *kinds: type[E]) -> Callable[[Many[E]], Many[E]]:
        """Let the decorated `async handler(events, tx)` handle events of these types many at a time, in the order they came.

        If it raises, its events are handed to it again one by one, each in a transaction of its own.
        """

        def register(handler: Many[E]) -> Many[E]:
            for kind in kinds:
                self._register(kind.type, handler)
                self._in_lists.add(kind.type)
            return handler

        return register

    def _register(self, kind: str, handler: Many[Any]) -> None:
        if kind in self._handlers:
            raise ValueError(f"{kind} has two handlers")
        self._handlers[kind] = handler

    def include(self, other: "Handlers") -> None:
        """Take over the handlers of another."""
        for kind, handler in other._handlers.items():
            self._register(kind, handler)
        self._in_lists |= other._in_lists

    @property
    def types(self) -> frozenset[str]:
        """The types of events that are handled."""
        return frozenset(self._handlers)

    def in_lists(self, kind: str) -> bool:
        """Whether events of that type are handed over many at a time."""
        return kind in self._in_lists

    async def handle(self, events: Sequence[Event], tx: Tx) -> None:
        """Hand events of one type to their handler."""
        await self._handlers[events[0].type](list(events), tx)


def of_service(service: str, parts: Iterable[Handlers]) -> Handlers:
    """All handlers of a service. Raises ValueError unless they are for exactly the events it hears."""
    together = Handlers()
    for part in parts:
        together.include(part)
    heard = {kind.type for kind in HEARS[service]}
    if unhandled := heard - together.types:
        raise ValueError(f"{service} has no handler of {', '.join(sorted(unhandled))}")
    if unheard := together.types - heard:
        raise ValueError(f"{service} doesn't hear {', '.join(sorted(unheard))}: see shared/contracts/events/heard.py")
    return together
