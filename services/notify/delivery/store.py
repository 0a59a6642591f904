"""The table `mail_server`: one row, so that all workers pause together and a new one knows of it. Times are the database's clock."""

from dataclasses import dataclass

from services.notify.delivery.domain import pause
from services.notify.queue.domain import Why
from shared.backoff import spread
from shared.postgres.database import Connection, Pool, transaction

_READ = "select why, reason, failures, extract(epoch from try_at - clock_timestamp())::float8 as seconds from mail_server"


@dataclass(frozen=True, slots=True)
class Standing:
    """Why letters don't leave (None if they do), the reason as a code, failures in a row, and seconds until one may be tried."""

    why: Why | None = None
    reason: str = ""
    failures: int = 0
    seconds: float = 0


async def standing(database: Pool | Connection) -> Standing:
    """How we stand with the mail server."""
    return await _read(database, _READ)


async def fail(pool: Pool, why: Why, reason: str, *, was_trying: bool) -> Standing:
    """Pause for that cause. If a pause is on already, only the worker who tried a letter in it (`was_trying`) prolongs it."""
    async with transaction(pool) as tx:
        before = await _read(tx, f"{_READ} for update")
        if before.why and not was_trying:
            return before
        failures = before.failures + 1 if before.why == why else 1
        seconds = spread(pause(why, failures))
        await tx.execute(
            "update mail_server set why = $1, reason = $2, failures = $3, try_at = clock_timestamp() + make_interval(secs => $4)",
            why,
            reason,
            failures,
            seconds,
        )
        return Standing(why, reason, failures, seconds)


async def take_turn(pool: Pool, why: Why, failures: int) -> bool:
    """True if this worker, and no other, may try one letter now; the next turn comes after as long a pause again."""
    done = await pool.execute(
        "update mail_server set try_at = clock_timestamp() + make_interval(secs => $1)"
        " where why is not null and try_at <= clock_timestamp()",
        spread(pause(why, failures)),
    )
    return done == "UPDATE 1"


async def hurry(pool: Pool) -> None:
    """The next turn comes now."""
    await pool.execute("update mail_server set try_at = clock_timestamp() where try_at > clock_timestamp()")


async def go_on(pool: Pool) -> None:
    """Letters leave again."""
    await pool.execute("update mail_server set why = null, reason = '', failures = 0 where why is not null")


async def _read(database: Pool | Connection, statement: str) -> Standing:
    row = await database.fetchrow(statement)
    return Standing(*row) if row else Standing()
