"""Forms: what is wrong stands beside its field, what she typed stays, and a double submit is one command."""

import re
from uuid import uuid4

import httpx
import pytest

from tests.web.conftest import Browser, Community
from tests.web.fake_requests import new_request
from tests.web.fakes import Fakes
from tests.web.scenes import WHY, WORDS, Trio, trio

ASKED = {"how_met": "work", "where_we_met": "At the clinic in Mérida", "why_now": WHY, "closeness": "met"}
LEFT_OUT = ("met_at", "asks_for", "recipient_question", "requester_answer", "nudged")
CONNECT = {"step": "check", **ASKED}


def key_of(page: httpx.Response) -> str:
    """The key in the page's first form."""
    found = re.search(r'name="form_key" value="([^"]+)"', page.text)
    assert found
    return found[1]


async def opened(three: Trio) -> tuple[httpx.Response, str]:
    """The form with which Lucía asks Andrea to connect, and its address."""
    path = f"/m/{three.andrea}/connect"
    return await three.asker.get(path), path


async def test_a_request_is_sent_as_it_was_written(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    page, path = await opened(three)
    after = await three.asker.send(page, path, True, **CONNECT)
    assert "Your request is on its way" in after.text
    assert WHY in after.text.replace("&#39;", "'")
    sent = fakes.commands("/v1/connection-requests")[0]
    assert sent.body == {**ASKED, **dict.fromkeys(LEFT_OUT, ""), "recipient_id": str(three.andrea)}


async def test_what_is_done_is_said_once_and_only_where_it_was_done(community: Community) -> None:
    three = trio(community)
    page, path = await opened(three)
    sent = await three.asker.send(page, path, False, **CONNECT)
    request = sent.headers["location"]
    assert "?" not in request
    said = "Your request is on its way"
    assert said not in (await three.asker.get(path)).text
    assert said in (await three.asker.get(request)).text
    for again in (request, f"{request}?done=asked_to_connect", "/?done=joined"):
        assert 'class="done"' not in (await three.asker.get(again)).text


async def test_nothing_is_said_of_what_others_put_into_the_cookie(community: Community) -> None:
    three = trio(community)
    for value in ("nothing:/", "joined", "joined:", ":/", "<b>:/"):
        three.asker.http.cookies.set("__Host-madrina-done", value, domain="madrina.test")
        assert 'class="done"' not in (await three.asker.get("/")).text


async def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(community: Community) -> None:
    three = trio(community, "es")
    path = f"/introductions/{three.introduction()['id']}/vouch"
    short, long = f"words_for.{three.lucia}", f"words_for.{three.andrea}"
    answer = await three.voucher.send(
        await three.voucher.get(path), path, True, **{short: "<b>Corto</b>", long: WORDS, "show_why_her": "yes"}
    )
    assert answer.status_code == 422
    assert answer.headers["hx-push-url"] == "false"
    assert "Escribe al menos" in answer.text
    assert re.search(rf'id="{short}"[^>]*aria-describedby="{short}-rule {short}-error"', answer.text)
    assert f'id="{long}-error"' not in answer.text
    assert "&lt;b&gt;Corto&lt;/b&gt;</textarea>" in answer.text
    assert WORDS in answer.text
    assert re.search(r'name="show_why_her" value="yes" checked', answer.text)


async def test_a_text_that_begins_with_a_line_break_keeps_it(community: Community) -> None:
    three = trio(community)
    path = f"/m/{three.andrea}/introduction/{three.marisol}"
    answer = await three.asker.send(await three.asker.get(path), path, True, why_her="\nshort")
    # HTML drops one line break after the tag; ours stands there for it.
    assert "\n\nshort</textarea>" in answer.text


async def test_a_double_submit_is_one_command(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    page, path = await opened(three)
    first = await three.asker.send(page, path, False, **CONNECT)
    second = await three.asker.send(page, path, False, **CONNECT)
    assert first.headers["location"] == second.headers["location"]
    keys = [call.headers["idempotency-key"] for call in fakes.commands("/v1/connection-requests")]
    assert keys == [key_of(page)] * 2
    assert len(community.world.requests) == 1


async def test_each_page_has_a_key_of_its_own_and_a_refusal_brings_a_new_one(community: Community) -> None:
    three = trio(community)
    (one, path), (other, _) = await opened(three), await opened(three)
    refused = await three.asker.send(one, path, True, step="check", how_met="work")
    assert len({key_of(one), key_of(other), key_of(refused)}) == 3


async def test_a_key_that_is_none_of_ours_is_replaced(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    await three.asker.post(f"/m/{three.andrea}/connect", {**CONNECT, "form_key": "x\r\nEvil: 1"})
    assert re.fullmatch(r"[0-9a-f-]{36}", fakes.commands("/v1/connection-requests")[0].headers["idempotency-key"])


@pytest.mark.parametrize(("tick", "shown"), [({"show_why_her": "yes"}, True), ({}, False)])
async def test_vouching_sends_words_and_the_tick(community: Community, fakes: Fakes, tick: dict[str, str], shown: bool) -> None:
    three = trio(community)
    path = f"/introductions/{three.introduction()['id']}/vouch"
    words = {f"words_for.{three.lucia}": "L " + WORDS, f"words_for.{three.andrea}": "A " + WORDS}
    await three.voucher.send(await three.voucher.get(path), path, True, **words, **tick)
    sent = fakes.commands("/vouch")[0].body
    assert sent == {"words_for": {str(three.lucia): "L " + WORDS, str(three.andrea): "A " + WORDS}, "last_spoke": {}, "show_why_her": shown}


async def outcome(browser: Browser, path: str, **fields: str) -> None:
    """Say how it went."""
    await browser.send(await browser.get(path), path, True, **fields)


async def test_words_that_do_not_belong_to_the_answer_are_not_sent(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    path = f"/introductions/{three.confirmed()['id']}/outcome"
    await outcome(three.counterpart, path, answer="did_not_meet", thank_you="Thanks!", report="Something private")
    assert fakes.commands("/outcome")[0].body == {"answer": "did_not_meet", "thank_you": None, "report": None}


async def test_thanks_and_private_words_go_with_their_answers(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    path = f"/introductions/{three.confirmed()['id']}/outcome"
    await outcome(three.counterpart, path, answer="worthwhile", thank_you="Thanks!", report="stale")
    await outcome(three.asker, path, answer="misconduct", thank_you="stale", report="She shouted at me.")
    bodies = [call.body for call in fakes.commands("/outcome")]
    assert bodies[0] == {"answer": "worthwhile", "thank_you": "Thanks!", "report": None}
    assert bodies[1] == {"answer": "misconduct", "thank_you": None, "report": "She shouted at me."}


async def test_what_cannot_be_asked_is_said_in_words_beside_her_own(community: Community) -> None:
    three = trio(community, "es")
    three.introduction()
    path = f"/m/{three.andrea}/introduction/{three.marisol}"
    answer = await three.asker.send(await three.asker.get(path), path, True, why_her=WHY)
    assert answer.status_code == 409
    assert "En este momento no puedes pedir esta presentación." in answer.text
    assert "shared nursery" in answer.text


async def test_a_problem_the_pages_do_not_know_is_told_in_the_services_words(community: Community) -> None:
    three = trio(community)
    path = f"/m/{three.andrea}/introduction/{three.marisol}"
    answer = await three.asker.send(await three.asker.get(path), path, True, why_her="novel " + WHY)
    assert "A sentence the web has never heard of." in answer.text


async def test_accepting_carries_how_well_she_knows_her(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    page, path = await opened(three)
    made = await three.asker.send(page, path, False, **CONNECT)
    request = made.headers["location"].partition("?")[0]
    theirs = await three.counterpart.get(request)
    missing = await three.counterpart.send(theirs, request, True, decision="accept")
    assert missing.status_code == 422
    assert "Please choose one of these." in missing.text
    done = await three.counterpart.send(missing, request, True, decision="accept", closeness="know_well")
    assert "You and Lucía are connected" in done.text
    assert fakes.commands("/accept")[-1].body == {"closeness": "know_well", "last_spoke": ""}


async def test_a_quiet_decline_looks_pending_to_her_who_asked(community: Community) -> None:
    three = trio(community)
    page, path = await opened(three)
    request = (await three.asker.send(page, path, False, **CONNECT)).headers["location"].partition("?")[0]
    await three.asker.get(request)  # says that the request is on its way, this once
    before = (await three.asker.get(request)).text
    await three.counterpart.send(await three.counterpart.get(request), request, True, decision="decline")
    after = (await three.asker.get(request)).text
    keys = re.compile(r'name="form_key" value="[^"]+"')
    assert keys.sub("", before) == keys.sub("", after)


async def test_a_decision_that_is_none_does_nothing(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    path = f"/introductions/{three.introduction()['id']}"
    answer = await three.voucher.post(path, {"decision": "asks"})
    assert answer.status_code == 200
    assert not fakes.commands("/v1/introductions/")


async def test_who_knows_one_too_little_to_vouch_is_led_to_her_and_back(community: Community) -> None:
    three = trio(community)
    community.world.connections[three.marisol, three.andrea]["closeness"] = "met"
    row = three.introduction(cannot_vouch="know_both_better")
    back, path = f"/introductions/{row['id']}", f"/connections/{three.andrea}/closeness"
    page = (await three.voucher.get(back)).text
    assert f'href="{path}?next={back}"' in page
    assert f"/connections/{three.lucia}" not in page
    form = await three.voucher.get(f"{path}?next={back}")
    row["cannot_vouch"] = None
    saved = await three.voucher.send(form, path, True, closeness="know_well")
    assert saved.url.path == back
    assert "Saved. Only you see this. Now you can vouch." in saved.text
    assert "Now you can vouch" not in (await three.voucher.get(back)).text


async def test_closeness_leads_nowhere_else(community: Community) -> None:
    three = trio(community)
    path = f"/connections/{three.lucia}/closeness"
    form = await three.voucher.get(f"{path}?next=https://evil.test/")
    answer = await three.voucher.send(form, path, False, closeness="worked_together", next="//evil.test")
    assert answer.headers["location"] == f"/connections/{three.lucia}"


async def test_closeness_can_be_changed_and_is_hers_alone(community: Community) -> None:
    three = trio(community)
    path = f"/connections/{three.lucia}/closeness"
    after = await three.voucher.send(await three.voucher.get(path), path, True, closeness="worked_together")
    assert "You have worked together" in after.text
    theirs = await three.asker.get(f"/m/{three.marisol}")
    assert "You know her well" in theirs.text
    assert "worked together" not in theirs.text


async def test_when_they_last_spoke_is_said_anew_or_not_at_all(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    here = f"/connections/{three.lucia}"
    assert "You haven't said when you last spoke." in (await three.voucher.get(here)).text
    form = await three.voucher.get(f"{here}/closeness")
    after = await three.voucher.send(form, f"{here}/closeness", True, closeness="know_well", last_spoke="year")
    assert "when you last spoke: “In the last year”" in after.text
    form = await three.voucher.get(f"{here}/closeness")
    assert "“In the last year”" in form.text
    assert form.text.count(" checked") == 1  # nothing is said of it again by saving another answer
    await three.voucher.send(form, f"{here}/closeness", True, closeness="met")
    assert fakes.commands("/closeness")[-1].body["last_spoke"] == ""


async def test_where_they_met_is_said_her_way(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    here = f"/connections/{three.lucia}"
    form = await three.voucher.get(f"{here}/provenance")
    assert "Lucía keeps stays as it is" in form.text
    again = await three.voucher.send(form, f"{here}/provenance", True, how_met="work", where_we_met="Too short", met_at="")
    assert again.status_code == 422
    hers = {"how_met": "work", "where_we_met": "The clinic where we shared a desk", "met_at": "Clínica Sol"}
    after = await three.voucher.send(again, f"{here}/provenance", True, **hers)
    assert "You met at work · " in after.text
    assert "The clinic where we shared a desk" in after.text
    assert fakes.commands("/provenance")[-1].body["seen"]["how_met"] == "event"
    theirs = (await three.asker.get(f"/connections/{three.marisol}")).text
    assert "The data workshop in Oaxaca" in theirs
    assert "shared a desk" not in theirs


async def test_a_connection_is_removed_on_a_second_page_and_for_both(community: Community) -> None:
    three = trio(community)
    row = new_request(community.world, three.lucia, three.marisol, how_met="event", where_we_met=WHY, why_now=WHY, state="accepted")
    here = f"/connections/{three.lucia}"
    assert f'href="{here}/remove"' in (await three.voucher.get(here)).text
    page = await three.voucher.get(f"{here}/remove")
    assert "can't ask to connect with you for 90 days" in page.text
    assert (three.marisol, three.lucia) in community.world.connections
    after = await three.voucher.send(page, f"{here}/remove", True)
    assert "You are no longer connected." in after.text
    assert here not in after.text
    assert (await three.asker.get(f"/connections/{three.marisol}")).status_code == 404
    assert "You and Marisol are no longer connected" in (await three.asker.get(f"/connection-requests/{row['id']}")).text


async def test_those_gone_quiet_are_known_better_kept_or_let_go(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    link, lucia, andrea = 'href="/connections/tidy"', f"/connections/{three.lucia}", f"/connections/{three.andrea}"
    assert link not in (await three.voucher.get("/connections")).text
    assert "That is everybody for now." in (await three.voucher.get("/connections/tidy")).text
    for her in (three.lucia, three.andrea):
        community.world.connections[three.marisol, her].update(closeness="met", quiet=True)
    assert link in (await three.voucher.get("/connections")).text
    page = await three.voucher.get("/connections/tidy")
    for here in (lucia, andrea):
        assert f'href="{here}/closeness?next=/connections/tidy"' in page.text
        assert f'href="{here}/remove?next=/connections/tidy"' in page.text
    kept = await three.voucher.send(page, "/connections/tidy", True, member_id=str(three.lucia))
    assert lucia not in kept.text
    assert fakes.commands("/keep")[-1].path.endswith("/keep")
    removing = await three.voucher.get(f"{andrea}/remove?next=/connections/tidy")
    assert 'href="/connections/tidy">Keep her' in removing.text
    after = await three.voucher.send(removing, f"{andrea}/remove", True)
    assert after.url.path == "/connections/tidy"
    assert "You are no longer connected." in after.text
    assert (await three.voucher.post("/connections/tidy", {"member_id": "nobody"})).status_code == 404


async def test_she_says_whether_a_connection_may_ask_her(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    here = f"/connections/{three.lucia}"
    for choice, said in (("no", False), ("yes", True), ("as_all", None)):
        after = await three.voucher.send(await three.voucher.get(here), here, True, open_to_asks=choice)
        assert fakes.commands("/openness")[-1].body == {"open_to_asks": said}
        assert f'value="{choice}" required checked' in after.text


async def test_proposing_sends_words_for_both(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    path = f"/m/{three.lucia}/propose/{three.andrea}"
    words = {f"words_for.{three.lucia}": "L " + WORDS, f"words_for.{three.andrea}": "A " + WORDS}
    after = await three.voucher.send(await three.voucher.get(path), path, True, **words)
    assert "Your word is on its way" in after.text
    assert fakes.commands("/proposals")[0].body["side_ids"] == [str(three.lucia), str(three.andrea)]


async def test_only_connections_can_be_chosen(community: Community) -> None:
    three = trio(community)
    stranger = community.world.add("Irene Sol")
    for path in (f"/m/{three.andrea}/introduction/{stranger}", f"/m/{three.andrea}/introduction/{uuid4()}"):
        assert (await three.asker.get(path)).status_code == 404
    assert (await three.voucher.get(f"/m/{three.andrea}/propose/{stranger}")).status_code == 404


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["40 to 1,000 characters", "{n} more", "{n} left", "{n} too many", "Kept on this device"]),
        ("es", ["De 40 a 1000 caracteres", "{n} más", "Queda sitio para {n}", "{n} de más", "Guardado en este dispositivo"]),
    ],
)
async def test_the_rule_below_a_field_has_all_it_may_say_in_her_language(community: Community, language: str, words: list[str]) -> None:
    three = trio(community, language)
    form = (await three.voucher.get(f"/introductions/{three.introduction()['id']}/vouch")).text
    for text in words:
        assert text in form, text


@pytest.mark.parametrize(("language", "said"), [("en", "at most 1,000 characters"), ("es", "1000 caracteres como máximo")])
async def test_a_limit_is_said_in_figures_as_her_language_writes_them(community: Community, language: str, said: str) -> None:
    three = trio(community, language)
    path = f"/introductions/{three.introduction()['id']}/vouch"
    form = await three.voucher.get(path)
    words = {f"words_for.{side}": "x" * 1001 for side in (three.lucia, three.andrea)}
    assert said in (await three.voucher.send(form, path, True, **words)).text
