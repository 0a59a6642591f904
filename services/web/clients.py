"""One HTTP client a service: short timeouts, the request's correlation id passed on, problems as exceptions."""

from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from shared.telemetry.traces import outgoing_headers

ServiceName = Literal["members", "requests", "reputation"]

TIMEOUT = httpx.Timeout(4.0, connect=1.0)
"""A page waits this long for a part and then says that it is missing."""

LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20)


class ServiceDown(Exception):
    """The service could not be reached, was too slow, or failed: `service` is the missing part."""

    def __init__(self, service: ServiceName) -> None:
        super().__init__(f"{service} is down")
        self.service = service


@dataclass
class ServiceProblem(Exception):
    """The service refused: an RFC 9457 problem. `fields` are (name, code) pairs with the API's sentence."""

    service: ServiceName
    status: int
    code: str
    detail: str = ""
    fields: list[dict[str, str]] = field(default_factory=list)


class Service:
    """One service's API."""

    def __init__(self, name: ServiceName, base_url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.name = name
        self._client = httpx.AsyncClient(base_url=base_url, timeout=TIMEOUT, limits=LIMITS, transport=transport, trust_env=False)

    async def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Any = None,
        key: str | None = None,
        params: dict[str, str] | None = None,
    ) -> Any:
        """The JSON answer, or None where it has no body. Raises ServiceProblem, ServiceDown."""
        headers = outgoing_headers()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if key:
            headers["Idempotency-Key"] = key
        try:
            response = await self._client.request(method, path, json=body, headers=headers, params=params)
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
        raise ServiceProblem(
            self.name, response.status_code, str(body.get("code", "")), str(body.get("detail", "")), list(body.get("fields") or [])
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


@dataclass(frozen=True)
class Services:
    """The three services behind the pages."""

    members: Service
    requests: Service
    reputation: Service

    async def close(self) -> None:
        """Close all connections."""
        for service in (self.members, self.requests, self.reputation):
            await service.close()
