"""The routes of introductions."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from services.requests.introductions import commands, queries, reads
from services.requests.introductions.views import Introductions, IntroductionView
from shared import clock
from shared.contracts.events.requests import Answer
from shared.http.app import Pool_
from shared.http.idempotency import Command, Idempotent, answer_once
from shared.http.tokens import CurrentMember
from shared.postgres.database import Pool, Tx, transaction
from shared.text import Words

router = APIRouter(prefix="/v1/introductions")

WordsForHer = Annotated[str, Words(40, 1000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ask(_Body):
    """An ask as it is sent."""

    voucher_id: UUID
    counterpart_id: UUID
    why_her: Annotated[str, Words(40, 1000)]


class Proposal(_Body):
    """A proposal as it is sent."""

    side_ids: tuple[UUID, UUID]
    words_for: dict[UUID, WordsForHer] = Field(max_length=2)


class Vouch(_Body):
    """A vouch as it is sent."""

    words_for: dict[UUID, WordsForHer] = Field(max_length=2)
    show_why_her: bool = False


class HowItWent(_Body):
    """A side's answer; `words` are for moderators, of a misconduct alone."""

    answer: Answer
    thank_you: Annotated[str, Words(1, 500)] | None = None
    words: Annotated[str, Words(1, 2000)] | None = None


class Nothing(_Body):
    """A command that says all by its address."""


@router.post("/asks", status_code=201)
async def ask(body: Ask, me: CurrentMember, key: Idempotent, pool: Pool_) -> Response:
    async with transaction(pool) as tx:
        work = lambda: commands.ask(tx, me, body.voucher_id, body.counterpart_id, body.why_her)  # noqa: E731  (read as the call it delays)
        return await answer_once(tx, me, key, body, work, status=201)


@router.post("/proposals", status_code=201)
async def propose(body: Proposal, me: CurrentMember, key: Idempotent, pool: Pool_) -> Response:
    async with transaction(pool) as tx:
        return await answer_once(tx, me, key, body, lambda: commands.propose(tx, me, body.side_ids, body.words_for), status=201)


@router.get("")
async def introductions(me: CurrentMember, pool: Pool_) -> Introductions:
    async with transaction(pool) as tx:
        return Introductions(items=await reads.views(tx, me, await queries.of_member(tx, me), clock.now()))


@router.get("/{introduction_id}")
async def introduction(introduction_id: UUID, me: CurrentMember, pool: Pool_) -> IntroductionView:
    async with transaction(pool) as tx:
        return await reads.view_of(tx, me, await queries.find(tx, introduction_id), clock.now())


@router.post("/{introduction_id}/vouch")
async def vouch(introduction_id: UUID, body: Vouch, me: CurrentMember, key: Idempotent, pool: Pool_) -> Response:
    async with transaction(pool) as tx:
        work = lambda: commands.vouch(tx, me, introduction_id, body.words_for, show_why_her=body.show_why_her)  # noqa: E731  (as above)
        return await answer_once(tx, me, key, body, work)


@router.post("/{introduction_id}/outcome")
async def outcome(introduction_id: UUID, body: HowItWent, me: CurrentMember, key: Idempotent, pool: Pool_) -> Response:
    async with transaction(pool) as tx:
        work = lambda: commands.say_outcome(tx, me, introduction_id, body.answer, thank_you=body.thank_you, words=body.words)  # noqa: E731  (as above)
        return await answer_once(tx, me, key, body, work)


@router.post("/{introduction_id}/decline")
async def decline(introduction_id: UUID, me: CurrentMember, key: Idempotent, pool: Pool_, body: Nothing | None = None) -> Response:
    return await _once(pool, me, key, introduction_id, commands.decline)


@router.post("/{introduction_id}/confirm")
async def confirm(introduction_id: UUID, me: CurrentMember, key: Idempotent, pool: Pool_, body: Nothing | None = None) -> Response:
    return await _once(pool, me, key, introduction_id, commands.confirm)


@router.post("/{introduction_id}/pass")
async def pass_(introduction_id: UUID, me: CurrentMember, key: Idempotent, pool: Pool_, body: Nothing | None = None) -> Response:
    return await _once(pool, me, key, introduction_id, commands.pass_)


@router.post("/{introduction_id}/withdraw")
async def withdraw(introduction_id: UUID, me: CurrentMember, key: Idempotent, pool: Pool_, body: Nothing | None = None) -> Response:
    return await _once(pool, me, key, introduction_id, commands.withdraw)


@router.post("/{introduction_id}/withdraw-vouch")
async def withdraw_vouch(introduction_id: UUID, me: CurrentMember, key: Idempotent, pool: Pool_, body: Nothing | None = None) -> Response:
    return await _once(pool, me, key, introduction_id, commands.withdraw_vouch)


Wordless = Callable[[Tx, UUID, UUID], Awaitable[IntroductionView]]


async def _once(pool: Pool, me: UUID, key: Command, introduction_id: UUID, command: Wordless) -> Response:
    async with transaction(pool) as tx:
        return await answer_once(tx, me, key, None, lambda: command(tx, me, introduction_id))
