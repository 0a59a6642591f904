"""What may reach her, on her pages: asked once, changed on one page; pauses, with an answer too; whom she is never introduced to."""

import re
from uuid import UUID

import pytest

from tests.web.conftest import Browser, Community, Forms
from tests.web.fake_reach import NEVER_ASKED
from tests.web.fake_requests import new_introduction, new_request
from tests.web.fake_world import later
from tests.web.scenes import WHY, WORDS

BOXES = ["find", "suggestible", "open_to_asks", "reachable"]


async def joins(community: Community) -> tuple[UUID, Browser]:
    """A woman who sends her first profile."""
    her, browser = community.woman("Nora Haddad")
    community.world.members[her].update(profile=None, version=0)
    page = await browser.get("/profile")
    asked = await browser.send(page, "/profile", True, name="Nora Haddad", languages="en", language="en", time_zone="UTC")
    assert asked.url.path == "/joining"
    assert [name for name in BOXES if f'name="{name}" value="yes"' in asked.text] == BOXES
    assert " checked" not in asked.text
    return her, browser


async def test_whoever_joins_is_asked_and_what_she_ticks_is_allowed(community: Community) -> None:
    her, browser = await joins(community)
    page = await browser.send(await browser.get("/joining"), "/joining", True, reachable="yes", find="yes")
    assert page.url.path == "/"
    said = community.world.reach[her]
    assert {name: said[name] for name in BOXES[1:]} == {"suggestible": False, "open_to_asks": False, "reachable": True}
    assert (said["bar"], said["introductions_in_30_days"], said["asks_in_30_days"]) == ("met", 2, 3)
    assert community.world.members[her]["profile"]["findable"] is True


async def test_who_goes_past_it_allows_nothing(community: Community) -> None:
    her, browser = await joins(community)
    assert 'href="/">Not now, none of it</a>' in (await browser.get("/joining")).text
    assert (await browser.get("/")).status_code == 200
    assert her not in community.world.reach
    assert community.world.members[her]["profile"]["findable"] is False


async def test_she_changes_it_on_one_page(community: Community) -> None:
    her, browser = community.woman("Nora Haddad")
    assert 'href="/reach"' in (await browser.get(f"/m/{her}")).text
    page = await browser.get("/reach")
    fields = {"bar": "introduced", "question": "Which talk?", "introductions_in_30_days": "0", "asks_in_30_days": "5", "suggestible": "yes"}
    saved = await browser.send(page, "/reach", True, **fields)
    assert "Saved. Only you see this." in saved.text
    said = community.world.reach[her]
    assert (said["bar"], said["question"], said["introductions_in_30_days"], said["asks_in_30_days"]) == ("introduced", "Which talk?", 0, 5)
    assert (said["suggestible"], said["reachable"]) == (True, False)
    assert community.world.members[her]["profile"]["findable"] is False, "the box wasn't ticked"
    assert re.findall(r'<option value="(\w+)" selected', saved.text) == ["0", "5"]
    assert re.findall(r'name="(\w+)" value="yes"[^>]* checked', saved.text) == ["suggestible"]


async def test_what_she_changed_elsewhere_stands_beside_her_choice(community: Community) -> None:
    her, browser = community.woman("Nora Haddad")
    page = await browser.get("/reach")
    community.world.reach[her] = {**NEVER_ASKED, "exclusions": [], "bar": "introduced", "question": "Which talk?", "version": 4}
    fields = {"bar": "anyone", "question": "Which book?", "introductions_in_30_days": "2", "asks_in_30_days": "3"}
    again = await browser.send(page, "/reach", True, **fields)
    assert again.status_code == 409
    for beside in ("Saved in the meantime: Nobody: only through an introduction", "Saved in the meantime: Which talk?"):
        assert beside in again.text
    assert 'value="Which book?"' in again.text and again.text.count("Saved in the meantime") == 2
    assert (await browser.send(again, "/reach", True, **fields)).status_code == 200
    assert community.world.reach[her]["question"] == "Which book?"


async def test_a_pause_is_taken_planned_and_ended(community: Community) -> None:
    her, browser = community.woman("Nora Haddad")
    wrong = await browser.send(await browser.get("/reach"), "/reach", True, decision="pause", how_long="date", until="")
    assert wrong.status_code == 422 and 'id="until-error"' in wrong.text
    planned = await browser.send(wrong, "/reach", True, decision="pause", how_long="month", until="", starting=f"{later(40):%Y-%m-%d}")
    assert "on the days you chose" in planned.text and "Nothing new reaches you from" in planned.text
    ended = await browser.send(planned, "/reach", True, decision="end_pause")
    assert "Your pause is over." in ended.text and community.world.reach[her]["paused_until"] is None


async def test_today_offers_a_pause_and_ends_it_with_one_press(community: Community) -> None:
    her, browser = community.woman("Nora Haddad")
    community.world.connect(her, community.world.add("Ines"))
    assert "A pause?" not in (await browser.get("/")).text
    community.world.offered_pauses.add(her)
    offered = await browser.get("/")
    assert "A pause?" in offered.text
    taken = await browser.send(offered, "/reach", True, decision="pause")
    assert taken.url.path == "/" and "From tomorrow nothing new reaches you" in taken.text
    ended = await browser.send(taken, "/reach", True, decision="end_pause")
    assert ended.url.path == "/" and community.world.reach[her]["paused_until"] is None


REQUEST = {"how_met": "event", "where_we_met": "At the data workshop in Oaxaca", "why_now": WHY}


@pytest.mark.parametrize("decision", ["accept", "decline"])
async def test_a_pause_with_the_answer_to_a_request_is_a_command_of_its_own(community: Community, decision: str) -> None:
    her, browser = community.woman("Nora Haddad")
    community.world.connect(her, community.world.add("Marta"))
    row = new_request(community.world, community.world.add("Ines"), her, **REQUEST)
    path = f"/connection-requests/{row['id']}"
    answer = {"decision": decision, "closeness": "met", "how_long": "date", "how": "quietly"}
    wrong = await browser.send(await browser.get(path), path, True, **answer)
    assert (wrong.status_code, row["state"]) == (422, "pending"), "an answer isn't sent with a pause that is none"
    assert f'id="how_long-{decision}-error"' in wrong.text
    done = await browser.send(wrong, path, True, **{**answer, "how_long": "two_weeks"})
    assert row["state"] == {"accept": "accepted", "decline": "declined"}[decision]
    assert "From tomorrow nothing new reaches you" in done.text
    assert community.world.reach[her]["paused_until"] > later(13)
    other = new_request(community.world, community.world.add("Eva"), her, **REQUEST)
    assert 'name="how_long"' not in (await browser.get(f"/connection-requests/{other['id']}")).text, "she has one already"


async def test_the_page_of_a_first_connection_says_that_she_pauses(community: Community) -> None:
    her, browser = community.woman("Nora Haddad")
    row = new_request(community.world, community.world.add("Ines"), her, **REQUEST)
    path = f"/connection-requests/{row['id']}"
    page = await browser.send(await browser.get(path), path, True, decision="accept", closeness="met", how_long="month")
    assert "Your first connection" in page.text and "From tomorrow nothing new reaches you" in page.text
    assert "From tomorrow" not in (await browser.get(path)).text, "once"


@pytest.mark.parametrize("decision", ["confirm", "pass"])
async def test_a_pause_with_her_answer_to_an_introduction(community: Community, decision: str) -> None:
    her, browser = community.woman("Nora Haddad")
    voucher, other = community.world.add("Ines"), community.world.add("Eva")
    words = {"words_for": {her: WORDS, other: WORDS}, "vouched_at": later(-1)}
    row = new_introduction(community.world, voucher, [her, other], None, **words)
    path = f"/introductions/{row['id']}"
    done = await browser.send(await browser.get(path), path, True, decision=decision, how_long="month")
    assert row["said"][her] == {"confirm": "confirmed", "pass": "passed"}[decision]
    assert "From tomorrow nothing new reaches you" in done.text and her in community.world.reach
    assert 'name="how_long"' not in (await browser.get(path)).text


async def test_no_answer_of_hers_pauses_unless_she_says_so(community: Community) -> None:
    her, browser = community.woman("Nora Haddad")
    row = new_request(community.world, community.world.add("Ines"), her, **REQUEST)
    path = f"/connection-requests/{row['id']}"
    await browser.send(await browser.get(path), path, True, decision="decline", how="quietly", how_long="")
    assert row["state"] == "declined" and community.world.reach[her]["paused_until"] is None


async def test_she_keeps_a_list_of_whom_she_is_never_introduced_to(community: Community) -> None:
    her, browser = community.woman("Nora Haddad")
    ines = community.world.add("Inés Aguirre")
    asked = await browser.get(f"/m/{ines}/exclude")
    assert "She isn't told" in asked.text and "second account" in asked.text
    listed = await browser.send(asked, f"/m/{ines}/exclude")
    assert listed.url.path == "/reach" and "Inés Aguirre" in listed.text
    empty = await browser.send(listed, "/reach", True, decision="exclude", organisation="")
    assert empty.status_code == 422 and 'id="organisation-error"' in empty.text
    both = await browser.send(empty, "/reach", True, decision="exclude", organisation="Cooperativa Sur")
    assert "Whoever works at" in both.text
    takes_off = [own for _, own in Forms(both.text).forms if own.get("decision") == "include"]
    assert len(takes_off) == 2
    for own in takes_off:
        assert (await browser.post("/reach", own)).status_code == 200
    assert community.world.reach[her]["exclusions"] == []


async def test_whom_she_cannot_see_she_cannot_list(community: Community) -> None:
    her, browser = community.woman("Nora Haddad")
    ines = community.world.add("Ines")
    community.world.blocked.add(frozenset((her, ines)))
    assert (await browser.get(f"/m/{ines}/exclude")).status_code == 404
    assert (await browser.post(f"/m/{ines}/exclude", {})).status_code == 404
