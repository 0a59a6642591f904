"""The numbers of the queue, for `/metrics`. No label carries an id or text."""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge

from services.notify.queue import store
from services.notify.queue.domain import Decision, Letter, Skip
from shared.postgres.database import Pool
from shared.telemetry.logs import log

WRITTEN = Counter("madrina_letters_written", "Letters written", ["kind"])
SKIPPED = Counter("madrina_letters_skipped", "Letters that nobody needed", ["kind", "reason"])
ATTEMPTS = Counter("madrina_letter_attempts", "Attempts to send a letter, by what became of them", ["kind", "state"])
OPEN = Gauge("madrina_letters_open", "Letters that haven't left yet, by state", ["state"])
PARKED = Gauge("madrina_letters_parked", "Letters that may have arrived and wait for a person's decision")


def note(decisions: Iterable[Decision]) -> None:
    """Count what was decided, and log why letters aren't written."""
    for decision in decisions:
        if isinstance(decision, Letter):
            WRITTEN.labels(decision.kind).inc()
        elif isinstance(decision, Skip):
            SKIPPED.labels(decision.kind, decision.reason).inc()
            ids = {"event_id": str(decision.event_id), "recipient_id": str(decision.recipient_id)}
            log.info("letter.skipped", kind=decision.kind, reason=decision.reason, **ids)


async def count(pool: Pool) -> None:
    """Count the letters that haven't left yet."""
    counted = {row["state"]: row for row in await store.counts(pool)}
    for state in ("queued", "sending", "deferred", "unknown"):
        OPEN.labels(state).set(counted[state]["letters"] if state in counted else 0)
    PARKED.set(counted["unknown"]["parked"] if "unknown" in counted else 0)
