"""Ask a member to connect, one question a page: how they know each other, where they met, why now, and her own question if she has one;
then all of it once more, and how well (for herself).

What she has written travels in each page's form, so no step can lose it and none of it is kept by us. Why now goes through the note gate,
which the requests service has: while she writes, before the last step, and when the request is sent.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from services.web import problems
from services.web.clients.http import ServiceProblem
from services.web.forms import Form, new_key
from services.web.visit import Visit
from services.web.visitors import Member, Unsent
from shared.contracts.http.requests.connection_problems import Nudge, OnlyWomenSheHasMet, QuestionChanged
from shared.contracts.http.requests.connections import HAS_A_NAME, ConnectionRequestBody, MemberView, NoteBody
from shared.problems import Invalid, Problem

router = APIRouter()

STEPS = {
    "how_met": ("how_met",),
    "where_we_met": ("where_we_met", "met_at"),
    "why_now": ("why_now", "asks_for"),
    "question": ("requester_answer",),
    "check": ("closeness",),
}
"""The steps in their order, and the fields that each asks for, the first of them the question of its page."""


def _steps(her: MemberView) -> Mapping[str, tuple[str, ...]]:
    return {step: fields for step, fields in STEPS.items() if step != "question" or her.question}


@router.get("/m/{member_id}/connect")
async def ask(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """The first question, or the one she was at when her session was over; her page, which says why, if she can't be asked."""
    her, _ = await visit.her(member_id)
    if not her.can_request and form.problem is None:
        return visit.go(f"/m/{member_id}")
    return _show(visit, her, form, form.value("step"))


def _show(visit: Visit, her: MemberView, form: Form, step: str, *, reported: bool = False, nudge: str = "") -> Response:
    """The step, or the first if it is none; the last for the question that isn't there. Who answered another than hers is led to it."""
    steps, answered = _steps(her), form.value("recipient_question")
    if step == "check" and her.question and answered != her.question:
        form, step = form.after(_refusal(QuestionChanged()), visit.language), "question"
    elif step not in steps:
        step = "check" if step == "question" else next(iter(steps))
    if step in ("question", "check"):
        form = replace(form, values={**form.values, "recipient_question": her.question or ""})
    return visit.page(
        "connect.html",
        form.status,
        her=her.member,
        form=form.said_at(*steps[step]),
        step=step,
        steps=steps,
        asked=_asked(step, form),
        bar=her.bar,
        can_ask=her.can_ask,
        left=her.left_today,
        reported=reported,
        nudge=nudge,
    )


def _asked(step: str, form: Form) -> set[str]:
    """The fields that the step shows. Only what has a name is asked for it, and how well she knows her only if they have met."""
    how_met = form.value("how_met")
    hidden = {field for field, shown in (("met_at", how_met in HAS_A_NAME), ("closeness", how_met != "not_yet")) if not shown}
    return {*STEPS[step]} - hidden


def _refusal(problem: Problem) -> ServiceProblem:
    return ServiceProblem(problem.status, problem.code, problem.sentence, [dict(field) for field in problem.fields])


@router.post("/m/{member_id}/connect")
async def go_on(visit: Member, member_id: UUID) -> Response:
    """To a step she goes back to, unchecked; to the next, if what this one asks for is right; from the last the request is sent."""
    form = await visit.form()
    order, to = list(STEPS), form.value("to")
    if to == "coach":
        return await _coach(visit, form)
    step, back = form.value("step") if form.value("step") in STEPS else order[0], to in STEPS
    if step == "check" and not back:
        return await _send(visit, member_id, form)
    her, _ = await visit.her(member_id)
    if to == "report":
        return await _report(visit, her, form)
    refusal = None if back else _wrong(her, form, step) or (await _gate(visit, form) if step == "why_now" else None)
    if refusal:
        return _refused(visit, her, form, refusal, step)
    response = _show(visit, her, form, to if back else order[order.index(step) + 1])
    if back or step != order[0]:
        # htmx: the browser's own way back leads from any step to the first, which can be opened anew, and from there out.
        response.headers["HX-Push-Url"] = "false"
    return response


def _wrong(her: MemberView, form: Form, step: str) -> ServiceProblem | None:
    """What the service would refuse of this step."""
    if step == "how_met" and her.bar == "met" and form.value("how_met") == "not_yet":
        return _refusal(OnlyWomenSheHasMet())
    return form.refusal_of(ConnectionRequestBody, *_steps(her).get(step, ()))


async def _report(visit: Visit, her: MemberView, form: Form) -> Response:
    """Moderators are told of her question; what was written stays as it is."""
    try:
        await visit.requests.report_question(her.member.id, {"question": form.value("recipient_question")}, key=form.key)
    except ServiceProblem as refusal:
        return _show(visit, her, form.after(refusal, visit.language), "question")
    return _show(visit, her, replace(form, key=new_key()), "question", reported=True)


async def _coach(visit: Visit, form: Form) -> Response:
    """What the gate says while she writes, as a sentence for the page that asked."""
    refusal = await _gate(visit, form)
    return PlainTextResponse(" ".join(problems.fields(refusal, visit.language).values()) if refusal else "")


async def _gate(visit: Visit, form: Form) -> ServiceProblem | None:
    """What the note gate would refuse, or nudges once, of what she has written so far; None if there isn't enough of it yet."""
    try:
        note = await visit.requests.check_note(form.typed(NoteBody))
    except ServiceProblem:
        return None
    if note.why is None or (form.value("nudged") and not note.refused):
        return None
    problem = Invalid if note.refused else Nudge
    return ServiceProblem(problem.status, problem.code, problem.sentence, [note.why.model_dump(exclude_none=True)])


def _refused(visit: Visit, her: MemberView, form: Form, refusal: ServiceProblem, step: str = "") -> Response:
    """The step that asks for what is wrong. A nudge is no error: it is said once, above the form, and then the note is hers to send."""
    again = form.after(refusal, visit.language)
    if refusal.code == Nudge.code:
        nudged = replace(again, values={**again.values, "nudged": "true"}, errors={}, problem=None)
        return _show(visit, her, nudged, "why_now", nudge=" ".join(again.errors.values()))
    wrong = (step for step, fields in STEPS.items() if any(map(again.error, fields)))
    return _show(visit, her, again, step or next(wrong, "check"))


async def _send(visit: Visit, member_id: UUID, form: Form) -> Response:
    """Send it. If hers has crossed it, the two are connected now; if it is refused, she is led to the step that asks for what is wrong."""
    try:
        request_id = await visit.requests.ask_to_connect({**form.typed(ConnectionRequestBody), "recipient_id": member_id}, key=form.key)
    except ServiceProblem as refusal:
        her, _ = await visit.her(member_id)
        return _refused(visit, her, form, refusal)
    request = await visit.requests.connection_request(request_id)
    return visit.go(f"/connection-requests/{request_id}", done="" if request.state == "accepted" else "asked_to_connect")
