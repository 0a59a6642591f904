"""What a suspended member finds, and what comes first for whoever has a notice to acknowledge."""

import pytest

from tests.web.conftest import Community
from tests.web.scenes import WHY, trio


@pytest.mark.parametrize("path", ["/", "/connections", "/profile", "/introductions", "/ledger", "/sign-in"])
async def test_a_suspended_member_is_led_to_what_is_left_to_her(community: Community, path: str) -> None:
    three = trio(community)
    community.world.members[three.lucia]["suspended"] = True
    answer = await three.asker.http.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/notices")
    page = await three.asker.get("/notices")
    assert "Your account is suspended." in page.text
    assert 'class="nav"' not in page.text


async def test_who_takes_part_finds_no_such_page(community: Community) -> None:
    three = trio(community)
    answer = await three.asker.http.get("/notices")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_what_she_sends_all_the_same_changes_nothing_and_leads_there_too(community: Community) -> None:
    three = trio(community)
    community.world.members[three.lucia]["suspended"] = True
    answer = await three.asker.post(f"/m/{three.andrea}/introduction/{three.marisol}", {"why_her": WHY})
    assert (answer.url.path, community.world.introductions) == ("/notices", {})
