"""The parts that other services have of her data, asked for in her name."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from pydantic import ValidationError

from shared.contracts.http.export import EXPORT_PART, PartView
from shared.http.tokens import TokenSigner
from shared.problems import Unavailable
from shared.telemetry.traces import outgoing_headers

Transports = Mapping[str, httpx.AsyncBaseTransport]
TIMEOUT = httpx.Timeout(3.0, connect=1.0)
"""Less than the web waits for all of it."""


class Others:
    """The apis of other services, by name. `transports` take the place of the network in tests."""

    def __init__(self, urls: Mapping[str, str], signer: TokenSigner, transports: Transports | None = None) -> None:
        self._urls, self._signer, self._transports = urls, signer, transports or {}

    async def parts(self, member_id: UUID, auth_time: datetime | None) -> dict[str, Any]:
        """What each of them has of her, who showed at `auth_time` that it is she. Raises Unavailable if one doesn't answer."""
        found = await asyncio.gather(*(self._part(name, member_id, auth_time) for name in self._urls))
        return dict(zip(self._urls, found, strict=True))

    async def _part(self, name: str, member_id: UUID, auth_time: datetime | None) -> Any:
        token, _ = self._signer.issue(member_id, name, auth_time=auth_time)
        headers = {**outgoing_headers(), "Authorization": f"Bearer {token}"}
        try:
            async with httpx.AsyncClient(
                base_url=self._urls[name], timeout=TIMEOUT, transport=self._transports.get(name), trust_env=False
            ) as client:
                answer = await client.get(EXPORT_PART.path, headers=headers)
            return PartView.model_validate_json(answer.raise_for_status().content).sections
        except (httpx.HTTPError, ValidationError) as error:
            raise Unavailable from error
