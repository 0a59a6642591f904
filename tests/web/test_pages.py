"""Every page in both languages: its words, and what it offers to whom."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from services.web.drawing import mark
from services.web.rendering import TEMPLATES
from services.web.security import POLICY
from shared import clock
from tests.web.conftest import Browser, Community, pages_over
from tests.web.fake_requests import new_request
from tests.web.fake_world import later
from tests.web.fakes import Fakes
from tests.web.scenes import Trio, arcs, trio

LANGUAGES = ["en", "es"]


def pages_of(three: Trio) -> list[tuple[Browser, str]]:
    """A browser and an address for every page there is."""
    visitor = three.community.visitor()
    asked, vouched, confirmed = three.introduction(), three.vouched(), three.confirmed()
    newcomer, new = three.community.woman("Irene Sol")
    words = {"where_we_met": "At the clinic in Mérida", "why_now": "I would like to know how your new clinic is doing."}
    request = new_request(three.community.world, newcomer, three.lucia, how_met="work", **words)
    shared = f"/m/{three.andrea}"
    of_visitor = ["/", "/sign-in", f"/sign-in/{uuid4()}", "/nothing"]
    of_voucher = ["/", "/profile", f"/m/{three.marisol}", shared, f"{shared}/propose", f"{shared}/propose/{three.lucia}", "/connections"]
    of_voucher += [
        f"/connections/{three.lucia}",
        "/introductions",
        f"/introductions/{asked['id']}",
        f"/introductions/{asked['id']}/vouch",
    ]
    of_voucher += [f"/connections/{three.lucia}{page}" for page in ("/closeness", "/provenance", "/remove")]
    of_voucher += [f"/introductions/{vouched['id']}", f"/introductions/{confirmed['id']}", "/ledger"]
    of_asker = ["/", shared, f"{shared}/connect", f"{shared}/introduction", f"{shared}/introduction/{three.marisol}", "/introductions"]
    of_asker += [f"/introductions/{asked['id']}", f"/introductions/{vouched['id']}", f"/connection-requests/{request['id']}"]
    of_counterpart = [f"/introductions/{vouched['id']}", f"/introductions/{confirmed['id']}", f"/introductions/{confirmed['id']}/outcome"]
    of_new = [
        "/",
        "/introductions",
        "/connections",
        "/connection-requests",
        f"/connection-requests/{request['id']}",
        f"{shared}/introduction",
    ]
    everyone = [
        (visitor, of_visitor),
        (three.voucher, of_voucher),
        (three.asker, of_asker),
        (three.counterpart, of_counterpart),
        (new, of_new),
    ]
    return [(browser, path) for browser, paths in everyone for path in paths]


async def test_head_is_a_page_without_its_text(community: Community) -> None:
    for browser, path in pages_of(trio(community)):
        got, asked = await browser.get(path), await browser.http.head(path)
        assert (asked.status_code, asked.content) == (got.status_code, b""), path
        assert asked.headers.keys() - {"content-length"} == got.headers.keys() - {"content-length"}


async def test_what_an_address_does_not_take_is_refused_with_what_it_takes(community: Community) -> None:
    allowed = {
        "/": "GET, HEAD",
        "/sign-in": "GET, HEAD, POST",
        f"/m/{uuid4()}/connect": "GET, HEAD, POST",
        "/static/0/madrina.css": "GET, HEAD",
    }
    for path, methods in allowed.items():
        answer = await community.visitor().http.put(path, headers={"Sec-Fetch-Site": "same-origin", "Content-Length": "0"})
        assert (answer.status_code, answer.headers["allow"]) == (405, methods), path


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_shows(community: Community, language: str) -> None:
    for browser, path in pages_of(trio(community, language)):
        answer = await browser.get(path)
        assert answer.status_code == (404 if path == "/nothing" else 200), path
        assert "<h1" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"] == POLICY
        # Nothing inline: the policy would stop it, and the page would be broken.
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", answer.text), path


async def test_pages_are_in_her_language_not_the_browsers(community: Community) -> None:
    _, browser = community.woman("Inés Sol", "es")
    browser.http.headers["accept-language"] = "en"
    answer = await browser.get("/")
    assert '<html lang="es">' in answer.text
    assert "Te damos la bienvenida, Inés." in answer.text


@pytest.mark.parametrize(
    ("accept", "title"), [("es-MX,es;q=0.9,en;q=0.5", "Te presenta una mujer"), ("fr,en;q=0.5", "Introduced by a woman")]
)
async def test_a_visitor_is_met_in_her_browsers_language(community: Community, accept: str, title: str) -> None:
    assert title in (await community.visitor(accept).get("/")).text


async def test_a_visitor_can_switch(community: Community) -> None:
    visitor = community.visitor("en")
    await visitor.post("/language", {"language": "es", "next": "/sign-in"})
    answer = await visitor.get("/sign-in")
    assert '<html lang="es">' in answer.text
    back = await visitor.post("/language", {"language": "tlh", "next": "https://evil.test/"}, follow=False)
    assert back.headers["location"] == "/"
    assert '<html lang="es">' in (await visitor.get("/")).text


async def test_home_says_what_waits(community: Community) -> None:
    three = trio(community)
    asked, confirmed = three.introduction(), three.confirmed(confirmed_at=later(-22))
    voucher, side = (await three.voucher.get("/")).text, (await three.counterpart.get("/")).text
    assert "Lucía asks you to introduce her to Andrea" in voucher
    assert f'href="/introductions/{asked["id"]}"' in voucher
    assert "How did it go with Lucía?" in side
    assert f'href="/introductions/{confirmed["id"]}/outcome"' in side


async def test_an_empty_home_offers_her_own_link(community: Community) -> None:
    member_id, browser = community.woman("Irene Sol")
    home = (await browser.get("/")).text
    assert "Welcome, Irene." in home
    assert f"https://madrina.test/m/{member_id}" in home


@pytest.mark.parametrize(("band", "shown"), [("established", True), ("building", True), (None, False), ("mixed", False), ("new", False)])
async def test_others_see_a_good_band_or_nothing(community: Community, fakes: Fakes, band: str | None, shown: bool) -> None:
    three = trio(community)
    # Even if the service should say more than its contract lets it.
    fakes.wires["reputation"].answer = lambda request: httpx.Response(200, json={"bands": {str(three.andrea): band}})
    page = (await three.asker.get(f"/m/{three.andrea}")).text
    assert bool(re.search(r"<h3>(Building|Established) trust</h3>", page)) is shown
    assert "Mixed" not in page


async def test_what_she_can_do_depends_on_what_is_between_them(community: Community) -> None:
    three = trio(community)
    stranger = (await three.asker.get(f"/m/{three.andrea}")).text
    connected = (await three.voucher.get(f"/m/{three.andrea}")).text
    assert f"/m/{three.andrea}/connect" in stranger
    assert f"/m/{three.andrea}/introduction" in stranger
    assert f"/m/{three.andrea}/propose" not in stranger
    assert f"/m/{three.andrea}/propose" in connected
    assert f"/m/{three.andrea}/connect" not in connected


async def test_the_voucher_reads_why_and_what_her_no_means(community: Community) -> None:
    three = trio(community)
    page = (await three.voucher.get(f"/introductions/{three.introduction()['id']}")).text
    assert "shared nursery" in page
    assert "The data workshop in Oaxaca" in page
    assert "Lucía isn't told" in page
    assert "Your trust goes with this introduction" in page


async def test_a_voucher_who_cannot_vouch_reads_why_and_can_still_decline(community: Community) -> None:
    three = trio(community)
    row = three.introduction(cannot_vouch="know_both_better")
    page = (await three.voucher.get(f"/introductions/{row['id']}")).text
    assert "if you know both of them better" in page
    assert 'value="decline"' in page
    assert "/vouch" not in page


async def test_a_side_reads_the_words_for_her_then_those_about_her_and_whose_address_goes_where(community: Community) -> None:
    three = trio(community)
    page = (await three.counterpart.get(f"/introductions/{three.vouched(show_why_her=True)['id']}")).text
    parts = ("About Lucía", "wrote to you", "About Andrea", "about you", "shared nursery", "Would you like to be", "andrea@example.test")
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


async def test_the_counterpart_reads_why_only_where_the_voucher_let_her(community: Community) -> None:
    three = trio(community)
    assert "shared nursery" not in (await three.counterpart.get(f"/introductions/{three.vouched()['id']}")).text


async def test_a_no_of_the_counterparts_changes_no_byte_for_the_others(community: Community) -> None:
    three = trio(community)
    row = three.vouched()
    before = [(await browser.get(f"/introductions/{row['id']}")).text for browser in (three.asker, three.voucher)]
    row["said"][three.andrea] = "passed"
    after = [(await browser.get(f"/introductions/{row['id']}")).text for browser in (three.asker, three.voucher)]
    keys = re.compile(r'name="form_key" value="[^"]+"')
    assert [keys.sub("", text) for text in before] == [keys.sub("", text) for text in after]


async def test_in_a_proposal_a_sides_yes_shows_on_her_own_page_alone(community: Community) -> None:
    three = trio(community)
    row = three.vouched()
    row |= {"asker": None, "why_her": None, "origin": "proposed", "said": {}}
    page = f"/introductions/{row['id']}"
    before = (await three.asker.get(page)).text
    asked = await three.counterpart.get(page)
    mine = (await three.counterpart.send(asked, page, True, decision="confirm")).text
    after = (await three.asker.get(page)).text
    assert arcs(before) == arcs(after) == arcs(mine) == ["asked", "asked"]
    assert "You said yes to meeting Lucía" in mine


async def test_when_both_have_said_yes_the_bridge_is_whole(community: Community) -> None:
    three = trio(community)
    page = (await three.asker.get(f"/introductions/{three.confirmed()['id']}")).text
    assert arcs(page)[:2] == ["given", "given"]


async def test_thanks_reach_the_voucher_when_it_went_well(community: Community) -> None:
    three = trio(community)
    row = three.confirmed(went_well=True)
    community.world.outcomes[row["id"], three.andrea] = {"answer": "worthwhile", "thank_you": "She saved us months.", "report": None}
    page = (await three.voucher.get(f"/introductions/{row['id']}")).text
    assert "both found it worthwhile" in page
    assert "She saved us months." in page


@pytest.mark.parametrize(("decision", "shown"), [("decline", "You said not now"), ("pass", "You said not now")])
async def test_a_no_is_told_to_herself_alone(community: Community, decision: str, shown: str) -> None:
    three = trio(community)
    row = three.introduction() if decision == "decline" else three.vouched()
    browser = three.voucher if decision == "decline" else three.counterpart
    page = await browser.get(f"/introductions/{row['id']}")
    after = await browser.send(page, f"/introductions/{row['id']}", True, decision=decision)
    assert shown in after.text
    asker = (await three.asker.get(f"/introductions/{row['id']}")).text
    assert "did not go ahead" not in asker.split("<h1>")[1].split("</h1>")[0]


async def test_the_ledgers_lines_add_up_on_the_page(community: Community) -> None:
    _, browser = community.woman("Irene Sol")
    page = (await browser.get("/ledger")).text
    points = [int(text) for text in re.findall(r"<td>\+?(−?\d+)</td>", page)]
    assert sum(points[:-1]) == points[-1] == 60


async def test_times_are_hers(community: Community) -> None:
    three = trio(community)
    row = three.introduction(expires_at="2031-03-01T02:00:00+00:00")
    in_mexico = (await three.voucher.get(f"/introductions/{row['id']}")).text
    in_utc = (await three.asker.get(f"/introductions/{row['id']}")).text
    assert '<time datetime="2031-03-01T02:00+00:00">28\N{NO-BREAK SPACE}February 2031, 20:00, Mexico City time</time>' in in_mexico
    assert '<time datetime="2031-03-01T02:00+00:00">1\N{NO-BREAK SPACE}March 2031, 02:00 UTC</time>' in in_utc


@pytest.mark.parametrize(("language", "today"), [("en", "today, 15:00 UTC"), ("es", "hoy a las 15:00 UTC")])
async def test_what_ends_today_is_said_to_end_today(
    community: Community, monkeypatch: pytest.MonkeyPatch, language: str, today: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 3, 1, 9, tzinfo=UTC))
    three = trio(community, language)
    row = three.introduction(expires_at="2031-03-01T15:00:00+00:00", asked_at="2031-02-15T15:00:00+00:00")
    assert today in (await three.asker.get(f"/introductions/{row['id']}")).text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_article_of_a_day_is_doubled(community: Community, language: str) -> None:
    for browser, path in pages_of(trio(community, language)):
        assert not re.search(r"\b(el|on|of|de) <time [^>]*>(el|on) ", (await browser.get(path)).text), path


async def test_names_and_words_are_escaped(community: Community) -> None:
    evil = "<script>alert(1)</script>"
    member_id, _ = community.woman(evil, headline=evil, organisation=evil, place=evil)
    three = trio(community)
    community.world.connect(three.marisol, member_id, where=evil + " padding padding")
    row = three.vouched(why_her=evil * 3, show_why_her=True)
    row["words_for"][three.andrea] = evil * 3
    asked = three.introduction(why_her=evil * 3)
    paths = [f"/m/{member_id}", "/connections", f"/m/{three.andrea}/propose", f"/m/{member_id}/propose/{three.andrea}"]
    paths += [f"/introductions/{row['id']}", f"/introductions/{asked['id']}", f"/introductions/{asked['id']}/vouch"]
    answers = [await three.voucher.get(path) for path in paths]
    answers.append(await three.counterpart.get(f"/introductions/{row['id']}"))
    for answer in answers:
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;" in answer.text


def test_no_template_marks_anything_as_safe() -> None:
    for template in TEMPLATES.rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape", template.read_text()), template.name


async def test_only_the_landing_is_for_search_engines_and_a_link_shows_the_same_card_whoever_it_leads_to(community: Community) -> None:
    three = trio(community)
    visitor = community.visitor()
    landing = (await visitor.get("/")).text
    assert '<meta name="description" content="Madrina is a professional community for women.' in landing
    assert "noindex" not in landing
    doors = [(await visitor.http.get(f"/m/{member}", follow_redirects=True)).text for member in (three.andrea, uuid4())]
    doors = [re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "…", door) for door in doors]
    assert doors[0] == doors[1]
    assert '<meta property="og:description" content="A member has shared her page with you.' in doors[0]
    assert "She has shared her page with you." in doors[0]
    for page in ("/sign-in", "/nothing"):
        assert "noindex" in (await visitor.get(page)).text
    assert "noindex" in (await three.asker.get("/")).text


@pytest.mark.parametrize("path", ["/nothing", "/m/not-an-id", "/m/01980000-0000-7000-8000-000000000000"])
async def test_a_page_that_is_not_there_has_the_head_of_every_other(community: Community, path: str) -> None:
    _, browser = community.woman("Irene Sol", "es")
    page = await browser.get(path)
    assert page.status_code == 404
    assert re.search(r'class="mine".*class="mark m\d".*Tu página', page.text)
    assert "Este puente no lleva a ningún lado" in page.text


async def test_before_there_is_a_profile_there_are_no_tabs_but_a_way_out(community: Community) -> None:
    member_id, browser = community.woman("Nora Vega")
    community.world.members[member_id]["profile"] = None
    page = await browser.get("/profile")
    assert 'class="nav"' not in page.text
    assert "nora@example.test</b>. Not you?" in page.text
    assert page.text.index('action="/profile"') < page.text.index('action="/sign-out"') < page.text.index('action="/language"')
    spanish = await browser.send(page, "/language", True, language="es")
    assert "¿No eres tú?" in spanish.text


async def test_every_form_has_a_way_back_at_its_top_and_a_voucher_sees_the_same_mark_everywhere(community: Community) -> None:
    three = trio(community)
    asked, confirmed = three.introduction()["id"], three.confirmed()["id"]
    ways = [
        (three.asker, f"/m/{three.andrea}/connect", f"/m/{three.andrea}"),
        (three.asker, f"/m/{three.andrea}/introduction", f"/m/{three.andrea}"),
        (three.asker, f"/m/{three.andrea}/introduction/{three.marisol}", f"/m/{three.andrea}"),
        (three.voucher, f"/m/{three.lucia}/propose", f"/m/{three.lucia}"),
        (three.voucher, f"/m/{three.lucia}/propose/{three.andrea}", f"/m/{three.lucia}"),
        (three.voucher, f"/connections/{three.andrea}", "/connections"),
        (three.voucher, f"/connections/{three.andrea}/closeness", f"/connections/{three.andrea}"),
        (three.voucher, f"/connections/{three.andrea}/provenance", f"/connections/{three.andrea}"),
        (three.voucher, f"/connections/{three.andrea}/remove", f"/connections/{three.andrea}"),
        (three.voucher, f"/introductions/{asked}/vouch", f"/introductions/{asked}"),
        (three.asker, f"/introductions/{confirmed}/outcome", f"/introductions/{confirmed}"),
    ]
    for browser, path, back in ways:
        main = (await browser.get(path)).text.partition("<main")[2]
        assert re.search(rf'^[^<]*>\s*(?:<div[^>]*>\s*)*<p class="back"><a class="tap" href="{back}"><svg.*?</svg>\s*Back to ', main), path
    for path in ("/", "/introductions"):
        page = (await three.voucher.get(path)).text
        parts = re.findall(r"<li>.*?</li>|<article.*?</article>", page, re.DOTALL)
        assert any(mark(three.lucia) in part for part in parts if f"/introductions/{asked}" in part), path


@pytest.mark.parametrize(("where", "status"), [("local", 200), ("production", 404)])
async def test_the_design_is_shown_on_the_local_stack_alone(fakes: Fakes, where: str, status: int) -> None:
    browser = Browser(pages_over(fakes, madrina_env=where))
    assert (await browser.get("/design")).status_code == status
    await browser.http.aclose()


async def test_her_profile_says_what_others_see_and_what_is_only_for_her(community: Community) -> None:
    three = trio(community)
    _, seen, own = re.split(r'<h2 id="(?:seen|own)">', (await three.voucher.get("/profile")).text)
    assert [set(re.findall(r'name="(\w+)"', part)) for part in (seen, own)] == [
        {"name", "pronunciation", "headline", "visibility", "findable", "organisation", "place"}
        | {"languages", "another_language", "help_with", "seeking"},
        {"language", "time_zone"},
    ]


async def test_her_link_can_be_read_whole_without_scripts(community: Community) -> None:
    three = trio(community)
    assert f'id="my-link">https://madrina.test/m/{three.andrea}<' in (await three.counterpart.get(f"/m/{three.andrea}")).text
