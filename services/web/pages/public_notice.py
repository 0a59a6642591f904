"""What anybody can tell moderators, her receipt, and the moderators' side of it."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceProblem
from services.web.pages.sign_in import where
from services.web.visitors import Anyone, Member, Unsent

router = APIRouter()


@router.get("/notice")
async def form(visit: Anyone, form: Unsent) -> Response:
    """The form, for members as well: then nothing says that she is one."""
    return visit.page("public_notice.html", form.status, form=form)


@router.post("/notice")
async def give(visit: Anyone) -> Response:
    """On to her receipt, whose address she keeps."""
    form = await visit.form()
    said = {name: form.value(name) for name in ("kind", "concerns", "what_happened", "email")}
    try:
        token = await visit.public_notices.give({**said, "language": visit.language, "ip": where(visit)["ip"]})
    except ServiceProblem as refusal:
        again = form.after(refusal, visit.language)
        return visit.page("public_notice.html", again.status, form=again)
    return visit.go(f"/notice/{token}")


@router.get("/notice/{token}")
async def receipt(visit: Anyone, token: str) -> Response:
    """Its number, and the answer once there is one."""
    found = await visit.public_notices.receipt(token[:64])
    return visit.page("public_receipt.html", receipt=found, link=f"{visit.web_url}/notice/{token[:64]}")


@router.get("/moderation/notices")
async def waiting(visit: Member, after: UUID | None = None) -> Response:
    """Notices without an answer, the oldest first."""
    return visit.page("public_notices.html", notices=await visit.public_notices.waiting(after=after))


@router.get("/moderation/notices/{public_notice_id}")
async def notice(visit: Member, public_notice_id: UUID, form: Unsent) -> Response:
    """What it says, and its answer."""
    return visit.page("answer_notice.html", form.status, notice=await visit.public_notices.notice(public_notice_id), form=form)


@router.post("/moderation/notices/{public_notice_id}")
async def answer(visit: Member, public_notice_id: UUID) -> Response:
    """She who gave it reads it."""
    form = await visit.form()
    try:
        await visit.public_notices.reply(public_notice_id, form.value("reply"), key=form.key)
    except ServiceProblem as refusal:
        return await notice(visit, public_notice_id, form.after(refusal, visit.language))
    return visit.go("/moderation/notices", done="notice_answered")
