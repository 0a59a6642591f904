"""Her photo: shown by a consent of its own, and gone with it; and other women's, to whom their pages are shown."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import PHOTO_PATH
from services.web.i18n import N_
from services.web.visitors import Member, Unsent
from shared.contracts.http.members.photos import CONSENT
from shared.problems import Invalid

router = APIRouter()
KEPT_SECONDS = 3600
CHOOSE = N_("Please choose a picture.")
AGREE = N_("Please tick this first: without it we show no photo.")


@router.get(PHOTO_PATH)
async def edit(visit: Member, form: Unsent) -> Response:
    """The one that is shown, and the form for another."""
    if visit.me is None or visit.me.profile is None:
        raise ServiceDown("members")
    return visit.page("photo.html", form.status, form=form, photo=visit.me.photo, consent=str(CONSENT))


@router.post(PHOTO_PATH)
async def change(visit: Member) -> Response:
    """Show it, or take it back."""
    form = await visit.form()
    if form.value("decision") == "take_back":
        await visit.photos.take_back(key=form.key)
        return visit.go(PHOTO_PATH, done="photo_gone")
    missing = {} if form.file else {"picture": visit.say(CHOOSE)}
    missing |= {} if form.value("consent") == str(CONSENT) else {"consent": visit.say(AGREE)}
    if missing:
        return await edit(visit, form.with_errors(visit.say(Invalid.sentence), **missing))
    try:
        await visit.photos.show(form.file, consent=CONSENT, key=form.key)
    except ServiceProblem as refusal:
        return await edit(visit, form.after(refusal, visit.language))
    return visit.go(PHOTO_PATH, done="photo")


@router.get("/m/{member_id}/photo")
async def picture(visit: Member, member_id: UUID, v: str = "") -> Response:
    """The picture. A browser keeps the one that its page named for an hour; else it is asked each time whether she may see it."""
    shown, tag = await visit.photos.photo(member_id)
    kept = f"max-age={KEPT_SECONDS}" if v == tag else "no-cache"
    headers = {"ETag": f'"{tag}"', "Cache-Control": f"private, {kept}", "Vary": "Cookie"}
    if visit.request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(shown, media_type="image/webp", headers=headers)
