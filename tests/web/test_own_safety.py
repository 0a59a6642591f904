"""Her safety, on her pages: she blocks and takes it back, and tells moderators with what she ticks and nothing more."""

import re
from uuid import uuid4

import httpx

from shared.problems import NotFound
from tests.web.conftest import Browser, Community
from tests.web.fake_requests import new_request
from tests.web.scenes import WHY, WORDS, trio

TOLD = {"kind": "harassment", "what_happened": "She writes to me every night, and I asked her not to."}


def ticks(page: str) -> dict[str, str]:
    """What could go along, by what it is: the value of its tick."""
    return {value.partition(".")[0]: value for value in re.findall(r'name="attach" value="([^"]+)"', page)}


async def test_she_blocks_from_her_page_and_takes_it_back_from_her_list(community: Community) -> None:
    (ana, browser), (eva, other) = community.woman("Ana Ruiz"), community.woman("Eva Sol")
    asked = await browser.get(f"/m/{eva}/block")
    assert "She isn't told" in asked.text
    assert not community.world.blocks, "to look at the page blocks nobody"
    listed = await browser.send(asked, f"/m/{eva}/block")
    assert (listed.url.path, "Eva Sol" in listed.text) == ("/me/blocks", True)
    for reader, her in ((browser, eva), (other, ana)):
        for page in ("", "/exclude", "/connect"):
            assert (await reader.get(f"/m/{her}{page}")).status_code == 404
    assert (await other.get(f"/m/{ana}/block")).text.replace(str(ana), "…") == (await other.get(f"/m/{ana}")).text.replace(str(ana), "…")
    assert (await browser.get(f"/m/{eva}/block")).headers["location"] == "/me/blocks"
    assert "Ana Ruiz" not in (await other.get("/me/blocks")).text
    back = await browser.send(listed, f"/me/blocks/{eva}")
    assert (back.url.path, "Eva Sol" in back.text) == ("/me/blocks", False)
    assert (await browser.get(f"/m/{eva}")).status_code == 200


async def test_every_page_about_a_woman_leads_to_both(community: Community) -> None:
    three = trio(community)
    request = new_request(community.world, three.lucia, three.andrea, how_met="event", where_we_met="At the clinic", why_now=WHY)
    asked, vouched, confirmed = three.introduction(), three.vouched(), three.confirmed()
    for browser, path, others in (
        (three.asker, f"/m/{three.andrea}", [three.andrea]),
        (three.voucher, f"/connections/{three.andrea}", [three.andrea]),
        (three.counterpart, f"/connection-requests/{request['id']}", [three.lucia]),
        (three.counterpart, f"/introductions/{vouched['id']}", [three.lucia, three.marisol]),
        (three.voucher, f"/introductions/{asked['id']}", [three.lucia, three.andrea]),
        (three.asker, f"/introductions/{confirmed['id']}", [three.andrea]),
    ):
        page = (await browser.get(path)).text
        for her in others:
            assert f'href="/m/{her}/block"' in page, path
            assert f'href="/m/{her}/report' in page, path


async def test_nothing_goes_along_but_what_she_ticked_and_exactly_that(community: Community) -> None:
    three = trio(community)
    words = {"how_met": "event", "where_we_met": "At the clinic in Mérida", "why_now": WHY}
    request = new_request(community.world, three.lucia, three.andrea, **words)
    path = f"/m/{three.lucia}/report"
    page = await three.counterpart.get(f"{path}?subject=connection_request&subject_id={request['id']}")
    assert list(ticks(page.text)) == ["where_we_met", "note", "profile"]
    assert " checked" not in page.text, "off by default"
    receipt = await three.counterpart.send(page, path, **TOLD)
    assert receipt.url.path.startswith("/me/reports/")
    page = await three.counterpart.get(str(page.url))
    await three.counterpart.send(page, path, **TOLD, attach=ticks(page.text)["note"])
    first, second = community.world.reports.values()
    assert (first["attached"], first["subject"], first["subject_id"]) == ([], "connection_request", request["id"])
    assert second["attached"] == [{"what": "note", "text": WHY}]
    assert not community.world.blocks


async def test_of_an_introduction_the_words_she_could_read(community: Community) -> None:
    three = trio(community)
    path, began = f"/m/{three.lucia}/report", f"?subject=introduction&subject_id={three.vouched()['id']}"
    page = await three.counterpart.get(path + began)
    assert set(ticks(page.text)) - {"why_her"} == {"voucher_words", "profile"}
    assert f"About Lucía: {WORDS}" in page.text
    assert list(ticks((await three.asker.get(f"/m/{three.andrea}/report{began}")).text)) == ["voucher_words", "profile"]
    stranger = community.woman("Olga Prat")[1]
    assert list(ticks((await stranger.get(path + began)).text)) == ["profile"], "an introduction that isn't hers gives nothing"
    assert list(ticks((await three.counterpart.get(path.replace(str(three.lucia), str(community.world.add("Inés"))) + began)).text)) == [
        "profile"
    ], "nor one in which the other isn't"


async def test_what_reads_differently_by_now_isnt_sent(community: Community) -> None:
    (_, browser), (eva, _) = community.woman("Ana Ruiz"), community.woman("Eva Sol", headline="Coach")
    page = await browser.get(f"/m/{eva}/report")
    community.world.members[eva]["profile"]["headline"] = "Nothing to see"
    again = await browser.send(page, f"/m/{eva}/report", **TOLD, attach=ticks(page.text)["profile"])
    assert (again.status_code, community.world.reports) == (422, {})
    assert TOLD["what_happened"] in again.text


async def test_she_may_block_with_it(community: Community) -> None:
    (ana, browser), (eva, _) = community.woman("Ana Ruiz"), community.woman("Eva Sol")
    receipt = await browser.send(await browser.get(f"/m/{eva}/report"), f"/m/{eva}/report", **TOLD, block="yes")
    assert "Our moderators read it, and nobody else." in receipt.text
    assert (ana, eva) in community.world.blocks
    reports = (await browser.get("/me/reports")).text
    assert ("Eva Sol: It has arrived" in reports, 'href="/me/reports/' in reports) == (True, True)


async def test_who_blocked_first_or_was_blocked_can_tell_all_the_same_and_the_page_tells_her_nothing(community: Community) -> None:
    (ana, browser), (eva, other) = community.woman("Ana Ruiz"), community.woman("Eva Sol")
    community.world.block(ana, eva)
    hers = await browser.get(f"/m/{eva}/report")
    assert "Eva Sol" in hers.text, "by the name on her list"
    assert (await browser.send(hers, f"/m/{eva}/report", **TOLD)).url.path.startswith("/me/reports/")

    async def shown(her: object) -> str:
        answer = await other.get(f"/m/{her}/report")
        assert answer.status_code == 200
        return re.sub(r'name="form_key" value="[^"]+"', "", answer.text.replace(str(her), "…"))

    assert await shown(ana) == await shown(uuid4()), "blocked reads as never there"
    for her in (ana, uuid4()):
        assert f'href="/m/{her}/report"' in (await other.get(f"/m/{her}")).text, "the page that isn't there leads on to it"
    sent = await other.send(await other.get(f"/m/{ana}/report"), f"/m/{ana}/report", **TOLD)
    assert sent.url.path.startswith("/me/reports/")
    assert {row["about"] for row in community.world.reports.values()} == {ana, eva}


async def test_a_request_of_her_who_isnt_there_any_more_can_still_go_along(community: Community) -> None:
    three = trio(community)
    words = {"how_met": "event", "where_we_met": "At the clinic in Mérida", "why_now": WHY}
    request = new_request(community.world, three.lucia, three.andrea, **words)
    gone = httpx.Response(NotFound.status, json={"code": NotFound.code, "detail": NotFound.sentence})
    community.fakes.wires["members"].answer = lambda sent: gone if sent.url.path.startswith("/v1/profiles/") else None
    path = f"/m/{three.lucia}/report"
    page = await three.counterpart.get(f"{path}?subject=connection_request&subject_id={request['id']}")
    assert ("Lucía" in page.text, list(ticks(page.text))) == (True, ["where_we_met", "note"])
    await three.counterpart.send(page, path, **TOLD, attach=ticks(page.text)["note"])
    assert [row["attached"] for row in community.world.reports.values()] == [[{"what": "note", "text": WHY}]]


async def test_the_other_never_learns_who_told(community: Community) -> None:
    (ana, browser), (eva, other) = community.woman("Ana Ruiz"), community.woman("Eva Sol")
    before = {path: (await other.get(path)).text for path in ("/", f"/m/{ana}", "/me/blocks", "/me/reports")}
    receipt = await browser.send(await browser.get(f"/m/{eva}/report"), f"/m/{eva}/report", **TOLD)
    keys = re.compile(r'name="form_key" value="[^"]+"')
    for path, page in before.items():
        assert keys.sub("", (await other.get(path)).text) == keys.sub("", page)
    assert (await other.get(receipt.url.path)).status_code == 404


async def _ten(browser: Browser, path: str) -> None:
    for _ in range(10):
        await browser.send(await browser.get(path), path, **TOLD)


async def test_after_ten_in_a_day_her_words_stay_in_sight(community: Community) -> None:
    (_, browser), (eva, _) = community.woman("Ana Ruiz"), community.woman("Eva Sol")
    await _ten(browser, f"/m/{eva}/report")
    refused = await browser.send(await browser.get(f"/m/{eva}/report"), f"/m/{eva}/report", **TOLD)
    assert (refused.status_code, TOLD["what_happened"] in refused.text) == (409, True)
    assert len(community.world.reports) == 10


async def test_a_discreet_woman_has_neutral_titles_and_a_way_out_on_every_page(community: Community) -> None:
    her, browser = community.woman("Ana Ruiz")
    other = community.world.add("Eva Sol")
    paths = [
        "/",
        f"/m/{her}",
        f"/m/{other}",
        f"/m/{uuid4()}",
        "/connections",
        "/profile",
        "/me/blocks",
        f"/m/{other}/report",
        "/me/discreet",
    ]

    async def seen() -> tuple[set[str], set[bool]]:
        pages = [(await browser.get(path)).text for path in paths]
        return {re.findall(r"<title>(.*?)</title>", page)[0] for page in pages}, {"data-leave" in page for page in pages}

    titles, leave = await seen()
    assert ({"Madrina" in title for title in titles}, leave) == ({True}, {False})
    before = community.world.members[her]["profile"]
    saved = await browser.send(await browser.get("/me/discreet"), "/me/discreet", discreet="yes")
    assert re.search(r'name="discreet" value="yes"[^>]* checked', saved.text)
    after = community.world.members[her]["profile"]
    assert {name: after[name] for name in before} == {**before, "discreet": True}
    assert await seen() == ({"Notes"}, {True})
    assert '<a href="https://www.wikipedia.org/" rel="noreferrer" data-leave>' in saved.text
    assert saved.headers["referrer-policy"] == "same-origin"
    await browser.send(await browser.get("/me/discreet"), "/me/discreet")
    assert await seen() == (titles, {False})


async def test_her_profile_form_leaves_her_discreet(community: Community) -> None:
    her, browser = community.woman("Ana Ruiz")
    community.world.members[her]["profile"]["discreet"] = True
    page = await browser.get("/profile")
    fields = {"name": "Ana R.", "languages": "es", "language": "en", "time_zone": "UTC"}
    assert (await browser.send(page, "/profile", **fields)).status_code == 200
    profile = community.world.members[her]["profile"]
    assert (profile["name"], profile["discreet"]) == ("Ana R.", True)
