"""Answer an ask by need with a proposal: first whom, then the words for each."""

import asyncio
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import last_spoke
from services.web.clients.http import ServiceProblem
from services.web.pages import errors
from services.web.pages.connections import by_name
from services.web.visitors import Member, Unsent

router = APIRouter()


@router.get("/needs/{need_id}/propose")
async def whom(visit: Member, need_id: UUID, after: UUID | None = None) -> Response:
    """Her other connections."""
    need = await visit.requests.need(need_id)
    if "propose" not in need.actions:
        return visit.go(f"/needs/{need_id}")
    her, others = await asyncio.gather(visit.requests.connection(need.asker.id), by_name(visit, after, without=need.asker.id))
    return visit.page("propose_whom.html", her=her.member, closeness=her.closeness, connections=others, need=need)


@router.get("/needs/{need_id}/propose/{other_id}")
async def words(visit: Member, need_id: UUID, other_id: UUID, form: Unsent) -> Response:
    """The words for each of the two; what stands in the way, if they can't be proposed to each other."""
    need = await visit.requests.need(need_id)
    if need.asker.id == other_id:
        return errors.not_found(visit.request)
    if "propose" not in need.actions and form.problem is None:
        return visit.go(f"/needs/{need_id}")
    _, first, second, may = await asyncio.gather(
        *(visit.her(other_id), visit.requests.connection(need.asker.id), visit.requests.connection(other_id)),
        visit.requests.proposing(need.asker.id, other_id),
    )
    if may.cannot_propose and form.problem is None:
        return visit.page("cannot_propose.html", sides=[first, second], may=may)
    connections = {connection.member.id: connection for connection in (first, second)}
    form = last_spoke.known(form, connections)
    shown = {"sides": [first.member, second.member], "connections": connections, "may": may, "form": form, "need": need}
    return visit.page("propose.html", form.status, **shown)


@router.post("/needs/{need_id}/propose/{other_id}")
async def propose(visit: Member, need_id: UUID, other_id: UUID) -> Response:
    """She is asked first."""
    form = await visit.form()
    if again := last_spoke.nudged(visit, form):
        return await words(visit, need_id, other_id, again)
    answer = {
        "counterpart_id": other_id,
        "words_for": form.under("words_for"),
        "last_spoke": form.under("last_spoke"),
        "show_need": form.value("show_need") == "yes",
    }
    try:
        introduction_id = await visit.requests.answer_need(need_id, answer, key=form.key)
    except ServiceProblem as refusal:
        return await words(visit, need_id, other_id, form.after(refusal, visit.language))
    return visit.go(f"/introductions/{introduction_id}", done="answered_need")
