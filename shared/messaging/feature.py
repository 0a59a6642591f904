"""What a feature of a service does with events and time, as one value. The service's `worker.py` lists its features.

FEATURE = Feature("connections", handlers=handlers, timers=timers, on_erase=end_all_of, tables=("connections",))
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.messaging.registry import Handlers
from shared.postgres.database import Pool, Tx

Work = Callable[[Pool], Awaitable[None]]
OnMember = Callable[[Tx, UUID, datetime], Awaitable[None]]
"""`async on_erase(tx, member_id, at)`."""
OnBlock = Callable[[Tx, UUID, UUID, datetime], Awaitable[None]]
"""`async on_block(tx, blocker_id, blocked_id, at)`."""


@dataclass(frozen=True)
class Timer:
    """`work(pool)`, awaited again and again with `every_seconds` between its end and its next start; what it raises is logged.

    A work may be endless: then it only starts again if it raised.
    """

    name: str
    every_seconds: float
    work: Work


@dataclass(frozen=True)
class Feature:
    """Handlers of the events it hears itself, its timers, and its part when a member's place changes.

    The four run in the transaction that keeps the change in this service's copy of members (`member_copy.py`), once a change:
    `on_block` with the pair held, `on_suspend` and `on_reinstate` with the change in her row, `on_erase` with her row locked
    and marked, just before her card is blanked. `tables` are the feature's own with a member's id in them; `on_erase`
    answers for them.
    """

    name: str
    handlers: Handlers = field(default_factory=Handlers)
    timers: Sequence[Timer] = ()
    on_block: OnBlock | None = None
    on_suspend: OnMember | None = None
    on_reinstate: OnMember | None = None
    on_erase: OnMember | None = None
    tables: tuple[str, ...] = ()
