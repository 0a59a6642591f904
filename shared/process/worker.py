"""A service's worker: consumers, relay and timers in one process, with a port for its health."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from shared.http import idempotency
from shared.messaging import dead_letters, metrics, registry, retention, topology
from shared.messaging.feature import Feature, Timer
from shared.messaging.processor import Delivery, EventProcessor
from shared.messaging.runtime import MessagingRuntime
from shared.messaging.subscriber import ConsumerGone
from shared.postgres.database import UNAVAILABLE, Pool, create_pool
from shared.postgres.version import migrated
from shared.process import start
from shared.process.settings import WorkerSettings
from shared.readiness import Check
from shared.telemetry.logs import log
from shared.telemetry.traces import following

EXIT_GAVE_UP = 70
"""The exit status of a worker that only a new process can help (EX_SOFTWARE of sysexits.h)."""


class Worker:
    """The worker of the service `name`.

    It starts whether or not the database and the broker are there, and works once they are. Raises ValueError if the
    features' handlers aren't for exactly the events that the service hears.
    """

    def __init__(
        self,
        name: str,
        settings: WorkerSettings,
        *,
        features: Sequence[Feature] = (),
        relay: bool | None = None,
    ) -> None:
        self.name, self.features, self._settings = name, features, settings
        self._handlers = registry.of_service(name, [feature.handlers for feature in features])
        upkeep = [*retention.FEATURE.timers, *idempotency.TIMERS, Timer("dead_letters.replay", 5, self._replay)]
        self._timers = [*upkeep, *(timer for feature in features for timer in feature.timers)]
        self._relays = bool(topology.PUBLISHES[name]) if relay is None else relay
        self._over = asyncio.Event()
        self._gave_up_because: str | None = None

    async def run(self) -> None:
        """Work and answer health checks until SIGTERM or SIGINT. Raises SystemExit (70) if only a new process can help."""
        async with self.working() as checks:
            await start.until_over(self._over, checks, self._settings)
        if self._gave_up_because:
            raise SystemExit(EXIT_GAVE_UP)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[dict[str, Check]]:
        """All of it but signals and HTTP; gives the checks of `/readyz`. Stops cleanly at the end of the block."""
        settings = self._settings
        url = settings.database_url.get_secret_value()
        pool = await create_pool(url, size=settings.database_pool_size, name=f"{self.name} worker")
        runtime = MessagingRuntime(
            self.name,
            url=settings.nats_url,
            user=settings.nats_user,
            password=settings.nats_password.get_secret_value(),
            relay_from=url if self._relays else None,
            handlers=self._handlers,
            gave_up=self._give_up,
        )

        running = [asyncio.create_task(self._talk(runtime, pool), name="messaging")]
        running += [asyncio.create_task(_again_and_again(timer, pool), name=timer.name) for timer in self._timers]
        log.info("worker.started")
        try:
            yield {"database": migrated(self.name, lambda: pool), "broker": runtime.check}
        finally:
            await runtime.stop()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await _close(pool)
            log.info("worker.stopped", reason=self._gave_up_because)

    async def _talk(self, runtime: MessagingRuntime, pool: Pool) -> None:
        try:
            await runtime.run(pool)
        except* ConsumerGone as group:
            self._give_up(str(group.exceptions[0]))
        except* Exception as group:
            log.error("messaging.failed", exc_info=group)
            self._give_up("messaging failed")

    async def _replay(self, pool: Pool) -> None:
        processor = EventProcessor(self._handlers, pool)
        for dead_id, subject, body in await dead_letters.to_replay(pool):
            # As old as can be: if a row is still missing, its 24 hours are over.
            await processor.replay(dead_id, Delivery(subject, body, datetime.min.replace(tzinfo=UTC)))

    def _give_up(self, reason: str) -> None:
        log.critical("worker.gave_up", reason=reason)
        self._gave_up_because = reason
        self._over.set()


async def _again_and_again(timer: Timer, pool: Pool) -> None:
    await asyncio.sleep(timer.after_seconds)
    down = False
    while True:
        try:
            with following("", ""):
                await timer.work(pool)
            down = False
        except UNAVAILABLE as error:
            if not down:
                log.warning("timer.missed", timer=timer.name, error=error)
            down = True
        except Exception as error:  # a timer never dies: what failed is tried again
            metrics.TIMER_FAILED.labels(timer.name).inc()
            log.error("timer.failed", timer=timer.name, exc_info=error)
        await asyncio.sleep(timer.every_seconds)


async def _close(pool: Pool) -> None:
    try:
        async with asyncio.timeout(5):
            await pool.close()
    except TimeoutError:
        pool.terminate()
