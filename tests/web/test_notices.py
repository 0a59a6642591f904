"""What a suspended member finds, and what comes first for whoever has a notice to acknowledge."""

import re

import pytest

from shared.paging import PAGE
from tests.web.conftest import Community
from tests.web.fake_joining import new_join_request
from tests.web.fake_moderation import new_case, new_notice, new_public_notice
from tests.web.scenes import WHY, WORDS, trio


@pytest.mark.parametrize("path", ["/", "/connections", "/profile", "/introductions", "/ledger", "/sign-in"])
async def test_a_suspended_member_is_led_to_what_is_left_to_her(community: Community, path: str) -> None:
    three = trio(community)
    community.world.members[three.lucia]["suspended"] = True
    answer = await three.asker.http.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/notices")
    page = await three.asker.get("/notices")
    assert "Your account is suspended." in page.text
    assert 'href="/me/data"' in page.text and 'href="/me/leave"' in page.text
    assert 'class="nav"' not in page.text


async def test_about_whom_nothing_was_decided_reads_that(community: Community) -> None:
    three = trio(community)
    assert "There are none." in (await three.asker.get("/notices")).text


async def test_what_she_sends_all_the_same_changes_nothing_and_leads_there_too(community: Community) -> None:
    three = trio(community)
    community.world.members[three.lucia]["suspended"] = True
    answer = await three.asker.post(f"/m/{three.andrea}/introduction/{three.marisol}", {"why_her": WHY})
    assert (answer.url.path, community.world.introductions) == ("/notices", {})


async def test_a_notice_comes_first_until_she_has_read_it_and_can_be_appealed_once(community: Community) -> None:
    three = trio(community)
    row = new_notice(community.world, three.lucia)
    page = await three.asker.http.get("/connections", follow_redirects=True)
    assert page.url.path == f"/notices/{row['id']}"
    assert row["reasons"] in page.text
    done = await three.asker.send(page, f"/notices/{row['id']}")
    assert (done.url.path, row["acknowledged_at"] is None) == ("/notices", False)
    assert (await three.asker.get("/connections")).url.path == "/connections"
    form = await three.asker.get(f"/notices/{row['id']}/appeal")
    words = "I asked each of them once, as I may, and in two weeks."
    told = await three.asker.send(form, f"/notices/{row['id']}/appeal", appeal=words)
    assert words in told.text
    assert f"/notices/{row['id']}/appeal" not in told.text
    assert (await three.voucher.get(f"/notices/{row['id']}")).status_code == 404


async def test_a_moderator_takes_a_case_notes_and_decides(community: Community) -> None:
    three = trio(community)
    row = new_case(community.world, three.lucia, three.andrea)
    path = f"/moderation/cases/{row['id']}"
    for there in ("/moderation", "/moderation/log", path, f"{path}/decision"):
        assert (await three.voucher.get(there)).status_code == 404, "without the role there is no such page"
    community.world.roles[three.marisol] = ["moderator"]
    assert path in (await three.voucher.get("/moderation")).text
    await three.voucher.send(await three.voucher.get(path), path, do="take")
    page = await three.voucher.get(path)
    assert "She wrote to me seven times" in page.text
    noted = await three.voucher.post(path, {"do": "note", "note": "I have asked her for the emails."})
    assert "I have asked her for the emails." in noted.text
    short = await three.voucher.post(f"{path}/decision", {"kind": "suspend", "rule": "respect", "reasons": "Bad.", "days": "7"})
    assert short.status_code == 422
    done = await three.voucher.post(f"{path}/decision", {"kind": "suspend", "rule": "respect", "reasons": WHY * 2, "days": "7"})
    assert (done.url.path, row["state"]) == ("/moderation", "decided")
    row["mine"] = False
    assert "Take it" not in (await three.voucher.get(path)).text, "there is nothing to do"
    row["can_decide"] = True
    assert "Take it" in (await three.voucher.get(path)).text


@pytest.mark.parametrize(
    ("language", "waiting"), [("en", ("50+ without an answer", "1 without an answer")), ("es", ("50+ sin contestar", "1 sin contestar"))]
)
async def test_the_queue_says_what_else_waits(community: Community, language: str, waiting: tuple[str, str]) -> None:
    three = trio(community)
    community.world.roles[three.marisol] = ["moderator"]
    community.world.members[three.marisol]["profile"]["language"] = language
    assert not re.search("without an answer|sin contestar", (await three.voucher.get("/moderation")).text)
    new_public_notice(community.world)
    for number in range(PAGE + 1):
        new_join_request(community.world, f"Mia {number}")
    text = (await three.voucher.get("/moderation")).text
    for path, said in zip(("joining", "notices"), waiting, strict=True):
        assert re.search(rf'href="/moderation/{path}">[^<]+</a><p>{re.escape(said)}</p>', text)
    assert not re.search("Nothing waits|no espera nada", text)


@pytest.mark.parametrize(("photo", "said"), [("shown", "she shows now"), ("replaced", "replaced since"), ("gone", "taken back since")])
async def test_a_case_says_what_became_of_a_reported_photo(community: Community, photo: str, said: str) -> None:
    three = trio(community)
    row = new_case(community.world, three.lucia, three.andrea)
    community.world.roles[three.marisol] = ["moderator"]
    path = f"/moderation/cases/{row['id']}"
    assert said not in (await three.voucher.get(path)).text
    row["reports"][0]["photo"] = photo
    assert said in (await three.voucher.get(path)).text


async def test_whoever_is_no_member_writes_keeps_her_receipt_and_reads_the_answer(community: Community) -> None:
    three, visitor = trio(community), community.visitor()
    said = {"kind": "illegal", "concerns": f"/m/{three.lucia}", "email": ""}
    short = await visitor.post("/notice", {**said, "what_happened": "Bad."})
    assert (short.status_code, f"/m/{three.lucia}" in short.text) == (422, True)
    receipt = await visitor.post("/notice", {**said, "what_happened": WHY})
    (row,) = community.world.public_notices.values()
    assert receipt.url.path == f"/notice/{row['id'].hex}"
    assert (row["number"] in receipt.text, str(three.lucia) in receipt.text, WHY in receipt.text) == (True, False, False)
    path = f"/moderation/notices/{row['id']}"
    for there in ("/moderation/notices", path):
        assert (await three.voucher.get(there)).status_code == 404, "without the role there is no such page"
    community.world.roles[three.marisol] = ["moderator"]
    assert path in (await three.voucher.get("/moderation/notices")).text
    short = await three.voucher.post(path, {"reply": "No."})
    assert short.status_code == 422
    done = await three.voucher.post(path, {"reply": WORDS})
    assert (done.url.path, path in done.text) == ("/moderation/notices", False)
    assert WORDS in (await visitor.get(receipt.url.path)).text
    assert (await visitor.get("/notice/somebody-elses")).status_code == 404
    community.world.members[three.lucia]["suspended"] = True
    assert (await three.asker.get("/notice")).url.path == "/notice"
