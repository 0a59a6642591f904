"""Her profile: made once, changed when she likes."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from services.web import i18n, labels, session
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.labels import SPOKEN, other_languages
from services.web.visit import SignedIn, Unsent, Visit
from shared.contracts.http.members.profiles import MOST_LANGUAGES, OwnProfile, ProfileBody, ProfileChangedMeanwhile

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
        return _show(visit, Form(values={"language": visit.language, "version": "0"}), [visit.language])
    return _show(visit, Form(values=_values(known, visit.me.version)), known.languages or [visit.language])


def _values(profile: OwnProfile, version: int) -> dict[str, str]:
    return {**profile.model_dump(exclude={"languages", "visibility"}), "version": str(version)}


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
    # Visibility isn't among the fields, and so stays as it is.
    own = {"languages": spoken, "visibility": None, "version": form.value("version") or None}
    try:
        await visit.members.write_profile({**form.typed(ProfileBody), **own}, key=form.key)
    except ServiceProblem as refusal:
        again = form.after(refusal, visit.language)
        return _show(visit, await _beside(visit, again, spoken) if refusal.code == ProfileChangedMeanwhile.code else again, spoken)
    response = visit.go("/joining", done="joined") if new or visit.me is None else visit.go(f"/m/{visit.me.id}", done="profile")
    session.keep_language(response, form.value("language"))
    return response


async def _beside(visit: Visit, form: Form, spoken: list[str]) -> Form:
    """Her words, and beside each field that differs what stands there by now: her next try is made with both in sight."""
    me = await visit.members.me()
    if me.profile is None:
        return form
    now = _values(me.profile, me.version)
    shown = {**now, "language": i18n.LANGUAGES[now["language"]]}
    errors = {name: visit.saved(shown[name]) for name in now if name != "version" and now[name] != form.value(name)}
    if set(spoken) != set(me.profile.languages):
        errors["languages"] = visit.saved(", ".join(labels.spoken(code, visit.language).striptags() for code in me.profile.languages))
    return replace(form, errors=errors, values={**form.values, "version": str(me.version)})
