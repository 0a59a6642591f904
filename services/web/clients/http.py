"""The way to one service's API: short timeouts, the request's correlation id passed on, problems as exceptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import httpx
from pydantic_core import to_jsonable_python

from shared.contracts.http.base import AnyRoute, OpenRoute
from shared.contracts.http.members.signing_in import Audience
from shared.telemetry.traces import outgoing_headers

TIMEOUT = httpx.Timeout(4.0, connect=1.0)
"""A page waits this long for a part and then says that it is missing."""

LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=4)
"""A connection is let go before the other end does so, after 5 s."""
ANEW = httpx.Limits(max_connections=100, max_keepalive_connections=0)
LOST = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
"""What a connection says that the other end has closed meanwhile."""


class ServiceDown(Exception):
    """The service could not be reached, was too slow, or failed: `service` is the missing part."""

    def __init__(self, service: Audience) -> None:
        super().__init__(f"{service} is down")
        self.service = service


@dataclass
class ServiceProblem(Exception):
    """The service refused: an RFC 9457 problem. `detail` is its sentence, `fields` says what is wrong with which field.

    `again_at`: when it can be done again, if that is known.
    """

    status: int
    code: str
    detail: str = ""
    fields: list[dict[str, Any]] = field(default_factory=list)
    again_at: datetime | None = None


class Service:
    """One service's API, without anyone's name. `web_key` is shown if no member's token is."""

    def __init__(
        self, name: Audience, base_url: str, transport: httpx.AsyncBaseTransport | None = None, web_key: str | None = None
    ) -> None:
        self.name, self._web_key = name, web_key
        # What may not be sent twice gets a connection of its own, which nobody can just be closing.
        self._client, self._anew = [
            httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT, limits=limits, transport=transport, trust_env=False)
            for limits in (LIMITS, ANEW)
        ]

    async def call(
        self,
        route: AnyRoute,
        ids: Mapping[str, UUID],
        *,
        token: str | None = None,
        body: Mapping[str, object] | None = None,
        key: str | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> Any:
        """The JSON answer, or None if it has no body. Raises ServiceProblem, ServiceDown."""
        headers = outgoing_headers()
        if bearer := token or self._web_key:
            headers["Authorization"] = f"Bearer {bearer}"
        if key:
            headers["Idempotency-Key"] = key
        params = {name: str(value) for name, value in (parameters or {}).items() if value is not None}
        repeatable = bool(key) or route.method == "GET" or (isinstance(route, OpenRoute) and route.repeatable)
        client, lost = (self._client, LOST) if repeatable else (self._anew, ())
        request = partial(client.request, route.method, route.url(**ids), json=to_jsonable_python(body), headers=headers, params=params)
        try:
            try:
                response = await request()
            except (httpx.ConnectError, *lost):
                # Of several one was just being replaced: another takes the call.
                response = await request()
        except httpx.HTTPError as error:
            raise ServiceDown(self.name) from error
        return self._read(response)

    def _read(self, response: httpx.Response) -> Any:
        if response.status_code >= 500:
            raise ServiceDown(self.name)
        if response.status_code == 204:
            return None
        try:
            body = response.json()
        except ValueError as error:
            raise ServiceDown(self.name) from error
        if response.is_success:
            return body
        again_at = datetime.fromisoformat(body["again_at"]) if body.get("again_at") else None
        fields = list(body.get("fields") or [])
        raise ServiceProblem(response.status_code, str(body.get("code", "")), str(body.get("detail", "")), fields, again_at)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
        await self._anew.aclose()
