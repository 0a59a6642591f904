"""The pages of an ask by need: what each of the three reads, and that the asker's doesn't tell a no from silence."""

import re

import pytest

from tests.web.conftest import Browser, Community
from tests.web.fake_needs import new_need
from tests.web.fake_world import later
from tests.web.scenes import WORDS, trio

LOOKING = "A woman who has opened a branch in Mexico and would tell me what she would do otherwise."


async def main(browser: Browser, path: str) -> str:
    """What stands on the page, on one line, without the keys of its forms."""
    page = (await browser.get(path)).text.partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\xa0", " ").split())


async def test_from_the_connections_page_to_the_proposal(community: Community) -> None:
    three = trio(community)
    community.world.connect(three.lucia, three.marisol)
    ask = f"/m/{three.marisol}/need"
    assert f'href="{ask}"' in (await three.asker.get(f"/m/{three.marisol}/ask")).text
    refused = await three.asker.send(await three.asker.get(ask), ask, True, looking_for="Somebody")
    assert refused.status_code == 422
    sent = await three.asker.send(await three.asker.get(ask), ask, True, looking_for=LOOKING, days="4")
    need = sent.url.path
    assert "You told Marisol whom you look for" in sent.text
    assert "You told Marisol whom you look for" in await main(three.asker, "/")
    assert "Lucía asks whether you know somebody" in await main(three.voucher, "/")
    assert f'href="{need}/propose/{three.andrea}"' in (await three.voucher.get(f"{need}/propose")).text
    form = f"{need}/propose/{three.andrea}"
    words = {f"words_for.{three.lucia}": WORDS, f"words_for.{three.andrea}": WORDS, "show_need": "yes"}
    made = await three.voucher.send(await three.voucher.get(form), form, True, **words)
    assert "Andrea has your words first. Lucía hears of it only if she says yes." in made.text
    assert "She learns who you are only if you say yes." in await main(three.counterpart, made.url.path)
    assert LOOKING in await main(three.counterpart, made.url.path)


@pytest.mark.parametrize("state", ["declined", "answered"])
async def test_the_askers_pages_are_the_same_whatever_the_voucher_did(community: Community, state: str) -> None:
    three = trio(community)
    row = new_need(community.world, three.lucia, three.marisol, looking_for=LOOKING)
    path = f"/needs/{row['id']}"
    before = [await main(three.asker, page) for page in (path, "/")]
    row["state"] = state
    assert [await main(three.asker, page) for page in (path, "/")] == before
    assert await main(three.voucher, path) != before[0]


async def test_once_she_said_yes_the_asker_reads_who_it_is_and_where(community: Community) -> None:
    three = trio(community)
    made = three.vouched(answers_need=True, why_her=LOOKING, show_why_her=True, said={})
    made.update(asker=None, origin="proposed")
    row = new_need(community.world, three.lucia, three.marisol, looking_for=LOOKING, state="met", introduction_id=made["id"])
    page = await three.asker.get(f"/needs/{row['id']}")
    assert "Marisol thought of somebody, and she said yes." in page.text
    assert f'href="/introductions/{made["id"]}"' in page.text
    mine = await main(three.asker, f"/introductions/{made['id']}")
    assert "You told Marisol whom you look for, and she thought of Andrea." in mine
    assert f"{LOOKING} You to Marisol" in mine


async def test_a_no_and_a_withdrawal_are_said_on_the_page_itself(community: Community) -> None:
    three = trio(community)
    path = f"/needs/{new_need(community.world, three.lucia, three.marisol, looking_for=LOOKING, ends_at=later(5))['id']}"
    no = await three.voucher.send(await three.voucher.get(path), path, True, decision="decline")
    assert "You know nobody for Lucía just now" in no.text
    assert "Propose somebody" in no.text, "she can still change her mind"
    over = await three.asker.send(await three.asker.get(path), path, True, decision="withdraw")
    assert "You withdrew it." in over.text
