"""A line of her trust that she contests: what she reads, and what a moderator does with it."""

import html

import httpx
import pytest

from services.web.clients.members import Members
from services.web.tokens import Tokens
from shared.contracts.http.contests import MY_CONTESTS
from shared.contracts.http.reputation import REFERENCE
from tests.web.conftest import Community
from tests.web.fake_contests import ANSWER, OBJECTION, new_contest, new_word
from tests.web.fakes import Fakes
from tests.web.scenes import Trio, trio


@pytest.fixture
def three(community: Community) -> Trio:
    """Marisol, the voucher, is a moderator."""
    found = trio(community)
    community.world.roles[found.marisol] = ["moderator"]
    community.app.state.tokens = Tokens(Members(community.app.state.services["members"]))
    return found


async def test_each_line_that_counts_can_be_contested_and_the_start_cannot(three: Trio) -> None:
    page = (await three.asker.get("/ledger")).text
    assert page.count("/ledger/contest?line=") == 2
    assert "line=good" in page and "line=mutual" in page and "line=start" not in page
    form = (await three.asker.get("/ledger/contest?line=mutual")).text
    assert 'value="mutual" required checked' in form and 'value="good" required>' in form and 'value="start"' not in form


async def test_she_reads_that_a_moderator_will_look_at_it_and_then_the_answer(three: Trio, community: Community) -> None:
    page = await three.asker.get("/ledger/contest?line=good")
    sent = await three.asker.send(page, "/ledger/contest", False, line="good", objection="<b>It was my fault</b>, and nobody else's.")
    receipt = html.unescape((await three.asker.get(sent.headers["location"])).text)
    assert "A moderator will look at it" in receipt and "<b>It was my fault" not in (await three.asker.get(sent.headers["location"])).text
    ledger = (await three.asker.get("/ledger")).text
    assert f'href="{sent.headers["location"]}"' in ledger and "You contest it" in ledger and "line=good" not in ledger
    assert 'value="good"' not in (await three.asker.get("/ledger/contest")).text, "one open contest a line"
    (row,) = community.world.contests.values()
    row.update(answer=ANSWER, decided_at=row["contested_at"])
    assert ANSWER in (await three.asker.get(sent.headers["location"])).text
    ledger = (await three.asker.get("/ledger")).text
    assert "Answered" in ledger and "line=good" in ledger
    assert (await three.counterpart.get(sent.headers["location"])).status_code == 404


async def test_a_moderator_finds_it_in_her_queue_and_decides(three: Trio, community: Community) -> None:
    world = community.world
    words = [new_word(world, place, three.lucia, three.andrea, three.andrea, value="bad", shows=place == 7) for place in (7, 8)]
    row = new_contest(world, three.lucia, words=words)
    assert "1 without an answer" in (await three.voucher.get("/moderation")).text
    path = f"/moderation/contests/{row['id']}"
    assert f'href="{path}"' in (await three.voucher.get("/moderation/contests")).text
    page = await three.voucher.get(path)
    for said in (OBJECTION, "Andrea Mora: it wasn't as described", "she sees it counted", "not on her page yet"):
        assert said in html.unescape(page.text)
    refused = await three.voucher.send(page, path, exclude="8", why_excluded="No.", answer_to_her=ANSWER)
    assert refused.status_code == 422 and 'value="8" checked' in refused.text and ANSWER in refused.text
    done = await three.voucher.send(page, path, False, exclude="8", why_excluded="She was in another town then.", answer_to_her=ANSWER)
    assert done.headers["location"] == "/moderation/contests"
    assert [word["reason"] for word in row["words"]] == [None, "She was in another town then."]
    after = (await three.voucher.get(path)).text
    assert "She was in another town then." in after and ANSWER in after and "<textarea" not in after
    assert (await three.counterpart.get(path)).status_code == 404


async def test_what_isnt_a_place_in_the_ledger_is_no_fault_of_ours(three: Trio, community: Community) -> None:
    path = f"/moderation/contests/{new_contest(community.world, three.lucia)['id']}"
    page = await three.voucher.get(path)
    for place in ("9" * 5000, "²", "-1", "x"):
        assert (await three.voucher.send(page, path, exclude=place, answer_to_her="No.")).status_code == 422


async def test_cases_are_there_though_contests_cant_be_read(three: Trio, fakes: Fakes) -> None:
    fakes.wires["reputation"].down = True
    assert (await three.voucher.get("/moderation")).status_code == 200


async def test_her_trust_is_there_though_a_service_of_the_release_before_knows_less_of_it(three: Trio, fakes: Fakes) -> None:
    """While a new release is installed the web may be newer."""
    unknown = httpx.Response(404, json={"code": "not_found", "detail": "There is nothing here."})
    fakes.wires["reputation"].answer = lambda request: unknown if request.url.path in (MY_CONTESTS.path, REFERENCE.path) else None
    for path in ("/ledger", "/ledger/contest"):
        assert (await three.asker.get(path)).status_code == 200
