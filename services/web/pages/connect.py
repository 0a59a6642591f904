"""Ask a member to connect, one question a page: how they know each other, where they met, why now; then all of it once more, and how
well (for herself).

What she has written travels in each page's form, so no step can lose it and none of it is kept by us.
"""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.visit import Member, Unsent, Visit
from shared.contracts.http.base import Card
from shared.contracts.http.requests.connections import HAS_A_NAME, ConnectionRequestBody

router = APIRouter()

STEPS = {"how_met": ("how_met",), "where_we_met": ("where_we_met", "met_at"), "why_now": ("why_now", "asks_for"), "check": ("closeness",)}
"""The steps in their order, and the fields that each asks for, the first of them the question of its page."""


@router.get("/m/{member_id}/connect")
async def ask(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """The first question, or the one she was at when her session was over; her page, which says why, if she can't be asked."""
    relation, _ = await visit.her(member_id)
    if not relation.can_request and form.problem is None:
        return visit.go(f"/m/{member_id}")
    return _show(visit, relation.member, form, _step(form.value("step")))


def _step(name: str) -> str:
    return name if name in STEPS else next(iter(STEPS))


async def _at(visit: Visit, member_id: UUID, form: Form, step: str) -> Response:
    relation, _ = await visit.her(member_id)
    return _show(visit, relation.member, form, step)


def _show(visit: Visit, her: Card, form: Form, step: str) -> Response:
    return visit.page(
        "connect.html", form.status, her=her, form=form.said_at(*STEPS[step]), step=step, steps=STEPS, asked=_asked(step, form)
    )


def _asked(step: str, form: Form) -> set[str]:
    """The fields that the step shows. Only what has a name is asked for it, and how well she knows her only if they have met."""
    how_met = form.value("how_met")
    hidden = {field for field, shown in (("met_at", how_met in HAS_A_NAME), ("closeness", how_met != "not_yet")) if not shown}
    return {*STEPS[step]} - hidden


@router.post("/m/{member_id}/connect")
async def go_on(visit: Member, member_id: UUID) -> Response:
    """To a step she goes back to, unchecked; to the next, if what this one asks for is right; from the last the request is sent."""
    form = await visit.form()
    step = _step(form.value("step"))
    back, order = form.value("to") in STEPS, list(STEPS)
    if not back:
        if step == "check":
            return await _send(visit, member_id, form)
        if refusal := form.refusal_of(ConnectionRequestBody, *STEPS[step]):
            return await _at(visit, member_id, form.after(refusal, visit.language), step)
    response = await _at(visit, member_id, form, form.value("to") if back else order[order.index(step) + 1])
    if back or step != order[0]:
        # htmx: the browser's own way back leads from any step to the first, which can be opened anew, and from there out.
        response.headers["HX-Push-Url"] = "false"
    return response


async def _send(visit: Visit, member_id: UUID, form: Form) -> Response:
    """Send it. If hers has crossed it, the two are connected now; if it is refused, she is led to the step that asks for what is wrong."""
    try:
        request_id = await visit.requests.ask_to_connect({**form.typed(ConnectionRequestBody), "recipient_id": member_id}, key=form.key)
    except ServiceProblem as refusal:
        again = form.after(refusal, visit.language)
        wrong = (step for step, fields in STEPS.items() if any(map(again.error, fields)))
        return await _at(visit, member_id, again, next(wrong, "check"))
    request = await visit.requests.connection_request(request_id)
    return visit.go(f"/connection-requests/{request_id}", done="" if request.state == "accepted" else "asked_to_connect")
