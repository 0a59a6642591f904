"""The routes of members, connection requests and connections."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from services.requests.connections import commands, queries, reads
from services.requests.connections.domain import Closeness
from services.requests.connections.domain import Words as RequestWords
from services.requests.connections.views import ConnectionRequests, ConnectionRequestView, Connections, MemberView
from shared import clock
from shared.contracts.events.requests import HowMet
from shared.http.app import Pool_
from shared.http.idempotency import Idempotent, answer_once
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction
from shared.text import Words

router = APIRouter()


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ask(_Body):
    """A connection request as it is sent."""

    recipient_id: UUID
    how_met: HowMet
    where_we_met: Annotated[str, Words(15, 300)]
    why_now: Annotated[str, Words(40, 1000)]
    closeness: Closeness


class HowWell(_Body):
    closeness: Closeness


class Nothing(_Body):
    """A command that says all by its address."""


@router.get("/v1/members/{member_id}")
async def member(member_id: UUID, me: CurrentMember, pool: Pool_) -> MemberView:
    async with transaction(pool) as tx:
        return await reads.member(tx, me, member_id, clock.now())


@router.post("/v1/connection-requests", status_code=201)
async def ask(body: Ask, me: CurrentMember, key: Idempotent, pool: Pool_) -> Response:
    words = RequestWords(body.how_met, body.where_we_met, body.why_now, body.closeness)
    async with transaction(pool) as tx:
        return await answer_once(tx, me, key, body, lambda: commands.ask(tx, me, body.recipient_id, words), status=201)


@router.get("/v1/connection-requests")
async def requests(me: CurrentMember, pool: Pool_) -> ConnectionRequests:
    at = clock.now()
    async with transaction(pool) as tx:
        return ConnectionRequests(items=await reads.views(tx, me, await queries.of_member(tx, me), at))


@router.get("/v1/connection-requests/{request_id}")
async def request(request_id: UUID, me: CurrentMember, pool: Pool_) -> ConnectionRequestView:
    at = clock.now()
    async with transaction(pool) as tx:
        return await reads.view(tx, me, await queries.find(tx, me, request_id), at)


@router.post("/v1/connection-requests/{request_id}/accept")
async def accept(request_id: UUID, body: HowWell, me: CurrentMember, key: Idempotent, pool: Pool_) -> Response:
    async with transaction(pool) as tx:
        return await answer_once(tx, me, key, body, lambda: commands.accept(tx, me, request_id, body.closeness))


@router.post("/v1/connection-requests/{request_id}/decline")
async def decline(request_id: UUID, body: Nothing, me: CurrentMember, key: Idempotent, pool: Pool_) -> Response:
    async with transaction(pool) as tx:
        return await answer_once(tx, me, key, body, lambda: commands.decline(tx, me, request_id))


@router.post("/v1/connection-requests/{request_id}/withdraw")
async def withdraw(request_id: UUID, body: Nothing, me: CurrentMember, key: Idempotent, pool: Pool_) -> Response:
    async with transaction(pool) as tx:
        return await answer_once(tx, me, key, body, lambda: commands.withdraw(tx, me, request_id))


@router.get("/v1/connections")
async def connections(me: CurrentMember, pool: Pool_) -> Connections:
    async with transaction(pool) as tx:
        return Connections(items=await reads.connections(tx, me))


@router.put("/v1/connections/{member_id}/closeness")
async def set_closeness(member_id: UUID, body: HowWell, me: CurrentMember, key: Idempotent, pool: Pool_) -> Response:
    async with transaction(pool) as tx:
        return await answer_once(tx, me, key, body, lambda: commands.set_closeness(tx, me, member_id, body.closeness))
