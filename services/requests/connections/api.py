"""The routes of connection requests."""

from uuid import UUID

from fastapi import APIRouter

from services.requests.connections import commands, store, views
from services.requests.connections.domain.connection_request import RequestWords
from shared import clock
from shared.contracts.http.base import Created, Page
from shared.contracts.http.requests import connections as http
from shared.contracts.http.requests.connections import ConnectionRequestView, NoteView
from shared.http.commands import Run, runs
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction

router = APIRouter()


@serve(router, http.ASK)
async def ask(body: http.ConnectionRequestBody, run: Run) -> Created:
    """Ask her to connect, with a note."""
    words = RequestWords(**body.model_dump(exclude={"recipient_id", "nudged"}))
    return await run.create(commands.Ask(body.recipient_id, words, body.nudged))


@serve(router, http.CHECK_NOTE)
async def check_note(body: http.NoteBody, me: CurrentMember, pool: Pool_) -> NoteView:
    async with transaction(pool) as tx:
        return views.note(await store.writer(tx, me, clock.now()), body)


@serve(router, http.CONNECTION_REQUESTS)
async def requests(me: CurrentMember, pool: Pool_, paging: PagingOf) -> Page[ConnectionRequestView]:
    """My requests and those to me, newest first."""
    async with transaction(pool) as tx:
        return await views.requests(tx, me, paging, clock.now())


@serve(router, http.CONNECTION_REQUEST)
async def request(request_id: UUID, me: CurrentMember, pool: Pool_) -> ConnectionRequestView:
    async with transaction(pool) as tx:
        return await views.request(tx, me, request_id, clock.now())


@serve(router, http.DECLINE)
async def decline(request_id: UUID, body: http.DeclineBody, run: Run) -> None:
    """Say no: quietly, in a kind sentence that she reads, or because I don't know her."""
    if body.how == "quietly" or body.how == "unknown":  # noqa: PLR1714 — so that mypy knows what is left
        await run(commands.Decline(request_id, unknown=body.how == "unknown"))
    else:
        await run(commands.DeclineKindly(request_id, body.how))


@serve(router, http.ASK_QUESTION)
async def ask_question(request_id: UUID, body: http.QuestionBody, run: Run) -> None:
    """Ask her one question before I decide."""
    await run(commands.AskBack(request_id, body.clarifying_question))


@serve(router, http.ANSWER_QUESTION)
async def answer_question(request_id: UUID, body: http.AnswerBody, run: Run) -> None:
    """Answer the question that she asked me."""
    await run(commands.AnswerBack(request_id, body.clarifying_answer))


runs(router, http.REPORT_QUESTION, commands.ReportQuestion)
runs(router, http.ACCEPT, commands.Accept)
runs(router, http.WITHDRAW, commands.Withdraw)
