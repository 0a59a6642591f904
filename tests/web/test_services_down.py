"""If a service is down, the page says which part is missing, and nothing she wrote is lost."""

import re
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from shared.contracts.http.members.signing_in import Audience
from tests.web.conftest import Community
from tests.web.fakes import Fakes
from tests.web.scenes import WHY, trio


async def test_a_members_page_shows_what_there_is(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    path = f"/m/{three.andrea}"
    await three.asker.get(path)
    fakes.wires["reputation"].down = True
    answer = await three.asker.get(path)
    assert answer.status_code == 200
    assert "Trust:" in answer.text
    assert "Ask to connect" in answer.text


@pytest.mark.parametrize(("service", "part"), [("requests", "Connections and introductions"), ("members", "Signing in and profiles")])
async def test_without_a_service_that_knows_who_exists_for_whom_nothing_of_her_shows(
    community: Community, fakes: Fakes, service: str, part: str
) -> None:
    """Nor whether she exists: an id that never was, and one who is hidden by what the other service says, look the same."""
    three = trio(community)
    hidden = community.world.add("Renata Hidden")
    community.world.blocked.add(frozenset((three.lucia, hidden)))
    paths = [f"/m/{member}{page}" for member in (three.andrea, hidden, uuid4()) for page in ("", "/connect", "/introduction")]
    await three.asker.get(paths[0])  # so that tokens are there for a while
    fakes.wires[service].down = True  # type: ignore[index]  # as below
    answers = [await three.asker.get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {503}
    for answer in answers:
        assert f"<b>{part}:</b> missing right now." in answer.text
        assert not re.search("Andrea|Mora|Guadalajara|Renata|Hidden", answer.text)


@pytest.mark.parametrize("deaf", ["members", "requests"])
async def test_a_block_that_one_service_has_not_heard_of_yet_hides_her(community: Community, fakes: Fakes, deaf: str) -> None:
    three = trio(community)
    her, friend = community.world.add("Berta Sol"), three.marisol
    for member in (her, friend):
        community.world.connect(three.lucia, member)
    pages = ["m/{her}", "m/{her}/connect", "m/{her}/introduction", "m/{her}/introduction/{friend}", "connections/{her}", "m/{her}/ask"]
    pages += ["m/{her}/propose", "m/{her}/propose/{friend}", "m/{friend}/propose/{her}"]
    nobody = uuid4()
    absent = [(await three.asker.get(f"/{page.format(her=nobody, friend=friend)}")).text.replace(str(nobody), str(her)) for page in pages]
    knows: Audience = "requests" if deaf == "members" else "members"
    fakes.wires[knows].answer = lambda request: _not_found() if str(her) in request.url.path else None
    answers = [await three.asker.get(f"/{page.format(her=her, friend=friend)}") for page in pages]
    assert [(answer.status_code, answer.text) for answer in answers] == [(404, text) for text in absent]


def _not_found() -> httpx.Response:
    return httpx.Response(404, json={"code": "not_found", "detail": "There is nothing here."})


async def test_home_says_that_it_cannot_see_what_waits(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol", "es")
    fakes.wires["requests"].down = True
    answer = await browser.get("/")
    assert answer.status_code == 200
    assert "Las conexiones y las presentaciones:" in answer.text
    assert "No tienes nada pendiente" not in answer.text


@pytest.mark.parametrize(
    ("path", "service", "part"), [("/connections", "requests", "Connections and introductions"), ("/ledger", "reputation", "Trust")]
)
async def test_a_page_without_its_main_part_is_unavailable(community: Community, fakes: Fakes, path: str, service: str, part: str) -> None:
    _, browser = community.woman("Irene Sol")
    fakes.wires[service].down = True  # type: ignore[index]  # the names are of the three
    answer = await browser.get(path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert f"<b>{part}:</b> missing right now." in answer.text
    assert 'href="/connections"' in answer.text


async def test_without_members_nobody_can_come_in_and_the_door_says_so(community: Community, fakes: Fakes) -> None:
    visitor = community.visitor()
    page = await visitor.get("/sign-in")
    fakes.wires["members"].down = True
    answer = await visitor.send(page, "/sign-in", True, email="nora@example.test")
    assert answer.status_code == 503
    assert "Signing in and profiles" in answer.text
    assert "nora@example.test" in answer.text


async def test_a_session_is_not_thrown_away_because_members_is_down(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    fakes.wires["members"].down = True
    answer = await browser.get("/connections")
    assert answer.status_code == 503
    assert "set-cookie" not in answer.headers
    fakes.wires["members"].down = False
    assert (await browser.get("/connections")).status_code == 200


async def test_an_answer_that_got_lost_keeps_words_and_key(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    path = f"/m/{three.andrea}/introduction/{three.marisol}"
    page = await three.asker.get(path)
    key = re.search(r'name="form_key" value="([^"]+)"', page.text)
    assert key
    # The service has done it, and its answer never came.
    fakes.wires["requests"].deaf = True
    lost = await three.asker.send(page, path, True, why_her=WHY)
    assert lost.status_code == 503
    assert WHY.replace("'", "&#39;") in lost.text
    assert key[1] in lost.text
    fakes.wires["requests"].deaf = False
    fakes.wires["requests"].answer = lambda request: None
    assert len(community.world.introductions) == 1
    keys = [call.headers["idempotency-key"] for call in fakes.commands("/asks")]
    assert keys == [key[1]]


async def test_trying_again_sends_everything_again_with_its_key(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")
    page = await browser.get("/profile")
    fakes.wires["members"].down = True
    fields = {"name": "Irene Sol", "headline": "Architect", "language": "en", "time_zone": "UTC"}
    kept = await browser.send(page, "/profile", True, **fields)
    assert kept.status_code == 503
    fakes.wires["members"].down = False
    after = await browser.send(kept, "/profile")
    assert "Your profile is saved" in after.text
    first, at_once, second = fakes.commands("/v1/me/profile")
    assert first.body == at_once.body == second.body
    assert len({sent.headers["idempotency-key"] for sent in (first, at_once, second)}) == 1


UNREADABLE = [
    httpx.Response(500),
    httpx.Response(503, json={"code": "unavailable"}),
    httpx.Response(200, text="<html>"),
    httpx.Response(200, json={"odd": 1}),
]


@pytest.mark.parametrize("answer", UNREADABLE)
async def test_an_answer_we_cannot_read_is_a_missing_part(community: Community, fakes: Fakes, answer: httpx.Response) -> None:
    _, browser = community.woman("Irene Sol")
    fakes.wires["reputation"].answer = lambda request: answer
    assert (await browser.get("/ledger")).status_code == 503


async def test_absent_and_blocked_look_the_same(community: Community) -> None:
    three = trio(community)
    absent, blocked = community.world.add("Ghost"), three.andrea
    del community.world.members[absent]
    community.world.blocked.add(frozenset((three.lucia, blocked)))
    for suffix in ("", "/connect", "/introduction", f"/introduction/{three.marisol}"):
        answers = [await three.asker.get(f"/m/{who}{suffix}") for who in (absent, blocked)]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].text.replace(str(absent), str(blocked)) == answers[1].text
    assert (await three.asker.get("/m/not-an-id")).status_code == 404


async def test_a_fault_of_ours_is_a_page_that_quotes_nothing(community: Community, fakes: Fakes) -> None:
    _, browser = community.woman("Irene Sol")

    def fault(request: httpx.Request) -> httpx.Response:
        raise RuntimeError("private words")

    fakes.wires["requests"].answer = fault
    with capture_logs() as logged:
        answer = await browser.get("/connections")
    assert answer.status_code == 500
    assert "We put a foot wrong." in answer.text
    assert "private words" not in answer.text
    assert [line["event"] for line in logged if line["log_level"] == "error"] == ["request.failed"]
