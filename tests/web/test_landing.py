"""The first page: what it says of who runs this Madrina follows from the settings, and nothing is made up."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import ValidationError

from tests.web.conftest import Browser, Community, pages_over
from tests.web.fakes import Fakes


@asynccontextmanager
async def landing(fakes: Fakes | None = None, **settings: str) -> AsyncIterator[str]:
    """The first page under these settings."""
    made = pages_over(fakes or Fakes(), **settings)
    async with made.router.lifespan_context(made):
        browser = Browser(made)
        yield (await browser.get("/")).text
        await browser.http.aclose()


def facts(page: str) -> dict[str, str]:
    """What is said, by its heading, without markup."""
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    return {heading: re.sub(r"<[^>]+>", "", said).strip() for heading, said in found}


async def test_it_says_who_runs_it_and_what_it_costs() -> None:
    async with landing(run_by="Asociación Abeja, Mérida", run_by_url="https://abeja.test/us", paid_by="Fundación Colmena") as page:
        said = facts(page)
        assert said["Who runs it"] == "Asociación Abeja, MéridaWho we are"
        assert '<a href="https://abeja.test/us">' in page
        assert said["What it costs"].startswith("Nothing. Fundación Colmena pays for it.")


async def test_what_isnt_set_is_left_out() -> None:
    async with landing(run_by="", run_by_url="", paid_by="") as page:
        assert facts(page).keys() == {"How you get in", "What we keep"}


@pytest.mark.parametrize(
    ("join", "said"), [("open", "ask a woman you know to connect"), ("by_request", "Ask to join"), ("invited", "By invitation")]
)
async def test_it_says_who_may_come_in(join: str, said: str) -> None:
    fakes = Fakes()
    fakes.world.community = {"who_may_join": join}
    async with landing(fakes) as page:
        assert said in facts(page)["How you get in"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "abeja.test"])
def test_its_link_leads_to_a_page(url: str) -> None:
    with pytest.raises(ValidationError, match="run_by_url"):
        pages_over(Fakes(), run_by_url=url)


async def test_the_door_is_in_the_head_of_every_page_but_its_own(community: Community) -> None:
    visitor = community.visitor()
    for path, there in (("/", True), ("/nothing", True), ("/sign-in", False)):
        head = (await visitor.get(path)).text.partition("</header>")[0]
        assert ('<a class="tap" href="/sign-in">Sign in</a>' in head) is there, path
