"""Her profile: made once, changed when she likes."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from services.web import i18n, labels, session
from services.web.clients.http import ServiceDown, ServiceProblem
from services.web.forms import Form
from services.web.i18n import N_
from services.web.labels import SAID, SPOKEN, other_languages
from services.web.visit import Visit
from services.web.visitors import SignedIn, Unsent
from shared import languages
from shared.contracts.http.members.profiles import MOST_LANGUAGES, OwnProfile, ProfileBody, ProfileChangedMeanwhile
from shared.problems import Invalid

router = APIRouter()

ANOTHER = "another_language"
LONGEST_NAME = 80
WHICH = N_("Several languages are called something like it. Please tick yours above.")
UNKNOWN = N_("We know no language of that name. Try another of its names.")


@router.get("/profile")
async def edit(visit: SignedIn, form: Unsent) -> Response:
    """The form, with what is known."""
    if visit.me is None:
        raise ServiceDown("members")
    if visit.me.asks_to_join:
        return visit.go("/join")
    if form.problem:
        return _show(visit, form, _spoken(form))
    known = visit.me.profile
    if known is None:
        said = visit.me.invited_as.model_dump(exclude_none=True, exclude={"group"}) if visit.me.invited_as else {}
        first = {"language": visit.language, "visibility": "connections", "version": "0", **said}
        return _show(visit, Form(values=first), [first["language"]])
    return _show(visit, Form(values=_values(known, visit.me.version)), known.languages or [visit.language])


def _values(profile: OwnProfile, version: int) -> dict[str, str]:
    findable = "yes" if profile.findable else ""
    return {**profile.model_dump(exclude={"languages", "discreet"}), "version": str(version), "findable": findable}


def _show(visit: Visit, form: Form, spoken: list[str], found: Sequence[str] = ()) -> Response:
    # What she speaks stays among the tiles, however many do; what she may have meant comes first.
    offered = list(dict.fromkeys([*found, *SPOKEN, *spoken]))
    joining = visit.me is not None and not visit.me.joined
    tiles = {"spoken": spoken, "offered": offered, "others": other_languages(visit.language), "most_languages": MOST_LANGUAGES}
    return visit.page("profile.html", form.status, form=form, zones=i18n.zones(visit.language), joining=joining, **tiles)


def _spoken(form: Form) -> list[str]:
    """The tiles she ticked."""
    return [code for code in form.all("languages") if code]


@router.post("/profile")
async def save(visit: SignedIn) -> Response:
    """Make or change it. A language that she wrote is looked for first: if several may be meant she is asked which."""
    form = await visit.form()
    spoken, written = _spoken(form), form.value(ANOTHER)[:LONGEST_NAME]
    found = languages.find(written, SPOKEN)
    if len(found) == 1:
        spoken = list(dict.fromkeys([*spoken, *found]))
        form = replace(form, values={**form.values, ANOTHER: ""})
    elif written.strip():
        return _show(
            visit, form.with_errors(visit.say(Invalid.sentence), **{ANOTHER: visit.say(WHICH if found else UNKNOWN)}), spoken, found
        )
    new = visit.me is None or not visit.me.joined
    own: dict[str, object] = {"languages": spoken, "adult": form.value("adult") == "yes", "terms": form.value("terms") or None}
    own["group"] = form.value("group") == "yes"
    own |= {"findable": form.value("findable") == "yes", "discreet": None, "version": form.value("version") or None}
    try:
        await visit.members.write_profile({**form.typed(ProfileBody), **own, "visibility": form.value("visibility") or None}, key=form.key)
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
    told = {"visibility": labels.READ_BY[now["visibility"]], "findable": SAID[now["findable"]]}
    shown = {**now, "language": i18n.LANGUAGES[now["language"]], **{name: visit.say(text) for name, text in told.items()}}
    errors = {name: visit.saved(shown[name]) for name in now if name != "version" and now[name] != form.value(name)}
    if set(spoken) != set(me.profile.languages):
        errors["languages"] = visit.saved(", ".join(labels.spoken(code, visit.language).striptags() for code in me.profile.languages))
    return replace(form, errors=errors, values={**form.values, "version": str(me.version)})
