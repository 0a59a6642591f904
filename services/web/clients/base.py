"""What the typed clients have in common: calls in a member's name, and answers as their contract has them."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from pydantic import ValidationError

from services.web.clients.http import Service, ServiceDown, ServiceProblem
from shared.contracts.http.base import Answer, AnyRoute, CommandRoute, Created, OpenRoute, QueryRoute
from shared.contracts.http.members.signing_in import Audience
from shared.problems import NotSignedIn, StepUpNeeded

A = TypeVar("A", bound=Answer)
A_co = TypeVar("A_co", bound=Answer, covariant=True)
Typed = Mapping[str, object]
"""A body with what she typed as she typed it: the service checks it, and says what is wrong with which field."""


class Bearer(Protocol):
    """In whose name calls are made."""

    async def token(self, service: Audience) -> str:
        """Her token for that service. Raises NotSignedIn, ProfileNeeded, ServiceDown."""

    def refused(self, service: Audience) -> None:
        """The service no longer takes her token."""


class Reads(Protocol[A_co]):
    """Reads a route: the ids of its path in their order, then a body if it takes one; `after` and the like by name."""

    async def __call__(self, *sent: UUID | Typed, **parameters: object) -> A_co: ...


class Does(Protocol):
    """Sends a command: the ids of its path in their order, then its body if it has one."""

    async def __call__(self, *sent: UUID | Typed, key: str) -> None: ...


class Creates(Protocol):
    """The same, and answers with the id of what it made."""

    async def __call__(self, *sent: UUID | Typed, key: str) -> UUID: ...


def reads(route: QueryRoute[A]) -> Reads[A]:
    """A client's method that reads this route."""

    async def method(self: Client, *sent: UUID | Typed, **parameters: object) -> A:
        ids, body = _told_apart(route, sent)
        return await self._read(route, parameters, body, **ids)

    return cast(Reads[A], method)


def does(route: CommandRoute) -> Does:
    """A client's method that sends this command."""

    async def method(self: Client, *sent: UUID | Typed, key: str) -> None:
        ids, body = _told_apart(route, sent)
        await self.do(route, key, body, **ids)

    return cast(Does, method)


def creates(route: CommandRoute) -> Creates:
    """A client's method that sends this command, which makes something."""

    async def method(self: Client, *sent: UUID | Typed, key: str) -> UUID:
        ids, body = _told_apart(route, sent)
        return await self._create(route, key, body, **ids)

    return cast(Creates, method)


def _told_apart(route: AnyRoute, sent: Sequence[UUID | Typed]) -> tuple[dict[str, UUID], Typed | None]:
    """The ids by their names, and the body."""
    names = re.findall(r"{(\w+)}", route.path)
    ids = dict(zip(names, sent, strict=False))
    return cast(dict[str, UUID], ids), cast(Typed | None, next(iter(sent[len(names) :]), None))


class Client:
    """One API. Every method raises ServiceProblem and ServiceDown, and those in a member's name what her `Bearer` raises."""

    def __init__(self, service: Service, bearer: Bearer | None = None) -> None:
        self._service, self._bearer = service, bearer

    async def _read(
        self, route: QueryRoute[A], parameters: Mapping[str, object] | None = None, body: Typed | None = None, **ids: UUID
    ) -> A:
        return self._parsed(route.answer, await self._call(route, ids, parameters=parameters, body=body))

    async def do(self, route: CommandRoute, key: str, body: Typed | None = None, **ids: UUID) -> None:
        """Send a command."""
        await self._call(route, ids, key=key, body=body)

    async def _create(self, route: CommandRoute, key: str, body: Typed | None = None, **ids: UUID) -> UUID:
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
