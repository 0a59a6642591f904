"""An introduction until both have said yes: what each is asked, and what she reads before she answers."""

import html
import re

import httpx

from tests.web.conftest import Community
from tests.web.fake_world import A_TUESDAY, at, later
from tests.web.scenes import WHY, trio


def read(page: httpx.Response) -> str:
    """The page as it is read, on one line."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page.text)))


async def test_an_asker_chooses_how_long_it_stays_open_and_sees_the_last_date(community: Community) -> None:
    with at(A_TUESDAY.replace(minute=20)):
        three = trio(community)
        path = f"/m/{three.andrea}/introduction/{three.marisol}"
        page = await three.asker.get(path)
        for days, end in ((4, "28 November, 13:00 UTC"), (7, "1 December, 13:00 UTC"), (14, "8 December, 13:00 UTC")):
            assert f"{days} days, until {end}" in read(page)
        assert 'value="14" required checked' in page.text
        await three.asker.send(page, path, why_her=WHY, days="4")
        [made] = community.world.introductions.values()
        assert made["expires_at"] == later(4)


async def test_a_number_of_days_that_is_no_choice_is_refused_beside_it(community: Community) -> None:
    three = trio(community)
    path = f"/m/{three.andrea}/introduction/{three.marisol}"
    refused = await three.asker.post(path, {"why_her": WHY, "days": "5"})
    assert refused.status_code == 422
    assert 'id="days-error"' in refused.text
