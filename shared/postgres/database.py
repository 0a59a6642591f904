"""PostgreSQL through asyncpg: pools, transactions, and which errors mean that the database is down."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg

from shared.postgres import servers
from shared.sockets import ASKED_AFTER_SECONDS, SILENT_SECONDS, UNANSWERED, notice_silence
from shared.telemetry.logs import log

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]
else:
    Pool = asyncpg.Pool
    Connection = asyncpg.Connection

Tx: TypeAlias = Connection
"""A connection within a transaction: what is done with it commits as one."""

ACQUIRE_SECONDS = 5.0
COMMAND_SECONDS = 30.0
SESSION = {
    # A command waits its turn at a pair or a member, but not with a connection of the pool for as long as somebody is stuck there.
    "lock_timeout": "1s",
    # A process that hangs in the middle of a transaction holds up nobody for long.
    "idle_in_transaction_session_timeout": "10s",
    "jit": "off",
    "timezone": "UTC",
}
"""What holds for every connection of every api and worker. A lock that isn't had in time is TRANSIENT."""

_NOTICE_SILENCE = {
    "tcp_keepalives_idle": str(ASKED_AFTER_SECONDS),
    "tcp_keepalives_interval": str(ASKED_AFTER_SECONDS),
    "tcp_keepalives_count": str(UNANSWERED),
    "tcp_user_timeout": f"{SILENT_SECONDS}s",
    "client_connection_check_interval": f"{ASKED_AFTER_SECONDS}s",
}
"""The server's end of every connection: a client that is cut off keeps no lock, and no statement runs on for it."""

AfterCommit = Callable[[Pool], Awaitable[None]]


class DatabaseDown(ConnectionError):
    """The database can't be reached, or went away in the middle of something."""


UNAVAILABLE: tuple[type[Exception], ...] = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    # What asyncpg raises if a statement meets a connection that is just being lost.
    asyncpg.InternalClientError,
)
"""What means "the database is down, or too busy": nothing is wrong with the request, which may come again."""

TRANSIENT: tuple[type[Exception], ...] = (
    *UNAVAILABLE,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)
"""What may well succeed when the whole transaction is tried again."""

RETRYABLE: tuple[type[Exception], ...] = (*TRANSIENT, asyncpg.InterfaceError, asyncpg.UndefinedTableError)
"""What an endless task outlives: besides what is transient, a connection that is no longer there and a schema that isn't yet."""

_after_commit: dict[int, dict[AfterCommit, None]] = {}
"""What runs after the open transactions of `transaction()`, by the identity of their connection."""


async def connect(*args: Any, **kwargs: Any) -> Any:
    """`asyncpg.connect` to a server that takes changes; either end notices within 15 s that the other one is cut off.

    Raises DatabaseDown if nothing answers, whatever the operating system calls that.
    """
    kwargs |= {"target_session_attrs": "read-write", "server_settings": {**_NOTICE_SILENCE, **kwargs.get("server_settings", {})}}
    try:
        connection = await servers.connect(*args, **kwargs)
    except OSError as error:
        raise DatabaseDown("no connection to the database") from error
    except asyncpg.InterfaceError as error:
        if isinstance(error.__cause__ or error.__context__, OSError):
            raise DatabaseDown("no connection to the database") from error
        raise
    notice_silence(connection._transport)
    return connection


async def create_pool(url: str, *, size: int = 10, name: str = "madrina") -> Pool:
    """A pool of at most `size` connections, opened when they are first needed: it is made even while the database is down.

    What is done to a session (LISTEN, SET without LOCAL, session locks) would outlive its release: don't.
    """
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        init=_prepare,
        reset=_leave_as_it_is,
        connect=connect,
        timeout=ACQUIRE_SECONDS,
        command_timeout=COMMAND_SECONDS,
        server_settings={"application_name": name, **SESSION},
    )


async def _prepare(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.set_type_codec("jsonb", encoder=_to_json, decoder=_from_json, schema="pg_catalog", format="binary")
    # Rows within a row are read only if their arrays are known.
    await connection.fetchval("select '{}'::uuid[], '{}'::timestamptz[]")


async def _leave_as_it_is(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Spare the round trip that resets the session: nobody here changes one (no LISTEN, no SET but SET LOCAL, no session lock).

    A transaction that was left open is rolled back all the same.
    """


def _to_json(value: Any) -> bytes:
    return b"\x01" + json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _from_json(value: bytes) -> Any:
    return json.loads(value[1:])  # the first byte is the version of the format


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Tx]:
    """One transaction on a connection of the pool: committed at the end of the block, rolled back if it raises.

    Raises one of UNAVAILABLE if the database is down or no connection gets free within 5 s.
    """
    async with pool.acquire(timeout=ACQUIRE_SECONDS) as connection:
        after: dict[AfterCommit, None] = {}
        _after_commit[id(connection)] = after
        try:
            async with connection.transaction():
                yield connection
        except asyncpg.ReadOnlySQLTransactionError:
            # The server has become a standby, or is being kept still: its connections would go on answering just this.
            await pool.expire_connections()
            raise
        except asyncpg.InterfaceError as error:
            if _lost(connection):
                raise DatabaseDown("the connection was lost") from error
            raise
        finally:
            del _after_commit[id(connection)]
    for work in after:
        try:
            await work(pool)
        except Exception as error:  # the transaction is committed: its caller must not hear otherwise
            log.warning("after_commit.failed", error=error)


def _lost(connection: Connection) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool took it back when the server hung up
        return True


def after_commit(tx: Tx, work: AfterCommit) -> bool:
    """Let `work(pool)` run once after this transaction of `transaction()` has committed; False if `tx` is another's.

    The same work asked for twice runs once. It may be lost with the process, so nothing may depend on it but speed.
    """
    waiting = _after_commit.get(id(tx))
    if waiting is None:
        return False
    waiting[work] = None
    return True
