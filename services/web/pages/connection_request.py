"""Connection requests: those that are open, and each for its recipient to answer, for its requester to follow or withdraw."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import pauses
from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.labels import QUIET
from services.web.visitors import Member, Unsent
from shared.contracts.http.requests.connections import AnswerBody, ClosenessBody, DeclineBody, QuestionBody
from shared.contracts.kind_answers import SENTENCES

router = APIRouter()


@router.get("/connection-requests")
async def mine(visit: Member, after: UUID | None = None) -> Response:
    """Those that are open, newest first."""
    return visit.page("connection_requests.html", requests=await visit.requests.connection_requests(after=after))


@router.get("/connection-requests/{request_id}")
async def show(visit: Member, request_id: UUID, form: Unsent) -> Response:
    """The request as she may see it."""
    request = await visit.requests.connection_request(request_id)
    template = "first_connection.html" if request.first and form.problem is None else "connection_request.html"
    undecided = request.my_role == "recipient" and request.state == "pending"
    pause = await visit.part(visit.requests.reach()) if undecided else None
    return visit.page(template, form.status, request=request, form=form.said_at("closeness"), pause=pause)


@router.get("/connection-requests/{request_id}/withdraw")
async def withdrawing(visit: Member, request_id: UUID, form: Unsent) -> Response:
    """What follows from withdrawing it, above the button."""
    request, back = await visit.requests.connection_request(request_id), f"/connection-requests/{request_id}"
    if "withdraw" not in request.actions:
        return visit.go(back)
    return visit.page("withdraw.html", what="request", about=request, back=back, form=form)


@router.get("/connection-requests/{request_id}/decline")
async def declining(visit: Member, request_id: UUID, form: Unsent) -> Response:
    """A no, quietly or in a kind sentence."""
    request = await visit.requests.connection_request(request_id)
    if "decline_kindly" not in request.actions:
        return visit.go(f"/connection-requests/{request_id}")
    quiet = {"quietly": "decline" in request.actions, "unknown": request.my_answer != "unknown"}
    ways = {**{way: visit.say(QUIET[way]) for way, there in quiet.items() if there}, **SENTENCES[visit.language]}
    form = replace(form, values={"how": "quietly", **form.values}).said_at("how")
    pause = await visit.part(visit.requests.reach()) if "decline" in request.actions else None
    return visit.page("decline.html", form.status, request=request, ways=ways, form=form, pause=pause)


@router.get("/connection-requests/{request_id}/question")
async def question(visit: Member, request_id: UUID, form: Unsent) -> Response:
    """The recipient's one question before she decides, or the requester's answer to it."""
    request = await visit.requests.connection_request(request_id)
    if not {"ask_question", "answer_question"} & set(request.actions):
        return visit.go(f"/connection-requests/{request_id}")
    field = "clarifying_answer" if request.clarifying_question else "clarifying_question"
    return visit.page("question.html", form.status, request=request, field=field, form=form.said_at(field))


@router.post("/connection-requests/{request_id}/question")
async def say(visit: Member, request_id: UUID) -> Response:
    """Ask it, or answer it."""
    form = await visit.form()
    try:
        if "clarifying_answer" in form.values:
            await visit.requests.answer_question(request_id, form.typed(AnswerBody), key=form.key)
        else:
            await visit.requests.ask_question(request_id, form.typed(QuestionBody), key=form.key)
    except ServiceProblem as refusal:
        return await question(visit, request_id, form.after(refusal, visit.language))
    return visit.go(f"/connection-requests/{request_id}", done="said_back")


@router.post("/connection-requests/{request_id}")
async def decide(visit: Member, request_id: UUID) -> Response:
    """Accept, decline or withdraw."""
    form = await visit.form()
    decision = form.value("decision")
    paused = False
    try:
        if decision in ("accept", "decline"):
            paused = await pauses.with_answer(visit, form)
        match decision:
            case "accept":
                await visit.requests.accept(request_id, form.typed(ClosenessBody), key=form.key)
            case "decline":
                await visit.requests.decline(request_id, form.typed(DeclineBody), key=form.key)
            case "withdraw":
                await visit.requests.withdraw(request_id, key=form.key)
            case _:
                return await show(visit, request_id, Form())
    except ServiceProblem as refusal:
        form = form.after(refusal, visit.language)
        return await (declining if form.error("how") else show)(visit, request_id, form)
    done = "paused" if paused else "" if decision != "decline" else "declined" if form.value("how") in QUIET else "declined_kindly"
    return visit.go(f"/connection-requests/{request_id}", done=done)
