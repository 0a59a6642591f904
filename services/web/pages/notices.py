"""What moderators decided about her: what she reads first, and all that a suspended member reaches, but for her data and her leaving."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.visitors import Anyone, SignedIn, Unsent

router = APIRouter()


@router.get("/transparency")
async def transparency(visit: Anyone) -> Response:
    """What everyone may know: sums, by half-year."""
    return visit.page("transparency.html", tables=(await visit.moderation.transparency()).tables)


@router.get("/notices")
async def notices(visit: SignedIn) -> Response:
    """Whether she is suspended, what was decided about her, and what is left to her."""
    return visit.page("notices.html", notices=await visit.moderation.notices())


@router.get("/notices/{notice_id}")
async def notice(visit: SignedIn, notice_id: UUID, form: Unsent) -> Response:
    """A decision with its reasons, to acknowledge and to appeal against."""
    return visit.page("notice.html", form.status, notice=await visit.moderation.notice(notice_id), form=form)


@router.post("/notices/{notice_id}")
async def acknowledge(visit: SignedIn, notice_id: UUID) -> Response:
    """From now on her pages are hers again, as far as the decision leaves them to her."""
    form = await visit.form()
    await visit.moderation.acknowledge(notice_id, key=form.key)
    return visit.go("/notices", done="acknowledged")


@router.get("/notices/{notice_id}/appeal")
async def appeal(visit: SignedIn, notice_id: UUID, form: Unsent) -> Response:
    """What speaks against it, if she can still say so."""
    found = await visit.moderation.notice(notice_id)
    if found.appeal_until is None and form.problem is None:
        return visit.go(f"/notices/{notice_id}")
    return visit.page("appeal.html", form.status, notice=found, form=form)


@router.post("/notices/{notice_id}/appeal")
async def send_appeal(visit: SignedIn, notice_id: UUID) -> Response:
    """Another moderator looks at it again."""
    form = await visit.form()
    try:
        await visit.moderation.appeal(notice_id, form.value("appeal"), key=form.key)
    except ServiceProblem as refusal:
        return await appeal(visit, notice_id, form.after(refusal, visit.language))
    return visit.go(f"/notices/{notice_id}", done="appealed")
