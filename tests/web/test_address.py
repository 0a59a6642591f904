"""Her addresses on their pages: named, confirmed, passed on; and the link of the letter, which asks first."""

import httpx
import pytest

from tests.web.conftest import Browser, Community
from tests.web.fake_addresses import ADDRESS_CODE
from tests.web.fake_signing_in import PASSKEY
from tests.web.scenes import trio
from tests.web.test_signing_in import hidden, send

NEW, SECOND = "irene@casa.test", "irene.sol@trabajo.test"


async def named(browser: Browser, purpose: str, email: str) -> httpx.Response:
    await send(browser, "/me/address", purpose=purpose, email=email)
    return await browser.get("/me/address")


async def test_she_names_one_confirms_it_and_is_led_to_where_she_ends_other_sessions(community: Community) -> None:
    her, browser = community.woman("Irene Sol")
    page = await named(browser, "sign_in", f"Irene <{NEW}>")
    assert NEW in page.text
    assert community.world.members[her]["email"] != NEW, "not yet"
    wrong = await browser.send(page, "/me/address/confirm", purpose="sign_in", code="1234567812345678")
    assert (wrong.status_code, "code isn" in wrong.text) == (422, True)
    done = await send(browser, "/me/address/confirm", purpose="sign_in", code="2468 1012 2468 1012")
    assert (done.status_code, done.headers["location"]) == (303, "/me/signing-in")
    assert community.world.members[her]["email"] == NEW
    assert "End all others" in (await browser.get("/me/signing-in")).text
    assert "is kept for you until" in (await browser.get("/me/address")).text


@pytest.mark.parametrize("purpose", ["sign_in", "passed_on"])
async def test_she_shows_that_it_is_her_first_and_then_it_goes_on(community: Community, purpose: str) -> None:
    her, browser = community.woman("Irene Sol")
    community.world.stale.add(her)
    asked = await send(browser, "/me/address", purpose=purpose, email=NEW)
    assert asked.status_code == 403
    assert her not in community.world.addresses
    await send(browser, "/step-up/passkey", credential=f"{PASSKEY}{her}", kept=hidden(asked.text, "kept"))
    assert community.world.addresses[her]["waiting"]["address"] == NEW


async def test_what_is_no_address_is_said_at_its_field(community: Community) -> None:
    _, browser = community.woman("Irene Sol")
    page = await send(browser, "/me/address", purpose="passed_on", email="irene")
    assert page.status_code == 422
    assert 'id="passed_on" name="email" type="email" autocomplete="email" value="irene"' in page.text
    assert page.text.count("aria-invalid") == 1


async def test_the_second_is_what_introductions_pass_on_until_she_removes_it(community: Community) -> None:
    three = trio(community)
    own = community.world.members[three.lucia]["email"]
    met = three.confirmed()
    ask = f"/m/{three.lucia}/introduction/{three.marisol}"
    await named(three.asker, "passed_on", SECOND)
    await send(three.asker, "/me/address/confirm", purpose="passed_on", code=ADDRESS_CODE)
    moment = (await three.counterpart.get(f"/introductions/{met['id']}")).text
    assert SECOND in moment
    assert own not in moment
    hers = (await three.counterpart.get(ask)).text
    assert community.world.members[three.andrea]["email"] in hers, "asking is a yes, and says which address goes with it"
    page = await three.asker.get("/me/address")
    assert "introductions pass on" in page.text
    assert own in page.text
    await three.asker.post("/me/address", {"purpose": "first"})
    assert own in (await three.counterpart.get(f"/introductions/{met['id']}")).text


async def test_before_her_yes_she_reads_which_address_is_passed_on(community: Community) -> None:
    three = trio(community)
    community.world.members[three.andrea]["passed_on"] = SECOND
    row = three.vouched()
    page = (await three.counterpart.get(f"/introductions/{row['id']}")).text
    assert SECOND in page
    assert community.world.members[three.andrea]["email"] not in page


@pytest.mark.parametrize("made", [True, False])
async def test_the_link_of_the_letter_asks_first_and_then_signs_her_out(community: Community, made: bool) -> None:
    her, browser = community.woman("Irene Sol")
    community.world.changes["to-ken"] = (her, made)
    page = await community.visitor().get("/address/to-ken")
    assert page.status_code == 200
    assert ("Put it back" in page.text, "Stop it" in page.text) == (made, not made)
    assert community.world.changes, "to open it does nothing"
    done = await send(browser, "/address/to-ken")
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    assert her not in community.world.sessions.values()
    again = await community.visitor().get("/address/to-ken")
    assert (again.status_code, "any more" in again.text) == (404, True)
    assert (await send(community.visitor(), "/address/to-ken")).status_code == 404
