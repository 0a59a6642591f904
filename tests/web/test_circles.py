"""The moderators' page of closed circles."""

import pytest

from tests.web.conftest import Community
from tests.web.fake_moderation import new_case
from tests.web.fake_world import later
from tests.web.scenes import Trio, trio

PATH = "/moderation/circles"


@pytest.fixture
def three(community: Community) -> Trio:
    """Marisol is a moderator."""
    found = trio(community)
    community.world.roles[found.marisol] = ["moderator"]
    return found


async def test_for_others_there_is_no_such_page_and_no_link(community: Community, three: Trio) -> None:
    assert PATH in (await three.voucher.get("/moderation")).text
    community.world.roles[three.andrea] = ["steward"]
    for other in (three.asker, three.counterpart):
        assert (await other.get(PATH)).status_code == 404
        assert PATH not in (await other.get("/moderation")).text


async def test_it_says_that_a_circle_proves_nothing_and_that_there_are_none(three: Trio) -> None:
    page = await three.voucher.get(PATH)
    assert "A circle proves nothing" in page.text
    assert "There are none just now." in page.text


async def test_a_circle_has_names_how_many_introductions_and_a_day_and_says_what_is_left_out(community: Community, three: Trio) -> None:
    cards = [community.world.card(member) for member in (three.lucia, three.andrea)]
    community.world.circles.append({"members": cards, "gone": 2, "introductions": 3, "since": later(-70)})
    page = (await three.voucher.get(PATH)).text
    for said in (f'href="/m/{three.lucia}"', "2 who have left", "3 introductions, the first", "There are 7 more"):
        assert said in page
    for hidden in ("score", "Established"):
        assert hidden not in page


async def test_a_look_is_a_line_of_the_log_that_links_to_no_case(community: Community, three: Trio) -> None:
    new_case(community.world, three.lucia, three.andrea)
    page = (await three.voucher.get("/moderation/log")).text
    assert "<td>looked at the closed circles</td><td>–</td>" in page
