"""Whatever happens to a form she sends, what she wrote isn't lost: one table of troubles over every form there is."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from services.web.clients.members import Members
from services.web.forms import Form
from services.web.kept import LIFE, Keeper, Kept
from services.web.rendering import TEMPLATES
from services.web.tokens import Tokens
from shared import clock
from tests.web.conftest import Browser, Community
from tests.web.fake_contests import new_contest, new_word
from tests.web.fake_joining import new_join_request
from tests.web.fake_members import CODE
from tests.web.fake_moderation import new_case, new_notice, new_public_notice
from tests.web.fake_needs import new_need
from tests.web.fake_requests import new_request
from tests.web.fake_world import later
from tests.web.fakes import Fakes
from tests.web.scenes import WHY, WORDS, Trio, trio

WHERE = "En la clínica de Mérida, <b>junto</b> a la puerta 👩🏽‍💻"
OF_ITS_OWN = {"withdraw.html": "withdraw", "decline_to_vouch.html": "decline", "decline.html": "decline"}
"""A page before what can't be undone, or of ways to say it: it is sent to the address of what it is about."""


@dataclass(frozen=True)
class Sent:
    """A form: whose, on which page, sent to which address, with which fields."""

    template: str
    browser: Browser
    owner: UUID
    page: str
    path: str
    fields: dict[str, str]
    shown: dict[str, str]
    """The fields that she has filled in, as they should stand in the form again."""


def forms(three: Trio) -> Iterator[Sent]:
    """Every form of a member: each template that opens one, and each decision on it."""
    world = three.community.world
    asks = {"how_met": "work", "where_we_met": WHERE, "why_now": WHY}
    stranger, hers = three.community.woman("Irene Sol")
    request = f"/connection-requests/{new_request(world, stranger, three.lucia, **asks)['id']}"
    asked, vouched, confirmed = (f"/introductions/{row['id']}" for row in (three.introduction(), three.vouched(), three.confirmed()))
    words = {f"words_for.{side}": WORDS + str(side) for side in (three.lucia, three.andrea)}
    profile = {"name": "Lucía “Lu” Ríos", "headline": "Médica", "organisation": "", "place": "Mérida", "time_zone": "America/Merida"}

    def a(template: str, browser: Browser, path: str, decision: str = "", **shown: str) -> Sent:
        owner = {three.voucher: three.marisol, three.asker: three.lucia, three.counterpart: three.andrea, hers: stranger}[browser]
        page = f"{path}/{OF_ITS_OWN[template]}" if template in OF_ITS_OWN else path
        return Sent(template, browser, owner, page, path, {**shown, **({"decision": decision} if decision else {})}, shown)

    yield a("profile.html", three.asker, "/profile", **profile, languages="es", language="es")
    yield a(
        "connect.html", three.asker, f"/m/{three.andrea}/connect", step="check", **asks, met_at="Feria", asks_for="advice", closeness="met"
    )
    yield a("ask.html", three.counterpart, f"/m/{three.lucia}/introduction/{three.marisol}", why_her=WHY)
    yield a("propose.html", three.voucher, f"/m/{three.lucia}/propose/{three.andrea}", **words)
    yield a("vouch.html", three.voucher, f"{asked}/vouch", **words, show_why_her="yes")
    yield a("outcome.html", three.asker, f"{confirmed}/outcome", answer="worthwhile", thank_you=WHY, report="")
    yield a("outcome.html", three.asker, f"{confirmed}/outcome", answer="misconduct", thank_you="", report=WHY)
    yield a("closeness.html", three.voucher, f"/connections/{three.lucia}/closeness", closeness="worked_together", last_spoke="year")
    provenance = {"how_met": "event", "where_we_met": WHY, "met_at": "Feria"}
    yield a("provenance.html", three.voucher, f"/connections/{three.lucia}/provenance", **provenance)
    yield a("remove.html", three.voucher, f"/connections/{three.lucia}/remove")
    world.connections[three.marisol, three.lucia]["quiet"] = True
    yield a("tidy.html", three.voucher, "/connections/tidy")
    yield a("connection.html", three.voucher, f"/connections/{three.lucia}", open_to_asks="no")
    yield a("connection_request.html", three.asker, request, "accept", closeness="know_well", last_spoke="year")
    yield a("connection_request.html", three.asker, request, "decline")
    yield a("decline.html", three.asker, request, "decline", how="quietly")
    yield a("question.html", three.asker, f"{request}/question", clarifying_question=WHERE)
    yield a("withdraw.html", hers, request, "withdraw")
    yield a("introduction_voucher.html", three.voucher, asked, "decline")
    yield a("decline_to_vouch.html", three.voucher, asked, "decline", how="quietly")
    yield a("withdraw.html", three.voucher, vouched, "withdraw_vouch")
    yield a("correction.html", three.counterpart, f"{vouched}/correction", correction=WHERE)
    corrected = three.vouched(corrections={three.andrea: {"text": WHERE, "corrected": False}})
    yield a("correct_words.html", three.voucher, f"/introductions/{corrected['id']}/words", **words)
    yield a("introduction_side.html", three.counterpart, vouched, "confirm")
    yield a("introduction_side.html", three.counterpart, vouched, "pass")
    yield a("withdraw.html", three.asker, asked, "withdraw")
    touched, kept = (f"/introductions/{three.confirmed(confirmed_at=later(-days))['id']}" for days in (6, 22))
    world.outcomes[UUID(kept.rpartition("/")[2]), three.lucia] = {"answer": "worthwhile"}
    yield a("moment.html", three.asker, touched, "not_yet")
    yield a("moment.html", three.asker, f"{kept}/keep", closeness="know_well")
    need = new_need(world, three.lucia, three.marisol, looking_for=WHY)["id"]
    yield a("need_ask.html", three.asker, f"/m/{three.marisol}/need", looking_for=WHY, days="4")
    yield a("need.html", three.voucher, f"/needs/{need}", "decline")
    yield a("propose.html", three.voucher, f"/needs/{need}/propose/{three.andrea}", **words, show_need="yes")
    enough = {"introductions_in_30_days": "0", "suggestible": "yes", "find": "yes"}
    yield a("joining.html", three.asker, "/joining", find="yes", reachable="yes")
    yield a("reach.html", three.asker, "/reach", bar="anyone", question="¿Qué te trae por aquí?", asks_in_30_days="5", **enough)
    yield a("reach.html", three.asker, "/reach", "pause", how_long="date", until="2027-01-07", starting="2026-12-24")
    yield a("reach.html", three.asker, "/reach", "exclude", organisation="Cooperativa Sur")
    world.groups[three.lucia] = "Promoción 2024"
    yield a("reach.html", three.asker, "/reach", "group")
    yield a("exclude.html", three.asker, f"/m/{three.andrea}/exclude")
    yield a("block.html", three.asker, f"/m/{three.andrea}/block", "block")
    yield a("report.html", three.asker, f"/m/{three.andrea}/report", kind="spam", what_happened=WHY)
    world.block(three.marisol, stranger)
    yield Sent("blocks.html", three.voucher, three.marisol, "/me/blocks", f"/me/blocks/{stranger}", {"decision": "unblock"}, {})
    yield a("discreet.html", three.asker, "/me/discreet", discreet="yes")
    yield a("invite.html", three.asker, "/invite")
    world.by_letter = True
    mia = {"email": "mia@example.com", "language": "es"}
    yield Sent("invite.html", three.voucher, three.marisol, "/invite", "/invite/letter", mia, mia)
    yield a("leave.html", three.asker, "/me/leave")
    yield a("data.html", three.asker, "/me/data")
    eva, evas = three.community.woman("Eva Paz")
    notice = f"/notices/{new_notice(world, eva, acknowledged_at=clock.now())['id']}"
    yield Sent("appeal.html", evas, eva, f"{notice}/appeal", f"{notice}/appeal", {"appeal": WHY}, {"appeal": WHY})
    unread = f"/notices/{new_notice(world, eva)['id']}"
    yield Sent("notice.html", evas, eva, unread, unread, {}, {})
    yield a("find.html", three.asker, "/find", sought="Turia")
    world.not_looked.add((three.lucia, three.andrea))
    ways = f"/m/{three.andrea}/introduction"
    yield Sent("member.html", three.asker, three.lucia, f"/m/{three.andrea}", ways, {}, {})
    yield Sent("ask_whom.html", three.asker, three.lucia, ways, ways, {}, {})
    world.suggestions[three.marisol] = {"introduce": {"sides": [world.card(three.lucia), world.card(three.andrea)]}}
    world.roles[three.marisol] = ["moderator", "steward"]
    waits = f"/moderation/joining/{new_join_request(world, 'Mia Sol')['id']}"
    yield Sent("moderation_joining.html", three.voucher, three.marisol, "/moderation/joining", waits, {"answer": "not_now"}, {})
    case = f"/moderation/cases/{new_case(world, three.andrea, None, mine=True)['id']}"
    yield a("case.html", three.voucher, case, do="note", note=WHY)
    yield a("decide.html", three.voucher, f"{case}/decision", kind="limit", rule="respect", reasons=WHY, days="7")
    public = f"/moderation/notices/{new_public_notice(world)['id']}"
    yield a("answer_notice.html", three.voucher, public, reply=WHY)
    contested = new_contest(world, three.andrea, words=[new_word(world, 7, three.andrea, three.lucia)])
    contest = f"/moderation/contests/{contested['id']}"
    yield a("decide_contest.html", three.voucher, contest, exclude="7", why_excluded=WHY, answer_to_her=WHY)
    yield a("contest.html", three.asker, "/ledger/contest", line="good", objection=WHY)
    nora, noras = three.community.woman("Nora Haddad")
    world.community, world.members[nora]["profile"] = {"who_may_join": "by_request"}, None
    three.community.app.state.community.forget()
    me = {"name": "Nora Haddad", "about": WHY, "recommender": "olga@example.com", "adult": "yes", "terms": "1"}
    yield Sent("join.html", noras, nora, "/join", "/join", me, me)
    named = {"community_name": "Asociación Madrina", "sender_name": "Madrina", "who_may_join": "invited"}
    yield a("steward.html", three.voucher, "/steward", "settle", **named)
    said = {"said_en": WHY, "said_es": WHERE, "first_day": "2026-12-01", "last_day": "2026-12-24"}
    yield a("steward.html", three.voucher, "/steward", "announce", **said)
    whole = {"whole_en": WHERE * 3, "whole_es": WHY, "new_en": WHY, "new_es": WHY}
    yield a("steward_text.html", three.voucher, "/steward/rules", **whole)
    yield Sent("suggested.html", three.voucher, three.marisol, "/suggestions", "/suggestions", {}, {})


ALL = range(60)


class Filled(HTMLParser):
    """What stands in the fields of a page's forms, by name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.values: dict[str, set[str]] = {}
        self._inside, self._text = "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        own = {name: value or "" for name, value in attrs}
        if tag == "textarea":
            self._inside, self._text = own["name"], ""
        elif tag == "select":
            self._inside = own["name"]
        elif tag == "option" and "selected" in own:
            self.values.setdefault(self._inside, set()).add(own["value"])
        elif tag == "input" and (own.get("type") not in {"radio", "checkbox"} or "checked" in own):
            self.values.setdefault(own.get("name", ""), set()).add(own.get("value", ""))

    def handle_data(self, data: str) -> None:
        """Collect."""
        if self.lasttag == "textarea":
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        """Collect."""
        if tag == "textarea":
            self.values.setdefault(self._inside, set()).add(self._text.removeprefix("\n"))


def stands(page: httpx.Response, fields: dict[str, str]) -> bool:
    """Whether all of it stands in the page's forms."""
    found = Filled(page.text).values
    return all(value in found.get(name, {""}) for name, value in fields.items())


def words_of(sent: Sent) -> list[str]:
    """What of it a page could show in clear, as HTML has it."""
    return [str(value)[:30].split("<")[0].split("'")[0] for value in sent.fields.values() if len(value) > 25]


@pytest.fixture(params=ALL)
def sent(request: pytest.FixtureRequest, community: Community) -> Sent:
    """Each form of the product in turn."""
    place: int = request.param
    return list(forms(trio(community)))[place]


SIGNING_IN = {"passkey_remove.html", "signing_in.html", "step_up.html", "address.html", "address_undo.html"}
"""In test_signing_in and test_address."""


def test_the_table_has_every_form_of_every_template(community: Community) -> None:
    opened, bare = set(), {}
    for template in TEMPLATES.rglob("*.html"):
        name, text = template.relative_to(TEMPLATES).as_posix(), template.read_text()
        if "part.opening(" in text:
            opened.add(name)
        elif 'method="post"' in text and name != "parts.html":
            bare[name] = text
    every = list(forms(trio(community)))
    assert len(every) == len(ALL)
    # A visitor's own, and the pages that keep a form: test_sign_in, test_services_down, test_agree and test_notices.
    assert {sent.template for sent in every} == opened - {
        "door.html",
        "code.html",
        "errors/kept.html",
        "agree.html",
        "public_notice.html",
    } - SIGNING_IN
    # Every other form is a button alone: nothing can be written in it. A passkey's name is a label alone, and a script shows its form.
    del bare["passkey_new.html"]
    del bare["photo.html"]  # a picture is chosen anew
    for name, text in bare.items():
        assert not re.search(r"<textarea|part\.(text|line)|<input (?!type=.hidden)", text.split('method="post"', 1)[1]), name


async def signed_out(sent: Sent, app: FastAPI, fakes: Fakes) -> httpx.Response:
    """She opens the form; her session ends elsewhere; she sends it."""
    page = await sent.browser.get(sent.page)
    assert page.status_code == 200
    fakes.world.sessions.clear()
    app.state.tokens = Tokens(Members(app.state.services["members"]))
    fakes.calls.clear()
    return await sent.browser.send(page, sent.path, False, **sent.fields)


async def sign_in(browser: Browser, door: httpx.Response, fakes: Fakes, member_id: UUID) -> httpx.Response:
    """Sign in at the door of that page, after a mistake at each step."""
    wrong = await browser.send(door, "/sign-in", False, email="nobody")
    assert wrong.status_code == 422
    code = await browser.send(wrong, "/sign-in", False, email=fakes.world.members[member_id]["email"])
    assert code.status_code == 200
    path = f"/sign-in/{list(fakes.world.challenges)[-1]}"
    wrong = await browser.send(code, path, False, code="000000")
    assert wrong.status_code == 422
    return await browser.send(wrong, path, False, code=CODE)


async def test_it_comes_back_after_signing_in_again(sent: Sent, app: FastAPI, fakes: Fakes) -> None:
    door = await signed_out(sent, app, fakes)
    assert door.status_code == 401
    assert door.headers["hx-push-url"] == "false"
    assert "kept in this page" in door.text
    assert not any(words in door.text for words in words_of(sent))
    back = await sign_in(sent.browser, door, fakes, sent.owner)
    assert back.status_code == 200
    assert back.headers["hx-push-url"] == sent.path
    assert "It hasn&#39;t been sent yet" in back.text or "no se ha enviado" in back.text
    assert stands(back, sent.shown)
    # By itself nothing was sent; now she sends it, and it is the command that she meant in the first place.
    commands = [call for call in fakes.calls if "idempotency-key" in call.headers]
    assert commands == []
    # What can't be undone has a page of its own before it.
    form = back if sent.page == sent.path else await sent.browser.get(sent.page)
    done = await sent.browser.send(form, sent.path, False, **sent.fields)
    assert done.status_code == (200 if sent.template == "find.html" else 303), "what is found is shown below what she sought"
    # To seek somebody is no command.
    assert len([call for call in fakes.calls if "idempotency-key" in call.headers]) == (sent.template != "find.html")


async def test_it_never_comes_to_another_member(sent: Sent, app: FastAPI, fakes: Fakes) -> None:
    door = await signed_out(sent, app, fakes)
    other = fakes.world.add("Zoe Otra")
    there = await sign_in(sent.browser, door, fakes, other)
    assert (there.status_code, there.headers["location"]) == (303, "/")
    home = await sent.browser.get("/")
    assert not any(words in there.text + home.text for words in words_of(sent))


async def test_a_form_of_one_member_is_not_sent_as_another(sent: Sent, app: FastAPI, fakes: Fakes) -> None:
    page = await sent.browser.get(sent.page)
    other, session = fakes.world.add("Zoe Otra"), uuid4().hex
    fakes.world.sessions[session] = other
    sent.browser.http.cookies.set("__Host-madrina", session, domain="madrina.test")
    fakes.calls.clear()
    door = await sent.browser.send(page, sent.path, False, **sent.fields)
    assert door.status_code == 401
    assert "Someone else is signed in here now" in door.text
    assert not any(words in door.text for words in words_of(sent))
    assert not [call for call in fakes.calls if "idempotency-key" in call.headers]
    assert stands(await sign_in(sent.browser, door, fakes, sent.owner), sent.shown)


async def test_who_signed_in_meanwhile_in_another_tab_gets_it_at_once(sent: Sent, app: FastAPI, fakes: Fakes) -> None:
    door = await signed_out(sent, app, fakes)
    session = uuid4().hex
    fakes.world.sessions[session] = sent.owner
    sent.browser.http.cookies.set("__Host-madrina", session, domain="madrina.test")
    back = await sent.browser.send(door, "/sign-in", False)
    assert back.status_code == 200
    assert stands(back, sent.shown)


def answers(status: int, code: str) -> Callable[[httpx.Request], httpx.Response | None]:
    """To every command that answer; to every read the usual one."""
    return lambda request: (
        None if request.method == "GET" or "sessions" in request.url.path else httpx.Response(status, json={"code": code})
    )


def gone(request: httpx.Request) -> httpx.Response | None:
    """To everything but a question for a token: there is nothing here."""
    usual = "sessions" in request.url.path or request.url.path == "/v1/me"
    return None if usual else httpx.Response(404, json={"code": "not_found"})


def fault(request: httpx.Request) -> httpx.Response | None:
    """A fault of ours on the way to any command."""
    if request.method != "GET" and not {"sessions", "photos"} & {*request.url.path.split("/")}:
        raise RuntimeError("ours")
    return None


TROUBLES: dict[str, tuple[Callable[[httpx.Request], httpx.Response | None], int]] = {
    "the service fails, or its migration is under way": (answers(503, "unavailable"), 503),
    "a fault of ours": (fault, 500),
    "the key was used for other words": (answers(422, "idempotency_key_reused"), 422),
    "it can't be done now": (answers(409, "cannot_ask"), 409),
    "what it is about is gone": (gone, 404),
}


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_it_stays_whatever_the_services_answer(sent: Sent, fakes: Fakes, trouble: str) -> None:
    answer, status = TROUBLES[trouble]
    page = await sent.browser.get(sent.page)
    for wire in fakes.wires.values():
        wire.answer = answer
    with capture_logs():
        after = await sent.browser.send(page, sent.path, False, **sent.fields)
    assert after.status_code == status
    # A script may put it in the form's place.
    assert after.headers["x-keeps-words"] == "yes"
    # A page that isn't there any more can't show its form; her words are there to be copied.
    assert all(words in after.text for words in words_of(sent)) if trouble.endswith("gone") else stands(after, sent.shown)


async def test_a_page_that_loses_words_never_takes_a_forms_place(community: Community) -> None:
    visitor = community.visitor()
    lost = [
        await visitor.post("/sign-in", {"email": "x" * 70_000}),
        await visitor.http.post("/sign-in", data={"email": "a"}, headers={"Sec-Fetch-Site": "cross-site"}),
        await visitor.http.post("/sign-in", data={"email": "a"}, headers={"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"}),
    ]
    assert [answer.status_code for answer in lost] == [413, 403, 400]
    assert not any("x-keeps-words" in answer.headers for answer in lost)


KEPT = Kept(uuid4(), "/profile", Form(values={"name": "Ana"}, key=str(uuid4()), sent=(("name", "Ana"),)))


def test_what_is_sealed_is_opened_by_the_same_keys_alone() -> None:
    old, new = "o" * 32, "n" * 32
    sealed = Keeper(old).seal(KEPT)
    for keys in (old, f"{new},{old}"):
        found = Keeper(keys).open(sealed)
        assert found
        assert (found.owner, found.path, found.form.sent, found.form.key) == (KEPT.owner, KEPT.path, KEPT.form.sent, KEPT.form.key)
    assert Keeper(new).open(sealed) is None
    assert "Ana" not in sealed


@pytest.mark.parametrize("place", [0, 12, 30, -30])
def test_what_was_changed_is_ignored(place: int) -> None:
    keeper = Keeper("k" * 32)
    sealed = keeper.seal(KEPT)
    changed = list(sealed)
    changed[place] = "A" if changed[place] != "A" else "B"
    assert keeper.open("".join(changed)) is None
    assert [keeper.open(text) for text in ("", "x", "é" * 40, sealed[:-4])] == [None] * 4


def test_what_is_too_old_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper, now = Keeper("k" * 32), time.time()
    sealed = keeper.seal(KEPT)
    for age, there in ((LIFE.total_seconds() - 60, True), (LIFE.total_seconds() + 60, False)):
        monkeypatch.setattr(time, "time", lambda age=age: now + age)
        assert (keeper.open(sealed) is not None) is there


def test_its_key_can_be_changed() -> None:
    old, new = "o" * 32, "n" * 32
    sealed = Keeper(old).seal(KEPT)
    assert [Keeper(keys).open(sealed) is not None for keys in (old, f"{new},{old}", new)] == [True, True, False]


async def test_a_seal_that_is_none_is_not_carried_on(community: Community) -> None:
    visitor = community.visitor()
    answer = await visitor.post("/sign-in", {"email": "nobody", "kept": "x" * 200})
    assert "x" * 200 not in answer.text
