"""Her profile: made once, changed when she likes."""

from fastapi import APIRouter
from starlette.responses import Response

from services.web import i18n, session
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.labels import SPOKEN, other_languages
from services.web.visit import SignedIn, Unsent, Visit
from shared.contracts.http.members import MOST_LANGUAGES, ProfileBody

router = APIRouter()


@router.get("/profile")
async def edit(visit: SignedIn, form: Unsent) -> Response:
    """The form, with what is known."""
    if visit.me is None:
        raise ServiceDown("members")
    if form.problem:
        return _show(visit, form, _spoken(form))
    known = visit.me.profile
    if known is None:
        return _show(visit, Form(values={"language": visit.language}), [visit.language])
    return _show(visit, Form(values=known.model_dump(exclude={"languages"})), known.languages or [visit.language])


def _show(visit: Visit, form: Form, spoken: list[str]) -> Response:
    # What she speaks stays among the tiles, however many do.
    offered = list(dict.fromkeys([*SPOKEN, *spoken]))
    others = [(code, name) for code, name in other_languages(visit.language) if code not in offered]
    joining = visit.me is not None and not visit.me.joined
    languages = {"spoken": spoken, "offered": offered, "others": others, "most_languages": MOST_LANGUAGES}
    return visit.page("profile.html", form.status, form=form, zones=i18n.zones(visit.language), joining=joining, **languages)


def _spoken(form: Form) -> list[str]:
    """The tiles she ticked and the other language she chose, if she did."""
    return [code for code in form.all("languages") if code]


@router.post("/profile")
async def save(visit: SignedIn) -> Response:
    """Make or change it."""
    form = await visit.form()
    spoken = _spoken(form)
    new = visit.me is None or not visit.me.joined
    visibility = visit.me.profile.visibility if visit.me and visit.me.profile else "members"
    try:
        await visit.members.write_profile({**form.typed(ProfileBody), "languages": spoken, "visibility": visibility}, key=form.key)
    except ServiceProblem as refusal:
        return _show(visit, form.after(refusal, visit.language), spoken)
    response = visit.go("/", done="joined") if new or visit.me is None else visit.go(f"/m/{visit.me.id}", done="profile")
    session.keep_language(response, form.value("language"))
    return response
