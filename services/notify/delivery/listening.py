"""Hears that there are new letters, from whatever process, and looks by itself every poll where nobody says anything."""

import asyncio
from contextlib import suppress
from typing import Any

from services.notify.delivery.trouble import TROUBLE
from services.notify.waking import CHANNEL
from shared.postgres.database import connect
from shared.telemetry.logs import log


class Listening:
    """`wait()` returns when letters were announced since the last `heard()`, or when `poll` seconds are over."""

    def __init__(self, database_url: str, poll: float) -> None:
        self._url, self._poll = database_url, poll
        self._announced = asyncio.Event()

    def heard(self) -> None:
        """Whatever was announced so far is about to be looked for."""
        self._announced.clear()

    async def wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._poll):
                await self._announced.wait()

    async def run(self) -> None:
        """Listen until cancelled; a connection that is lost is replaced."""
        while True:
            try:
                await self._listen()
            except TROUBLE as error:
                log.warning("letters.listening_failed", error=error)
            await asyncio.sleep(self._poll)

    async def _listen(self) -> None:
        connection = await connect(self._url, timeout=5, server_settings={"application_name": "notify letters"})
        try:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda *_: lost.set())
            await connection.add_listener(CHANNEL, self._on_notify)
            self._announced.set()  # what came before
            await lost.wait()
        finally:
            connection.terminate()

    def _on_notify(self, *_: Any) -> None:
        self._announced.set()
