"""The numbers of the queue, for `/metrics`. No label carries an id or text, or tells one letter of members' doings from another."""

from collections.abc import Iterable
from typing import get_args

from prometheus_client import Counter, Gauge

from services.notify.queue import store
from services.notify.queue.domain import URGENT, Decision, Letter, Why
from shared.postgres.database import Pool

WRITTEN = Counter("madrina_letters_written", "Letters written", ["priority"])
ATTEMPTS = Counter("madrina_letter_attempts", "Attempts to send a letter, by what became of them", ["priority", "state"])
OPEN = Gauge("madrina_letters_open", "Letters that haven't left yet, by state", ["state"])
MAIL_SERVER_UP = Gauge("madrina_mail_server_up", "0 for the cause for which no letter leaves, 1 for every other one", ["why"])
PARKED = Gauge("madrina_letters_parked", "Letters that may have arrived and wait for a person's decision")
for why in get_args(Why):
    MAIL_SERVER_UP.labels(why).set(1)


def label(priority: int) -> str:
    """Codes are `urgent`, all else is `ordinary`: more than that is nobody's business."""
    return "urgent" if priority == URGENT else "ordinary"


def note(decisions: Iterable[Decision]) -> None:
    """Count the letters among them. Why a letter isn't written is said nowhere: whoever said no gets none."""
    for decision in decisions:
        if isinstance(decision, Letter):
            WRITTEN.labels(label(decision.priority)).inc()


async def count(pool: Pool) -> None:
    """Count the letters that haven't left yet."""
    counted = {row["state"]: row for row in await store.counts(pool)}
    for state in ("queued", "sending", "deferred", "unknown"):
        OPEN.labels(state).set(counted[state]["letters"] if state in counted else 0)
    PARKED.set(counted["unknown"]["parked"] if "unknown" in counted else 0)
