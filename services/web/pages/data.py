"""Her data: what it holds, the button that asks for it, for a day the two files, and what she agreed to."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web import her_data
from services.web.clients.http import ServiceProblem
from services.web.forms import PHOTO_PATH
from services.web.visitors import SignedIn, Unsent, comes_first

router = APIRouter()


@router.get("/me/data")
async def show(visit: SignedIn, form: Unsent) -> Response:
    """With the export that is good now, if there is one, and with what she agreed to."""
    mine = await visit.export.mine()
    # Whoever doesn't reach the pages of her photo and her group takes them back here.
    here = visit.me is not None and comes_first(visit.me, PHOTO_PATH) != ""
    return visit.page("data.html", form.status, form=form, export=mine.export, consents=mine.consents, take_back_here=here)


@router.post("/me/data")
async def ask(visit: SignedIn) -> Response:
    """Ask for one; a step-up comes first."""
    form = await visit.form()
    try:
        await visit.export.ask(key=form.key)
    except ServiceProblem as refusal:
        if refusal.status != 409:
            raise
        return await show(visit, form.after(refusal, visit.language))
    return visit.go("/me/data", done="export")


@router.post("/me/data/photo")
async def take_back_photo(visit: SignedIn) -> Response:
    """The consent ends, whatever else is closed to her."""
    form = await visit.form()
    await visit.photos.take_back(key=form.key)
    return visit.go("/me/data", done="photo_gone")


@router.post("/me/data/group")
async def take_back_group(visit: SignedIn) -> Response:
    """The same of the group by which she may be suggested."""
    form = await visit.form()
    await visit.joining.take_back_group(key=form.key)
    return visit.go("/me/data", done="reach")


@router.get("/me/data/{export_id}/madrina.json")
async def as_json(export_id: UUID, visit: SignedIn) -> Response:
    """All of it, for machines."""
    document = await visit.export.take(export_id)
    return _file(Response(document.model_dump_json(indent=2), media_type="application/json"), "json")


@router.get("/me/data/{export_id}/madrina.html")
async def as_page(export_id: UUID, visit: SignedIn) -> Response:
    """All of it, to read: one file that needs nothing else."""
    document = await visit.export.take(export_id)
    return _file(visit.page("her_data.html", document=document, sections=her_data.told(document, visit.language)), "html")


def _file(response: Response, kind: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="madrina.{kind}"'
    return response
