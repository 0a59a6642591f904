"""What the steward settled, as pages know it: asked of members now and then, and never what a page fails for."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.web.community import KEPT, TRIED_AGAIN
from services.web.i18n import LANGUAGES
from shared import clock
from shared.contracts.http.members.community import COMMUNITY
from tests.web.conftest import Community, pages_over
from tests.web.fake_world import at
from tests.web.fakes import Fakes


class Asked:
    """How often members was asked, and what is so there."""

    def __init__(self, fakes: Fakes) -> None:
        self.fakes, self.times = fakes, 0
        fakes.wires["members"].answer = self._note

    def _note(self, request: httpx.Request) -> None:
        self.times += request.url.path == COMMUNITY.path


@pytest.fixture
def apart() -> Fakes:
    """Services that nobody else asks."""
    return Fakes()


async def test_it_is_asked_once_in_half_a_minute_however_many_ask(apart: Fakes) -> None:
    asked, last = Asked(apart), pages_over(apart).state.community
    said: list[Any] = await asyncio.gather(*(last.get() for _ in range(5)))
    assert asked.times == 1
    assert {one.who_may_join for one in said} == {"open"}
    apart.world.community = {"who_may_join": "invited"}
    with at(clock.machine_now() + KEPT - timedelta(seconds=1)):
        assert (await last.get()).who_may_join == "open"
    with at(clock.machine_now() + KEPT + timedelta(seconds=1)):
        assert (await last.get()).who_may_join == "invited"
    assert asked.times == 2


async def test_without_an_answer_it_is_what_the_settings_say_and_then_what_was_said_last(apart: Fakes) -> None:
    last, wire = pages_over(apart, join="invited").state.community, apart.wires["members"]
    wire.down = True
    assert (await last.get()).who_may_join == "invited"
    wire.down = False
    with at(clock.machine_now() + TRIED_AGAIN):
        assert (await last.get()).who_may_join == "open"
    wire.down = True
    with at(clock.machine_now() + TRIED_AGAIN + KEPT):
        assert (await last.get()).who_may_join == "open"


async def test_pages_show_without_it(community: Community) -> None:
    community.fakes.wires["members"].down = True
    assert (await community.visitor().get("/")).status_code == 200


INVITED = "i" * 43
NAMED = ("/", "/about", "/terms", "/privacy", f"/i/{INVITED}", "/connections")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", NAMED)
async def test_pages_that_say_whose_it_is_name_the_community_and_every_page_does_at_its_foot(
    community: Community, path: str, language: str
) -> None:
    reader = community.woman("Ana Ruiz", language)[1] if path == "/connections" else community.visitor(language)
    inviting = community.world.add("Marta Sanz")
    community.world.invitations[uuid4()] = {"token": INVITED, "sponsor": inviting, "used": False}
    unnamed = (await reader.get(path)).text
    community.world.community = {"who_may_join": "open", "name": "Asociación Abeja & Cía"}
    community.app.state.community.forget()
    page = (await reader.get(path)).text
    body, _, foot = page.partition("<footer")
    assert "<bdi>Asociación Abeja &amp; Cía</bdi>" in foot
    assert ("Asociación Abeja &amp; Cía" in body.partition("<main")[2]) is (path != "/connections")
    assert "Abeja" not in unnamed and "<bdi></bdi>" not in unnamed
