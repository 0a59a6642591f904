"""What a feature of a service does with events and time, as one value. The service's `worker.py` lists its features.

FEATURE = Feature("connections", handlers=handlers, timers=timers, on_erase=end_all_of, tables=("connections",), export=hers, retain=(...))
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.messaging.registry import Handlers
from shared.postgres.database import Pool, Tx

Work = Callable[[Pool], Awaitable[None]]
OnMember = Callable[[Tx, UUID, datetime], Awaitable[None]]
"""`async on_erase(tx, member_id, at)`."""
OnBlock = Callable[[Tx, UUID, UUID, datetime], Awaitable[None]]
"""`async on_block(tx, blocker_id, blocked_id, at)`."""
Sections = Mapping[str, Sequence[Mapping[str, Any]]]
"""What a feature keeps of a member: by a name that she understands, things with their fields, all of which JSON can say."""
Export = Callable[[Tx, UUID], Awaitable[Sections]]
"""`async export(tx, member_id)`: her own words and edges, and what others wrote to her as her pages show it to her. Never another's
address, closeness or private words, nor anything by which a hidden no differs from silence."""


async def nothing(tx: Tx, member_id: UUID) -> Sections:
    """The export of a feature that keeps nothing of hers that she could read, or only what another feature exports."""
    return {}


async def found(tx: Tx, member_id: UUID, **statements: str) -> Sections:
    """The rows that each of these statements finds for her, who is `$1`."""
    return {name: [dict(row) for row in await tx.fetch(statement, member_id)] for name, statement in statements.items()}


@dataclass(frozen=True)
class Retained:
    """A row of the record of processing: what is kept, why, for how long, and who sees it.

    `for_how_long` is the very time after which a timer deletes it, or says in words what ends it.
    """

    what: str
    why: str
    for_how_long: timedelta | str
    who_sees: str


UNTIL_ERASED = "until she is erased"


@dataclass(frozen=True)
class Timer:
    """`work(pool)`, awaited again and again with `every_seconds` between its end and its next start; what it raises is logged.

    It starts first once the worker has run for `after_seconds`. A work may be endless: then it only starts again if it raised.
    """

    name: str
    every_seconds: float
    work: Work
    after_seconds: float = 0.0


@dataclass(frozen=True)
class Feature:
    """Handlers of the events it hears itself, its timers, and its part when a member's place changes.

    The four run in the transaction that keeps the change in this service's copy of members (`member_copy.py`), once a change:
    `on_block` with the pair held, `on_suspend` and `on_reinstate` with the change in her row, `on_erase` with her row locked
    and marked, just before her card is blanked. `tables` are the feature's own with a member's id in them; `on_erase`
    answers for them, `export` gives what is hers of them, and `retain` says how long each kind of thing stays.
    """

    name: str
    handlers: Handlers = field(default_factory=Handlers)
    timers: Sequence[Timer] = ()
    on_block: OnBlock | None = None
    on_suspend: OnMember | None = None
    on_reinstate: OnMember | None = None
    on_erase: OnMember | None = None
    tables: tuple[str, ...] = ()
    export: Export | None = None
    retain: tuple[Retained, ...] = ()
