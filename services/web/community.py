"""What the community is called and who may join, as members said it last: asked at most once in half a minute, and never waited for twice.

Without an answer it is what it was; before the first, what the settings say.
"""

import asyncio
from datetime import timedelta

from services.web.clients.community import Community
from services.web.clients.http import ServiceDown, ServiceProblem
from shared import clock
from shared.contracts.http.members.community import CommunityView

KEPT = timedelta(seconds=30)
"""How long an answer is used: what a steward changes shows everywhere within that time."""
TRIED_AGAIN = timedelta(seconds=5)


class LastSaid:
    """The community as this process knows it."""

    def __init__(self, client: Community, usual: CommunityView) -> None:
        self._client, self.known = client, usual
        self._ask_at = clock.machine_now()
        self._asking: asyncio.Task[None] | None = None
        self._logo = b"", ""

    async def get(self) -> CommunityView:
        """As it is now, or was at most half a minute ago; parallel callers share one call."""
        if clock.machine_now() >= self._ask_at:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self._ask())
            await asyncio.shield(self._asking)
        return self.known

    async def logo(self, tag: str) -> bytes | None:
        """The logo of that tag; None if it isn't the one that is shown."""
        if tag != (await self.get()).logo:
            return None
        if self._logo[1] != tag:
            self._logo = await self._client.logo()
        return self._logo[0] if self._logo[1] == tag else None

    def forget(self) -> None:
        """What this process changed shows on its next page."""
        self._ask_at = clock.machine_now()

    async def _ask(self) -> None:
        try:
            self.known, kept = await self._client.community(), KEPT
        except (ServiceDown, ServiceProblem):
            kept = TRIED_AGAIN
        self._ask_at = clock.machine_now() + kept
