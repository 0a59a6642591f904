"""The moments: both said yes, a first connection, a first vouch, a thank-you that came back; and what a bridge may tell before."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest

from services.web.first_line import first_line, write_to
from services.web.pages.introduction import ON_ITS_WAY
from services.web.presenters import arcs
from shared import clock
from shared.contracts.http.base import Card
from shared.contracts.http.requests.introductions import IntroductionView
from shared.names import FIRST
from tests.web.conftest import Browser, Community
from tests.web.fake_requests import new_request
from tests.web.fake_views import introduction_view
from tests.web.fake_world import later
from tests.web.fakes import Fakes
from tests.web.scenes import WHY, WORDS, Trio, trio
from tests.web.scenes import arcs as drawn

ADDRESS = "andrea@example.test"
GOLD = 'class="cover wide moment"'


async def page_of(browser: Browser, row: dict[str, Any]) -> str:
    return (await browser.get(f"/introductions/{row['id']}")).text


def main_of(page: str) -> str:
    """What stands on it, without the keys of its forms."""
    return re.sub(r'name="form_key" value="[^"]*"', "", page.partition("<main")[2])


async def test_each_side_is_met_with_the_others_address_and_a_first_line(community: Community) -> None:
    three = trio(community)
    row = three.confirmed()
    mine, hers = await page_of(three.asker, row), await page_of(three.counterpart, row)
    assert "Lucía, meet Andrea." in mine
    assert "Andrea, meet Lucía." in hers
    assert drawn(mine)[:4] == drawn(hers)[:4] == ["given", "given", "half", "half"]
    assert f'<span class="address">{ADDRESS}</span>' in mine
    assert mine.index("Write to Andrea") < mine.index("Say how it went")
    link = urlsplit(re.findall(r'href="(mailto:[^"]+)"', mine)[0].replace("&amp;", "&"))
    assert link.path == ADDRESS
    assert parse_qs(link.query) == {
        "subject": ["Marisol introduced us"],
        "body": ["Andrea, Marisol has introduced us, as I had hoped. Would you have an hour for me in the next two weeks?"],
    }
    assert "Andrea, Marisol has introduced us" in mine
    assert "Lucía, Marisol says we should talk." in hers


async def test_it_says_who_writes_first(community: Community) -> None:
    three = trio(community)
    row = three.confirmed()
    assert "You write first: two lines are enough." in await page_of(three.asker, row)
    assert "Lucía writes first; if you would rather not wait, write to her." in await page_of(three.counterpart, row)
    assert "writes first" not in await page_of(three.voucher, row)


async def test_who_writes_first_is_asked_whether_they_are_in_touch_and_not_yet_leads_to_the_line(community: Community) -> None:
    three = trio(community)
    row = three.confirmed(confirmed_at=later(-6))
    question, path = "Are you in touch with Andrea?", f"/introductions/{row['id']}"
    assert question in (await three.asker.get("/")).text
    assert question in await page_of(three.asker, row)
    for other in (three.counterpart, three.voucher):
        assert "Are you in touch" not in await page_of(other, row) + (await other.get("/")).text
    await three.asker.send(await three.asker.get(path), path, decision="not_yet")
    said = await page_of(three.asker, row)
    assert "You said not yet." in said
    assert "If the first line is hard" in said
    assert question not in (await three.asker.get("/")).text
    done = await three.asker.send(await three.asker.get(path), path, True, decision="in_touch")
    assert "Only you see that you said so." in done.text
    assert question not in done.text


async def test_whoever_found_it_worthwhile_may_keep_the_other_who_reads_nothing_of_it(community: Community) -> None:
    three = trio(community)
    row = three.confirmed(confirmed_at=later(-22))
    path = f"/introductions/{row['id']}"
    before = main_of(await page_of(three.counterpart, row))
    assert "among your people" not in await page_of(three.asker, row)
    community.world.outcomes[row["id"], three.lucia] = {"answer": "worthwhile"}
    refused = await three.asker.send(await three.asker.get(path), f"{path}/keep", True)
    assert refused.status_code == 422
    kept = await three.asker.send(await three.asker.get(path), f"{path}/keep", True, closeness="know_well")
    assert "You would like to keep Andrea among your people" in kept.text
    assert main_of(await page_of(three.counterpart, row)) == before
    back = await three.asker.send(kept, path, True, decision="let_go")
    assert "Would you like to keep Andrea among your people?" in back.text
    for browser, side in ((three.asker, three.lucia), (three.counterpart, three.andrea)):
        community.world.outcomes[row["id"], side] = {"answer": "worthwhile"}
        both = await browser.send(await browser.get(path), f"{path}/keep", True, closeness="met")
    assert "You and Lucía are connected" in both.text


async def test_neither_address_is_on_the_vouchers_page(community: Community) -> None:
    three = trio(community)
    voucher = await page_of(three.voucher, three.confirmed())
    assert "@example.test" not in voucher
    assert "mailto:" not in voucher


@pytest.mark.parametrize(
    ("ago", "down", "promised"),
    [(timedelta(0), False, True), (ON_ITS_WAY + timedelta(minutes=1), False, False), (timedelta(0), True, False)],
)
async def test_an_address_that_is_not_known_is_promised_only_in_the_first_hour(
    community: Community, fakes: Fakes, ago: timedelta, down: bool, promised: bool
) -> None:
    three = trio(community)
    row = three.confirmed(unheard=True, confirmed_at=clock.now() - ago)
    await three.asker.get("/")
    if down:
        fakes.wires["members"].answer = lambda request: httpx.Response(503) if "introduced" in request.url.path else None
    page = await page_of(three.asker, row)
    assert "Lucía, meet Andrea." in page
    assert ("is on its way" in page) == promised
    assert ("The email with both addresses left" in page) == (not promised)
    assert "mailto:" not in page
    assert "opens your mail" not in page


@pytest.mark.parametrize("change", [{"settled": True}, {"said": "did_not_meet"}])
async def test_the_gold_is_over_once_it_is_settled_or_she_has_said_how_it_went(community: Community, change: dict[str, Any]) -> None:
    three = trio(community)
    row = three.confirmed(**{name: value for name, value in change.items() if name == "settled"})
    if "said" in change:
        assert GOLD in await page_of(three.asker, row)
        community.world.outcomes[row["id"], three.lucia] = {"answer": change["said"], "thank_you": None}
    page = await page_of(three.asker, row)
    assert GOLD not in page
    assert "You and Andrea" in page
    assert ADDRESS in page
    assert drawn(page)[:4] == ["given", "given", "half", "half"]
    assert (GOLD in await page_of(three.counterpart, row)) == ("said" in change)


async def test_a_no_that_came_too_late_is_answered_on_the_page_itself(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    row = three.confirmed()
    refusal = {"code": "already_confirmed", "detail": "Both have said yes already, so this can't be changed any more."}
    fakes.wires["requests"].answer = lambda request: httpx.Response(409, json=refusal) if request.method == "POST" else None
    answer = await three.counterpart.post(f"/introductions/{row['id']}", {"decision": "pass"})
    assert answer.status_code == 409
    assert "Both have said yes already" in answer.text
    assert GOLD not in answer.text


def test_a_first_line_holds_names_alone_and_leaves_the_isolates_to_the_page() -> None:
    hind = Card(id="01980000-0000-7000-8000-000000000001", name="هند بنت خالد", headline="")
    line = first_line("es", hind, hind, asked=False)
    assert FIRST in line
    link = write_to("a+b&c@example.test", "es", hind, line)
    assert link.startswith("mailto:a%2Bb%26c@example.test?subject=")
    assert FIRST not in unquote(link)
    assert "هند dice que tenemos que hablar" in unquote(link)
    assert not re.search(r"[ \n\"<>]", link)


BEFORE = [
    ("asked", {}, "asker", ["given", "asked"]),
    ("asked", {}, "voucher", ["given", "asked"]),
    ("vouched", {}, "counterpart", ["asked", "given"]),
    ("vouched", {}, "asker", ["given", "asked"]),
    ("vouched", {"andrea": "passed"}, "asker", ["given", "asked"]),
    ("vouched", {"andrea": "passed"}, "voucher", ["given", "asked"]),
    ("proposed", {}, "asker", ["asked", "asked"]),
    ("proposed", {"lucia": "confirmed"}, "asker", ["asked", "asked"]),
    ("proposed", {"lucia": "confirmed"}, "counterpart", ["asked", "asked"]),
    ("proposed", {"lucia": "confirmed"}, "voucher", ["asked", "asked"]),
    ("proposed", {"lucia": "passed"}, "voucher", ["asked", "asked"]),
    ("proposed", {"lucia": "confirmed", "andrea": "passed"}, "voucher", ["asked", "asked"]),
]


def scene(three: Trio, kind: str, said: dict[str, str]) -> dict[str, Any]:
    words = {getattr(three, who): answer for who, answer in said.items()}
    if kind == "proposed":
        return three.vouched(why_her=None, said=words) | {"asker": None, "origin": "proposed"}
    return (three.introduction if kind == "asked" else three.vouched)(said={three.lucia: "confirmed", **words})


@pytest.mark.parametrize(("kind", "said", "reader", "kinds"), BEFORE)
async def test_before_both_said_yes_an_arc_is_solid_only_on_the_side_that_asked(
    community: Community, kind: str, said: dict[str, str], reader: str, kinds: list[str]
) -> None:
    three = trio(community)
    row = scene(three, kind, said)
    community.world.introductions[row["id"]] = row
    browser = getattr(three, reader)
    assert drawn(await page_of(browser, row))[:2] == kinds
    minis = re.search(r'<svg class="mini".*?</svg>', (await browser.get("/introductions")).text, re.DOTALL)
    assert minis
    assert drawn(minis[0]) == kinds


def test_the_arcs_of_what_is_confirmed_are_solid(community: Community) -> None:
    three = trio(community)
    view = IntroductionView.model_validate(introduction_view(community.world, three.confirmed(), three.andrea), from_attributes=True)
    assert arcs(view) == arcs(view, view.sides[0]) == ["given", "given"]


async def test_a_first_vouch_has_a_page_of_its_own_until_both_have_answered(community: Community) -> None:
    three = trio(community)
    first, path = three.introduction(), "/introductions/"
    form = await three.voucher.get(f"{path}{first['id']}/vouch")
    words = {f"words_for.{side}": WORDS for side in (three.lucia, three.andrea)}
    sent = await three.voucher.send(form, f"{path}{first['id']}/vouch", True, **words)
    assert "Your word is on its way" in sent.text
    assert "Thank you for vouching" not in sent.text, "the title says it"
    assert f'href="{path}{first["id"]}/withdraw"' in sent.text
    second = three.vouched(vouched_at=later(1))
    assert "Your word is on its way" not in await page_of(three.voucher, second)
    first["confirmed_at"] = later(2)
    assert "Your word is on its way" not in await page_of(three.voucher, first)


async def test_a_thank_you_comes_back_to_the_voucher_alone(community: Community) -> None:
    three = trio(community)
    row = three.confirmed(went_well=True)
    community.world.outcomes[row["id"], three.lucia] = {"answer": "worthwhile", "thank_you": "She saved us months."}
    page = await page_of(three.voucher, row)
    assert "Your word held" in page
    assert "She saved us months." in page
    assert drawn(page)[:4] == ["given", "given", "half", "half"]
    assert 'class="cover wide thanks"' in page
    assert GOLD not in page, "a full ground of gold is for two women who have met"
    assert "She saved us months." not in await page_of(three.counterpart, row)


@pytest.mark.parametrize("reader", ["asker", "counterpart"])
async def test_a_first_connection_has_a_page_of_its_own(community: Community, reader: str) -> None:
    three = trio(community)
    community.world.connections.clear()
    words = {"how_met": "event", "where_we_met": "At the clinic in Mérida", "why_now": WHY, "state": "accepted"}
    row = new_request(community.world, three.lucia, three.andrea, **words)
    community.world.connect(three.lucia, three.andrea)
    path = f"/connection-requests/{row['id']}"
    page = (await getattr(three, reader).get(path)).text
    assert "Your first connection" in page
    assert drawn(page) == ["given"]
    again = new_request(community.world, three.marisol, three.andrea, **words)
    community.world.connect(three.marisol, three.andrea)
    assert "Your first connection" not in (await three.counterpart.get(f"/connection-requests/{again['id']}")).text


async def test_a_voucher_reads_how_she_knows_each_and_of_whom_that_is_not_so_any_more_nothing(community: Community) -> None:
    three = trio(community)
    row = three.introduction()
    assert (await page_of(three.voucher, row)).count("The data workshop in Oaxaca") == 2
    del community.world.connections[three.marisol, three.andrea]
    page = await page_of(three.voucher, row)
    assert page.count("The data workshop in Oaxaca") == 1
    assert "Andrea Mora" in page
