"""That every service has done its part of an erasure: which still owes it, and for how long, by the machine's time."""

from datetime import timedelta

from prometheus_client import Gauge

from services.members.erasure import store
from shared.contracts.events.base import MemberEvent
from shared.contracts.events.heard import ERASURE_DONE
from shared.messaging.registry import Handlers
from shared.postgres.database import Pool, Tx
from shared.telemetry.logs import log

KEPT = timedelta(days=30)
LATE = timedelta(days=1)
LAGGING = Gauge("madrina_erasures_lagging", "Erasures for which a service has owed its part for a day", ["service"])

handlers = Handlers()


async def watch(pool: Pool) -> None:
    """Say which services lag, without saying for whom, and forget what was done long ago; an hourly timer's work."""
    late = [row["service"] for row in await store.undone(pool, LATE)]
    for service in ERASURE_DONE:
        LAGGING.labels(service).set(late.count(service))
        if service in late:
            log.warning("erasure.lags", service=service, members=late.count(service))
    await store.forget_done(pool, KEPT)


async def note(event: MemberEvent, tx: Tx) -> None:
    """That service has done its part."""
    await store.done(tx, event.member_id, event.publisher)


for kind in ERASURE_DONE.values():
    handlers.consumes(kind)(note)
