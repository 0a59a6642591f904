"""The numbers of the queue, for `/metrics`: how many letters wait, and how many wait for a person."""

from prometheus_client import Gauge

from shared.postgres.database import Pool

OPEN = Gauge("madrina_letters_open", "Letters that haven't left yet, by state", ["state"])
PARKED = Gauge("madrina_letters_parked", "Letters that may have arrived and wait for a person's decision")


async def count(pool: Pool) -> None:
    """Count them now. What has left, most of all there is, isn't looked at."""
    rows = await pool.fetch(
        "select state, count(*) as letters, count(*) filter (where due_at is null) as parked from letters"
        " where message is not null group by state"
    )
    counted = {row["state"]: row for row in rows}
    for state in ("queued", "sending", "deferred", "unknown"):
        OPEN.labels(state).set(counted[state]["letters"] if state in counted else 0)
    PARKED.set(counted["unknown"]["parked"] if "unknown" in counted else 0)
