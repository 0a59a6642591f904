"""Where the mail server can't be reached, nothing is claimed for a while: letters wait in their rows, not in churn."""

import asyncio
import time

from services.notify.delivery.domain import Outcome, Unreachable
from shared.telemetry.logs import log

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0


class Circuit:
    """Open after a server that can't be reached, for longer and longer; closed by any answer."""

    def __init__(self) -> None:
        self._pause, self._until = 0.0, 0.0

    def note(self, outcome: Outcome) -> None:
        """What came of talking to the server."""
        if not isinstance(outcome, Unreachable):
            if self._pause:
                log.info("mail_server.back")
            self._pause = self._until = 0.0
        elif time.monotonic() >= self._until:
            self._pause = min(max(FIRST_PAUSE, self._pause * 2), LONGEST_PAUSE)
            self._until = time.monotonic() + self._pause
            log.warning("mail_server.unreachable", reason=outcome.reason, pause_seconds=self._pause)

    async def closed(self) -> None:
        """Return once it is worth trying."""
        await asyncio.sleep(max(0.0, self._until - time.monotonic()))
