"""Several web processes: nothing that one remembers undoes or denies what was done at another."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from services.web.clients.members import Members
from services.web.session import SESSION
from services.web.tokens import Tokens
from shared import clock
from tests.web.conftest import Browser, Community, pages_over
from tests.web.fake_members import CODE
from tests.web.fakes import Fakes
from tests.web.scenes import trio

PROFILE = {"name": "Nora Vega", "headline": "", "language": "en", "time_zone": "UTC", "languages": "en", "visibility": "connections"}


@pytest.fixture
async def other(fakes: Fakes) -> AsyncIterator[FastAPI]:
    """A second process over the same services."""
    made = pages_over(fakes)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
def passing(app: FastAPI, other: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many seconds go by at both, which remember nothing yet."""
    now = [clock.machine_now()]
    monkeypatch.setattr(clock, "machine_now", lambda: now[0])
    for process in (app, other):
        process.state.tokens = Tokens(Members(process.state.services["members"]))

    def pass_(seconds: float) -> None:
        now[0] += timedelta(seconds=seconds)

    return pass_


def at(app: FastAPI, browser: Browser) -> Browser:
    """The same browser at another process."""
    return Browser(app, browser.http.cookies[SESSION])


async def test_a_new_member_is_known_at_once_everywhere(community: Community, other: FastAPI) -> None:
    one = community.visitor()
    code = await one.send(await one.get("/sign-in"), "/sign-in", True, email="nora@example.test")
    await one.send(code, code.url.path, False, code=CODE)
    two = at(other, one)
    assert (await two.get("/")).headers["location"] == "/profile"
    await one.send(await one.get("/profile"), "/profile", False, **PROFILE)
    for browser in (two, one):
        assert (await browser.get("/")).status_code == 200


async def test_a_change_is_seen_at_once_and_kept_by_the_next(community: Community, other: FastAPI) -> None:
    member_id, one = community.woman("Nora Vega")
    two = at(other, one)
    await two.get("/profile")
    await one.send(await one.get("/profile"), "/profile", False, **{**PROFILE, "headline": "Paints"})
    assert "Paints" in (await two.get(f"/m/{member_id}")).text
    page = await two.get("/profile")
    assert 'value="Paints"' in page.text
    await two.send(page, "/profile", False, **{**PROFILE, "headline": "Paints", "place": "Quito"})
    kept = community.world.members[member_id]["profile"]
    assert (kept["headline"], kept["place"]) == ("Paints", "Quito")


async def test_the_later_of_two_changes_shows_both(community: Community, other: FastAPI) -> None:
    member_id, one = community.woman("Nora Vega", visibility="connections")
    two = at(other, one)
    mine, theirs = await one.get("/profile"), await two.get("/profile")
    await one.send(mine, "/profile", False, **{**PROFILE, "headline": "Paints", "language": "es", "languages": "pt"})
    refused = await two.send(theirs, "/profile", True, **{**PROFILE, "place": "Quito"})
    assert refused.status_code == 409
    assert 'value="Quito"' in refused.text
    for saved in ("Paints", "Español", "Português", "–"):
        assert f"Guardado mientras tanto: {saved}" in refused.text
    assert refused.text.count("Guardado mientras tanto") == 4
    assert community.world.members[member_id]["profile"]["headline"] == "Paints"
    # She has both in sight, and chooses.
    done = await two.send(refused, "/profile", False, **{**PROFILE, "headline": "Paints", "place": "Quito"})
    assert done.status_code == 303
    kept = community.world.members[member_id]["profile"]
    assert (kept["headline"], kept["place"], kept["visibility"]) == ("Paints", "Quito", "connections")


async def test_the_first_profile_is_made_once(community: Community, other: FastAPI) -> None:
    member_id, one = community.woman("Nora Vega")
    community.world.members[member_id].update(profile=None, version=0)
    two = at(other, one)
    mine, theirs = await one.get("/profile"), await two.get("/profile")
    await one.send(mine, "/profile", False, **PROFILE)
    assert (await two.send(theirs, "/profile", False, **{**PROFILE, "name": "N. V."})).status_code == 409


async def test_an_old_closeness_is_not_put_back_unseen(community: Community, other: FastAPI) -> None:
    three = trio(community)
    path, two = f"/connections/{three.lucia}/closeness", at(other, three.voucher)
    old = await two.get(path)
    await three.voucher.send(await three.voucher.get(path), path, False, closeness="worked_together")
    for choice in ("know_well", "met"):
        refused = await two.send(old, path, True, closeness=choice)
        assert refused.status_code == 409
        assert "Saved in the meantime: We have worked together" in refused.text
        assert f'value="{choice}" required checked' in refused.text
    assert community.world.connections[three.marisol, three.lucia]["closeness"] == "worked_together"
    assert (await two.send(refused, path, False, closeness="met")).status_code == 303


async def test_where_they_met_is_not_put_back_unseen(community: Community, other: FastAPI) -> None:
    three = trio(community)
    path, two = f"/connections/{three.lucia}/provenance", at(other, three.voucher)
    old = await two.get(path)
    await three.voucher.send(await three.voucher.get(path), path, False, how_met="work", where_we_met="The clinic where we shared a desk")
    mine = {"how_met": "event", "where_we_met": "The assembly of the neighbourhood"}
    refused = await two.send(old, path, True, **mine)
    assert refused.status_code == 409
    assert "Saved in the meantime: The clinic where we shared a desk" in refused.text
    assert "Saved in the meantime: At work" in refused.text
    assert mine["where_we_met"] in refused.text
    assert (await two.send(refused, path, False, **mine)).status_code == 303


PAGES = ["/", "/connections", "/introductions", "/profile", "/m/{me}", "/ledger"]


@pytest.mark.parametrize("path", PAGES)
async def test_signing_out_holds_everywhere_within_five_seconds(
    community: Community, other: FastAPI, passing: Callable[[float], None], path: str
) -> None:
    member_id, one = community.woman("Irene Sol")
    two, here = at(other, one), path.format(me=member_id)
    # Busy until the last moment, so that whatever is kept is as fresh as it can be.
    for _ in range(3):
        assert (await two.get(here)).status_code == 200
        passing(1.5)
    await one.post("/sign-out", {}, follow=False)
    passing(5)
    answer = await two.get(here)
    assert answer.headers.get("location", "").startswith("/sign-in") or "Send me a code" in answer.text


async def test_a_session_that_members_ended_is_over_in_every_process(
    community: Community, other: FastAPI, passing: Callable[[float], None]
) -> None:
    _, one = community.woman("Irene Sol")
    two = at(other, one)
    for browser in (one, two):
        assert (await browser.get("/connections")).status_code == 200
    community.world.sessions.clear()
    passing(5)
    for browser in (one, two):
        assert (await browser.get("/connections")).headers["location"].startswith("/sign-in")


async def test_words_sealed_at_one_come_back_at_another(community: Community, other: FastAPI) -> None:
    member_id, one = community.woman("Irene Sol")
    page = await one.get("/profile")
    community.world.sessions.clear()
    gone = Browser(other, one.http.cookies[SESSION])
    door = await gone.send(page, "/profile", False, **{**PROFILE, "headline": "Paints"})
    here = community.visitor()
    code = await here.send(door, "/sign-in", False, email=community.world.members[member_id]["email"])
    back = await here.send(code, f"/sign-in/{list(community.world.challenges)[-1]}", False, code=CODE)
    assert 'value="Paints"' in back.text
