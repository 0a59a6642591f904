"""One connection: what she keeps of it, which the other never learns."""

import asyncio
from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.forms import Form
from services.web.labels import CLOSENESS, HOW_MET
from services.web.pages.sign_in import local_path
from services.web.visit import Visit
from services.web.visitors import Member, Unsent
from shared.contracts.http.requests.connections import ProvenanceBody
from shared.contracts.http.requests.people import (
    ChangedClosenessBody,
    ClosenessChangedMeanwhile,
    ConnectionView,
    ProvenanceChangedMeanwhile,
)

router = APIRouter()

OPENNESS = {"as_all": None, "yes": True, "no": False}


async def _connection(visit: Visit, member_id: UUID) -> ConnectionView:
    _, connection = await asyncio.gather(visit.her(member_id), visit.requests.connection(member_id))
    return connection


@router.get("/connections/{member_id}")
async def show(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """All that she keeps of it, each with its way to change it."""
    connection = await _connection(visit, member_id)
    chosen = next(choice for choice, open_to_asks in OPENNESS.items() if open_to_asks is connection.open_to_asks)
    known = Form(values={"open_to_asks": chosen})
    return visit.page("connection.html", form.status, connection=connection, form=form if form.problem else known)


@router.post("/connections/{member_id}")
async def set_openness(visit: Member, member_id: UUID) -> Response:
    """Keep whether she may ask her."""
    form = await visit.form()
    try:
        await visit.requests.set_openness(member_id, OPENNESS.get(form.value("open_to_asks")), key=form.key)
    except ServiceProblem as refusal:
        return await show(visit, member_id, form.after(refusal, visit.language))
    return visit.go(f"/connections/{member_id}", done="closeness")


@router.get("/connections/{member_id}/closeness")
async def how_well(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """How well she knows her, and when they last spoke: what she said of that before isn't chosen again, for its day has passed."""
    connection = await _connection(visit, member_id)
    following = local_path(visit.request.query_params.get("next", ""))
    known = Form(values={"closeness": connection.closeness, "seen": connection.closeness, "next": following})
    return _closeness(visit, connection, form if form.problem else known)


def _closeness(visit: Visit, connection: ConnectionView, form: Form) -> Response:
    return visit.page("closeness.html", form.status, connection=connection, form=form)


def _beside(visit: Visit, form: Form, connection: ConnectionView) -> Form:
    """Her choice, and beside it what stands there by now: her next one is made with both in sight."""
    now = connection.closeness
    saved = {"closeness": visit.saved(visit.say(CLOSENESS[now]))} if now != form.value("closeness") else {}
    return replace(form, errors=saved, values={**form.values, "seen": now})


@router.post("/connections/{member_id}/closeness")
async def set_closeness(visit: Member, member_id: UUID) -> Response:
    """Keep her answers."""
    form = await visit.form()
    try:
        await visit.requests.set_closeness(
            member_id, {**form.typed(ChangedClosenessBody), "seen": form.value("seen") or None}, key=form.key
        )
    except ServiceProblem as refusal:
        again, connection = form.after(refusal, visit.language), await _connection(visit, member_id)
        changed = refusal.code == ClosenessChangedMeanwhile.code
        return _closeness(visit, connection, _beside(visit, again, connection) if changed else again)
    return visit.go(local_path(form.value("next")) or f"/connections/{member_id}", done="closeness")


@router.get("/connections/{member_id}/provenance")
async def where(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """Where they met, to be said her way."""
    connection = await _connection(visit, member_id)
    return _provenance(visit, connection, form if form.problem else Form(values={**_where(connection), **_seen(connection)}))


def _provenance(visit: Visit, connection: ConnectionView, form: Form) -> Response:
    return visit.page("provenance.html", form.status, connection=connection, form=form)


def _where(connection: ConnectionView) -> dict[str, str]:
    return {name: getattr(connection, name) for name in ProvenanceBody.model_fields}


def _seen(connection: ConnectionView) -> dict[str, str]:
    return {f"seen.{name}": value for name, value in _where(connection).items()}


@router.post("/connections/{member_id}/provenance")
async def set_provenance(visit: Member, member_id: UUID) -> Response:
    """Keep it."""
    form = await visit.form()
    said, seen = form.typed(ProvenanceBody), {name: form.value(f"seen.{name}") for name in ProvenanceBody.model_fields}
    try:
        await visit.requests.set_provenance(member_id, {**said, "seen": seen if any(seen.values()) else None}, key=form.key)
    except ServiceProblem as refusal:
        again, connection = form.after(refusal, visit.language), await _connection(visit, member_id)
        if refusal.code == ProvenanceChangedMeanwhile.code:
            now = _where(connection)
            shown = {**now, "how_met": visit.say(HOW_MET[now["how_met"]])}
            saved = {name: visit.saved(shown[name]) for name in now if now[name] != form.value(name)}
            again = replace(again, errors=saved, values={**form.values, **_seen(connection)})
        return _provenance(visit, connection, again)
    return visit.go(f"/connections/{member_id}", done="closeness")


@router.get("/connections/{member_id}/remove")
async def removing(visit: Member, member_id: UUID, form: Unsent) -> Response:
    """What follows from removing it, above the button."""
    known = Form(values={"next": local_path(visit.request.query_params.get("next", ""))})
    shown = form if form.problem else known
    return visit.page("remove.html", form.status, connection=await _connection(visit, member_id), form=shown)


@router.post("/connections/{member_id}/remove")
async def remove(visit: Member, member_id: UUID) -> Response:
    """Remove it."""
    form = await visit.form()
    try:
        await visit.requests.remove(member_id, key=form.key)
    except ServiceProblem as refusal:
        return await removing(visit, member_id, form.after(refusal, visit.language))
    return visit.go(local_path(form.value("next")) or "/connections", done="removed")
