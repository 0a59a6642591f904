"""Leaving: what the page says, that it signs her out, and that in her last days there is nothing but the way back."""

import pytest

from services.web.session import SESSION
from tests.web.conftest import Community
from tests.web.scenes import trio


async def test_she_leaves_and_is_signed_out(community: Community) -> None:
    three = trio(community)
    page = await three.asker.get("/me/leave")
    assert page.text.index('href="/me/data"') < page.text.index('value="leave"'), "her data is offered first"
    after = await three.asker.post("/me/leave", {"decision": "leave"})
    assert (after.url.path, "Your account ends in seven days." in after.text) == ("/", True)
    assert SESSION not in three.asker.http.cookies
    assert three.lucia not in community.world.sessions.values()


@pytest.mark.parametrize("path", ["/", "/connections", "/profile", "/introductions", "/ledger", "/sign-in"])
async def test_in_her_last_days_every_page_leads_to_the_one_with_the_way_back(community: Community, path: str) -> None:
    three = trio(community)
    community.world.members[three.lucia]["ends_at"] = "2027-01-03T10:00:00Z"
    answer = await three.asker.http.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me/leave")
    page = await three.asker.get("/me/leave")
    assert '<time datetime="2027-01-03T10:00+00:00">' in page.text
    assert ('value="leave"' in page.text, 'value="keep"' in page.text, 'href="/me/data"' in page.text) == (False, True, True)
    assert 'class="nav"' not in page.text


async def test_with_one_button_she_keeps_it(community: Community) -> None:
    three = trio(community)
    community.world.members[three.lucia]["ends_at"] = "2027-01-03T10:00:00Z"
    after = await three.asker.post("/me/leave", {"decision": "keep"})
    assert (after.url.path, "You keep your account." in after.text) == ("/", True)
    assert (await three.asker.get("/connections")).url.path == "/connections"
