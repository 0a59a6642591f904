"""Today: what waits for her, what is under way, and one thing worth a minute; for a visitor, what this is and the door."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from services.web import minute, session, today
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.visit import Visit
from services.web.visitors import Anyone, Member
from services.web.waiting import tag, waiting
from shared import clock
from shared.clock import zone
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.contracts.http.requests.connections import MemberView
from shared.contracts.http.requests.suggestions import SuggestionsView
from shared.contracts.http.requests.todo import TodoView

router = APIRouter()


@router.get("/")
async def show(visit: Anyone) -> Response:
    """A greeting, and what there is; if that can't be known just now, the greeting and a sentence that says so."""
    if visit.secret is None:
        return visit.page("landing.html", form=Form(), next="")
    if visit.me is not None and not visit.me.joined:
        raise ProfileNeeded
    todo, connections, suggestions = await asyncio.gather(
        visit.part(visit.requests.todo()), visit.part(visit.requests.connections()), visit.part(visit.requests.suggestions())
    )
    now = clock.now()
    known: dict[str, Any] = {"todo": todo, "now": now, "hours": today.hours(now, visit.time_zone)}
    known["announcement"] = today.announced(
        visit.community, now.astimezone(zone(visit.time_zone)).date(), session.announcement_read(visit.request)
    )
    if todo is None:
        return visit.page("today.html", **known)
    known |= {"today": tag(todo), "waits": waiting(todo), "link": f"{visit.web_url}/m/{visit.member_id}"}
    if connections is not None and today.is_new(todo, connections.items):
        return visit.page("newcomer.html", **known, sender=await _sender(visit))
    said: dict[str, Any] = {
        "things": today.waits(todo),
        "women": today.women(todo),
        "words_travel": today.words_travel(todo),
        "shown": today.SHOWN,
    }
    return visit.page("today.html", **known, **said, minute=_minute(visit, todo, suggestions), form=Form())


def _minute(visit: Visit, todo: TodoView, suggestions: SuggestionsView | None) -> dict[str, Any]:
    """What is worth a minute: the first of these that there is."""
    if minute.of_a_pause(todo):
        return {"kind": "pause"}
    if introduction := minute.met_already(todo, clock.now()):
        return {"kind": "outcome", "introduction": introduction}
    if suggestions and suggestions.introduce:
        return {"kind": "pair", "pair": suggestions.introduce}
    if suggestions and suggestions.might_know:
        return {"kind": "might_know", "one": suggestions.might_know[0]}
    if visit.profile and (line := minute.empty_line(visit.profile)):
        return {"kind": "line", "line": line}
    return {"kind": "link"}


async def _sender(visit: Visit) -> MemberView | None:
    """Whose page a newcomer opened before she signed in; None if that isn't known, or if there is no such member for her."""
    sender = session.sender_of(visit.request)
    if sender is None or sender == visit.member_id:
        return None
    try:
        return (await visit.her(sender))[0]
    except (ServiceDown, ServiceProblem):
        return None


@router.post("/announcement")
async def dismiss(visit: Member) -> Response:
    """She has read it."""
    response = visit.go("/")
    session.read_announcement(response, (await visit.form()).value("number")[:10])
    return response
