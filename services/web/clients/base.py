"""What the typed clients have in common: calls in a member's name, and answers as their contract has them."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol, TypeVar
from uuid import UUID

from pydantic import ValidationError

from services.web.clients.http import Service, ServiceDown, ServiceProblem
from shared.contracts.http.base import Answer, AnyRoute, CommandRoute, Created, OpenRoute, QueryRoute
from shared.contracts.http.members.signing_in import Audience
from shared.problems import NotSignedIn, StepUpNeeded

A = TypeVar("A", bound=Answer)
Typed = Mapping[str, object]
"""A body with what she typed as she typed it: the service checks it, and says what is wrong with which field."""


class Bearer(Protocol):
    """In whose name calls are made."""

    async def token(self, service: Audience) -> str:
        """Her token for that service. Raises NotSignedIn, ProfileNeeded, ServiceDown."""

    def refused(self, service: Audience) -> None:
        """The service no longer takes her token."""


class Client:
    """One API. Every method raises ServiceProblem and ServiceDown, and those in a member's name what her `Bearer` raises."""

    def __init__(self, service: Service, bearer: Bearer | None = None) -> None:
        self._service, self._bearer = service, bearer

    async def _read(
        self, route: QueryRoute[A], parameters: Mapping[str, object] | None = None, body: Typed | None = None, **ids: UUID
    ) -> A:
        return self._parsed(route.answer, await self._call(route, ids, parameters=parameters, body=body))

    async def _do(self, route: CommandRoute, key: str, body: Typed | None = None, **ids: UUID) -> None:
        await self._call(route, ids, key=key, body=body)

    async def _create(self, route: CommandRoute, key: str, body: Typed, **ids: UUID) -> UUID:
        return self._parsed(Created, await self._call(route, ids, key=key, body=body)).id

    async def _open(self, route: OpenRoute[A], answer: type[A], body: Typed | None = None, **ids: UUID) -> A:
        return self._parsed(answer, await self._service.call(route, ids, body=body))

    async def _call(self, route: AnyRoute, ids: Mapping[str, UUID], **sent: Any) -> Any:
        if self._bearer is None:
            raise NotSignedIn
        call, name = partial(self._service.call, route, ids, **sent), self._service.name
        try:
            return await call(token=await self._bearer.token(name))
        except ServiceProblem as problem:
            if problem.code == StepUpNeeded.code:
                raise StepUpNeeded from problem
            if problem.status != NotSignedIn.status:
                raise
        # The token may have ended on its way: once more with a new one.
        self._bearer.refused(name)
        return await call(token=await self._bearer.token(name))

    def _parsed(self, answer: type[A], body: Any) -> A:
        try:
            return answer.model_validate(body)
        except ValidationError as error:
            # An answer we can't read is as good as none.
            raise ServiceDown(self._service.name) from error
