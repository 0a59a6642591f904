"""A process's one connection to the broker, made through FastStream; it never gives up by itself."""

from collections.abc import Awaitable, Callable

from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext

from shared.messaging import topology
from shared.telemetry.logs import log

Callback = Callable[[], Awaitable[None]]

CONNECT_SECONDS = 3
PING_SECONDS = 10


def make(
    url: str,
    user: str,
    password: str,
    *,
    name: str,
    reconnected: Callback | None = None,
    disconnected: Callback | None = None,
    closed: Callback | None = None,
) -> NatsBroker:
    """A broker that isn't connected yet; connecting waits until the server is there, however long that takes.

    `closed` is called when the connection is closed for good, also by a wanted stop: the process should end then.
    """
    return NatsBroker(
        url,
        security=SASLPlaintext(user, password),
        name=name,
        inbox_prefix=topology.inbox_prefix(user),
        connect_timeout=CONNECT_SECONDS,
        reconnect_time_wait=1,
        # The default gives up after 60 tries.
        max_reconnect_attempts=-1,
        ping_interval=PING_SECONDS,
        max_outstanding_pings=2,
        error_cb=_report,
        reconnected_cb=reconnected,
        disconnected_cb=disconnected,
        closed_cb=closed,
        logger=None,
    )


async def _report(error: Exception) -> None:
    log.warning("broker.error", error=error)
