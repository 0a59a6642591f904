"""Nothing is kept longer than it is needed: expired words, sent events, claims, dead letters."""

from datetime import timedelta

from shared.messaging import dead_letters, metrics
from shared.messaging.feature import Feature, Retained, Timer
from shared.postgres.database import Pool

OUTBOX, INBOX, RESOLVED, OPEN = (timedelta(days=days) for days in (30, 45, 30, 90))


async def blank_expired(pool: Pool) -> None:
    """Empty the bodies of private events that have expired; a timer's work."""
    for table, more in (("outbox", ", names = '{}'"), ("dead_letters", "")):
        await pool.execute(f"update {table} set body = ''::bytea{more} where expires_at <= clock_timestamp() and body <> ''::bytea")


async def count(pool: Pool) -> None:
    """Refresh the numbers an operator watches; a timer's work."""
    metrics.PARKED.set(await pool.fetchval("select count(*) from outbox where parked_at is not null and parked_reason <> 'expired'"))
    metrics.AGAIN.set(await pool.fetchval("select count(*) from outbox_again"))
    metrics.UNKNOWN.set(await pool.fetchval("select coalesce(sum(unknown_until - unknown_after), 0) from relay_streams"))
    metrics.OPEN_DEAD_LETTERS.set(await pool.fetchval("select count(*) from dead_letters where resolved_at is null"))


async def clean(pool: Pool) -> None:
    """Delete sent events after 30 days, claims after 45 and resolved dead letters after 30; close open ones after 90. A timer's work.

    Claims outlive streams (7 days) and sent rows, so nothing that is still on its way can be handled twice.
    """
    await pool.execute(
        "delete from outbox where stored_at < clock_timestamp() - $1::interval and (sent_at is not null or parked_reason = 'expired')",
        OUTBOX,
    )
    await pool.execute(
        "delete from outbox_again as again where not exists"
        " (select from outbox where event_id = again.event_id and body <> ''::bytea and parked_at is null)"
    )
    await pool.execute("delete from inbox where claimed_at < clock_timestamp() - $1::interval", INBOX)
    await dead_letters.close_old(pool, OPEN)
    await pool.execute("delete from dead_letters where resolved_at < clock_timestamp() - $1::interval", RESOLVED)


FEATURE = Feature(
    "messaging",
    timers=(Timer("expired.blank", 30, blank_expired), Timer("messaging.count", 30, count), Timer("messaging.clean", 3600, clean)),
    retain=(
        Retained(
            "what the service told others, once it is sent", "so that what a broker lost is told again", OUTBOX, "operators, without words"
        ),
        Retained("which events it has handled", "to handle each once", INBOX, "operators"),
        Retained(
            "an event it couldn't handle, that nobody has resolved", "so that a person can look into it", OPEN, "operators, without words"
        ),
        Retained("one that is resolved", "to follow what was done", RESOLVED, "operators, without words"),
    ),
)
"""In every service with a database."""
