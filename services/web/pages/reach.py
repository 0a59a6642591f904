"""What may reach her: asked once when she joins, and changed on one page, with her pause and whom she is never introduced to."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.web import labels
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.visit import Visit
from services.web.visitors import Member, Unsent
from shared.contracts.http.requests.reach import ExclusionBody, PauseBody, ReachBody, ReachChangedMeanwhile, ReachView

router = APIRouter()

ALLOWED = ("suggestible", "open_to_asks", "reachable")
FIND = "find"
"""Whether members may find her, which the members service keeps."""


@router.get("/joining")
async def joining(visit: Member, form: Unsent) -> Response:
    """Asked once, with nothing ticked: what she doesn't say isn't allowed."""
    return visit.page("joining.html", form.status, form=form)


@router.post("/joining")
async def say(visit: Member) -> Response:
    """What she ticked; the rest of what she allows stays as it is for everyone who joins."""
    form = await visit.form()
    try:
        before = await visit.requests.reach()
        await _save(visit, form, {**before.model_dump(include=set(ReachBody.model_fields)), "version": None})
    except ServiceProblem as refusal:
        return await joining(visit, form.after(refusal, visit.language))
    return visit.go("/", done="reach")


@router.get("/reach")
async def show(visit: Member, form: Unsent) -> Response:
    """All of it, with what stands there."""
    if visit.me is None or visit.me.profile is None:
        raise ServiceDown("members")
    reach, group = await visit.requests.reach(), await visit.found(visit.joining.group())
    sent = form.values if form.problem else {}
    values = {**_values(reach, finds=visit.me.profile.findable), **sent}
    if "bar" in sent:  # a box that isn't ticked isn't sent
        values |= {name: form.value(name) for name in (*ALLOWED, FIND)}
    return visit.page("reach.html", form.status, form=replace(form, values=values), reach=reach, group=group)


def _values(reach: ReachView, *, finds: bool) -> dict[str, str]:
    said = {name: str(value) for name, value in reach.model_dump(include=set(ReachBody.model_fields)).items()}
    return {**said, **{name: "yes" if getattr(reach, name) else "" for name in ALLOWED}, FIND: "yes" if finds else ""}


@router.post("/reach")
async def change(visit: Member) -> Response:
    """Keep what she allows, having seen what stood there; begin, plan or end a pause; change her list."""
    form = await visit.form()
    try:
        done = await _change(visit, form)
    except ServiceProblem as refusal:
        again = form.after(refusal, visit.language)
        return await show(visit, await _beside(visit, again) if refusal.code == ReachChangedMeanwhile.code else again)
    return visit.go("/" if form.value("next") == "today" else "/reach", done=done)


async def _change(visit: Visit, form: Form) -> str:
    match form.value("decision"):
        case "pause":
            await visit.requests.pause(form.typed(PauseBody), key=form.key)
            return "pause_planned" if form.value("starting") else "paused"
        case "end_pause":
            await visit.requests.end_pause(key=form.key)
            return "pause_ended"
        case "exclude":
            await visit.requests.exclude({**form.typed(ExclusionBody), "member_id": None}, key=form.key)
            return "excluded"
        case "group":
            await visit.joining.take_back_group(key=form.key)
            return "reach"
        case "include":
            await visit.requests.include(_id(form.value("exclusion")), key=form.key)
            return "included"
    await _save(visit, form, {**form.typed(ReachBody), "version": form.value("version") or None})
    return "reach"


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise HTTPException(400) from error


async def _save(visit: Visit, form: Form, reach: Mapping[str, object]) -> None:
    """What she ticked, in both services that keep it."""
    if visit.me is None or visit.me.profile is None:
        raise ServiceDown("members")
    await visit.requests.set_reach({**reach, **{name: form.value(name) == "yes" for name in ALLOWED}}, key=form.key)
    findable = form.value(FIND) == "yes"
    if findable != visit.me.profile.findable:
        profile = {**visit.me.profile.model_dump(), "findable": findable, "version": visit.me.version}
        await visit.members.write_profile(profile, key=str(uuid5(NAMESPACE_OID, f"findable {form.key}")))


async def _beside(visit: Visit, form: Form) -> Form:
    """Her choices, and beside each that differs what stands there by now: her next ones are made with both in sight."""
    now = _values(await visit.requests.reach(), finds=False)
    told: dict[str, Mapping[str, str]] = {"bar": labels.BARS, **dict.fromkeys(ALLOWED, labels.SAID)}
    differing = {name: value for name, value in now.items() if name not in {"version", FIND} and value != form.value(name)}
    errors = {name: visit.saved(visit.say(told[name][value]) if name in told else value) for name, value in differing.items()}
    return replace(form, errors=errors, values={**form.values, "version": now["version"]})


@router.get("/m/{member_id}/exclude")
async def excluding(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """What follows from adding her, above the button."""
    _, profile = await visit.her(member_id)
    return visit.page("exclude.html", form.status, her=profile, form=form)


@router.post("/m/{member_id}/exclude")
async def exclude(visit: Member, member_id: UUID) -> Response:
    """Add her to the list."""
    form = await visit.form()
    try:
        await visit.requests.exclude({"member_id": member_id}, key=form.key)
    except ServiceProblem as refusal:
        return await excluding(visit, member_id, form.after(refusal, visit.language))
    return visit.go("/reach", done="excluded")
