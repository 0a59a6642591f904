"""The steward's page: what the community is called, who may join, its announcement and its texts. For everybody else it doesn't exist."""

from dataclasses import replace
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.web import texts
from services.web.assets import FOR_EVER
from services.web.clients.http import ServiceProblem
from services.web.forms import LOGO_PATH, Form
from services.web.pages.photo import CHOOSE
from services.web.visit import Visit
from services.web.visitors import Member, Unsent
from shared import clock
from shared.contracts.http.members.community import AnnounceBody, CommunityBody, Join, PublishBody, TextName, TextView
from shared.problems import Invalid, NotFound

router = APIRouter()


async def steward(visit: Member) -> Visit:
    """A visit by a steward. Raises ServiceProblem (404) for everyone else."""
    await visit.token("members")
    if "steward" not in visit.roles:
        raise _gone()
    return visit


Steward = Annotated[Visit, Depends(steward)]


def _gone() -> ServiceProblem:
    return ServiceProblem(NotFound.status, NotFound.code)


@router.get("/steward")
async def show(visit: Steward, form: Unsent) -> Response:
    """All of it, as it is."""
    return await _show(visit, form)


async def _show(visit: Visit, form: Form) -> Response:
    settled = await visit.texts.settled()
    said, today = settled.announcement, clock.now().date()
    known = {"community_name": settled.name, "sender_name": settled.sender, "who_may_join": settled.who_may_join}
    known |= {f"said_{language}": words for language, words in said.words.items()} if said else {}
    known |= {"first_day": str(said.first_day if said else today), "last_day": str(said.last_day if said else today)}
    # What she sees now is what she changes next.
    form = replace(form, values={**known, **form.values, "version": str(settled.version)})
    allowed = get_args(Join)[: get_args(Join).index(settled.most) + 1]
    own: dict[str, Any] = {"settled": settled, "allowed": allowed, "names": get_args(TextName), "titles": texts.TITLES}
    return visit.page("steward.html", form.status, form=form, **own)


@router.post("/steward")
async def settle(visit: Steward) -> Response:
    """One of its two forms."""
    form = await visit.form()
    announcing = form.value("decision") == "announce"
    send, body = (visit.texts.announce, AnnounceBody) if announcing else (visit.texts.settle, CommunityBody)
    try:
        await send(form.typed(body), key=form.key)
    except ServiceProblem as refusal:
        return await _show(visit, form.after(refusal, visit.language))
    visit.request.app.state.community.forget()
    return visit.go("/steward", done="settled")


@router.post(LOGO_PATH)
async def change_logo(visit: Steward) -> Response:
    """Show it, or take it away."""
    form = await visit.form()
    removing = form.value("decision") == "remove"
    if not removing and not form.file:
        return await _show(visit, form.with_errors(visit.say(Invalid.sentence), picture=visit.say(CHOOSE)))
    try:
        await visit.texts.show_logo(b"" if removing else form.file, key=form.key)
    except ServiceProblem as refusal:
        return await _show(visit, form.after(refusal, visit.language))
    visit.request.app.state.community.forget()
    return visit.go("/steward", done="settled")


@router.get("/logo/{tag}")
async def logo(request: Request, tag: str) -> Response:
    """The picture: its address is another with every other one, so browsers may keep it."""
    if not tag or (picture := await request.app.state.community.logo(tag)) is None:
        raise HTTPException(404)
    return Response(picture, media_type="image/webp", headers={"Cache-Control": FOR_EVER})


@router.get("/steward/{name}")
async def edit(visit: Steward, name: str, form: Unsent) -> Response:
    """A text to write anew, as it stands now."""
    if name not in get_args(TextName):
        raise _gone()
    return await _edit(visit, name, form)


async def _edit(visit: Visit, name: str, form: Form) -> Response:
    try:
        now = await visit.texts.text(name)
    except ServiceProblem:
        if not form.problem:
            raise
        # What she wrote comes first.
        now = TextView(version=int(form.value("version") or 1))
    known = {f"whole_{language}": words for language, words in now.words.items()}
    form = replace(form, values={**known, **form.values, "version": str(now.version)})
    return visit.page("steward_text.html", form.status, form=form, name=name, now=now, titles=texts.TITLES[name], replaced=texts.REPLACED)


@router.post("/steward/{name}")
async def publish(visit: Steward, name: str) -> Response:
    """Its next version."""
    form = await visit.form()
    try:
        await visit.texts.write_text({**form.typed(PublishBody), "text": name}, key=form.key)
    except ServiceProblem as refusal:
        return await _edit(visit, name, form.after(refusal, visit.language))
    visit.request.app.state.community.forget()
    return visit.go("/steward", done="published")
