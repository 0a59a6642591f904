"""While the mail server can't be reached, nothing is claimed: letters wait in their rows, not in churn."""

import asyncio
import time

from services.notify.queue.domain import Result, Unreachable
from shared.backoff import backoff
from shared.telemetry.logs import log

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0


class Circuit:
    """Open after a server that can't be reached, for longer and longer; closed by any answer."""

    def __init__(self) -> None:
        self._failures, self._until = 0, 0.0

    def note(self, result: Result) -> None:
        """Take in what came of talking to the server."""
        if not isinstance(result, Unreachable):
            if self._failures:
                log.info("mail_server.back")
            self._failures, self._until = 0, 0.0
        elif time.monotonic() >= self._until:
            self._failures += 1
            pause = backoff(self._failures, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
            self._until = time.monotonic() + pause
            log.warning("mail_server.unreachable", reason=result.reason, pause_seconds=round(pause, 2))

    async def closed(self) -> None:
        """Return once it is worth trying."""
        await asyncio.sleep(max(0.0, self._until - time.monotonic()))
