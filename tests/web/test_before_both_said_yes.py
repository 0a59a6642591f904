"""An introduction until both have said yes: what each is asked, and what she reads before she answers."""

import html
import re

import httpx

from shared.contracts.kind_answers import SENTENCES
from tests.web.conftest import Community
from tests.web.fake_world import A_TUESDAY, at, later
from tests.web.scenes import CORRECTION, WHY, WORDS, trio


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


async def test_a_correction_goes_to_the_voucher_and_nobody_else_reads_it(community: Community) -> None:
    three = trio(community)
    row = three.vouched()
    path = f"/introductions/{row['id']}"
    page = await three.counterpart.get(f"{path}/correction")
    assert row["words_for"][three.lucia] in read(page), "what is said of her"
    done = await three.counterpart.send(page, f"{path}/correction", correction=CORRECTION)
    assert "We are telling her, and nobody else." in read(done)
    assert f"You asked Marisol to correct this: {CORRECTION}" in read(done)
    assert f"{path}/correction" not in done.text
    hers = await three.voucher.get(path)
    assert CORRECTION in read(hers)
    assert CORRECTION not in read(await three.asker.get(path))
    form = await three.voucher.get(f"{path}/words")
    assert CORRECTION in read(form)
    assert f"\n{row['words_for'][three.andrea]}</textarea>" in form.text
    new = {f"words_for.{side}": f"Corrected. {WORDS}" for side in (three.lucia, three.andrea)}
    assert "with your new words" in read(await three.voucher.send(form, f"{path}/words", **new))
    for browser in (three.asker, three.counterpart):
        shown = await browser.get(path)
        assert "Marisol corrected her words" in read(shown)
        assert "Yes, introduce us" in shown.text, "who had said yes is asked again"


async def test_a_yes_to_words_that_have_changed_since_shows_the_new_ones(community: Community) -> None:
    three = trio(community)
    row = three.vouched(corrections={three.andrea: {"text": CORRECTION, "corrected": False}})
    page = await three.counterpart.get(path := f"/introductions/{row['id']}")
    row["corrections"][three.andrea]["corrected"] = True
    refused = await three.counterpart.send(page, path)
    assert refused.status_code == 409
    assert "The words have been corrected since you read them." in read(refused)
    assert row["confirmed_at"] is None
    assert (await three.counterpart.send(refused, path)).status_code == 200
    assert row["confirmed_at"]


async def test_a_voucher_may_say_no_in_a_kind_sentence_which_the_asker_reads(community: Community) -> None:
    three = trio(community)
    row = three.introduction()
    path = f"/introductions/{row['id']}"
    page = await three.voucher.get(f"{path}/decline")
    assert [sentence in read(page) for sentence in SENTENCES["en"].values()] == [True] * len(SENTENCES["en"])
    done = await three.voucher.send(page, path, how="read_it")
    assert "We are writing to her now, with that sentence." in read(done)
    for browser in (three.voucher, three.asker):
        assert SENTENCES["en"]["read_it"] in read(await browser.get(path))
    assert "Marisol has answered: not this time" in read(await three.asker.get(path))


async def test_that_she_does_not_know_them_well_enough_stays_with_the_voucher(community: Community) -> None:
    three = trio(community)
    row = three.introduction()
    path = f"/introductions/{row['id']}"
    before = read(await three.asker.get(path))
    done = await three.voucher.send(await three.voucher.get(f"{path}/decline"), path, how="not_well_enough")
    assert "I don't know one of them well enough" in read(done)
    assert read(await three.asker.get(path)) == before
    refused = await three.voucher.send(await three.voucher.get(f"{path}/decline"), path, how="loudly")
    assert refused.status_code == 422
    assert 'id="how-error"' in refused.text


async def test_why_she_withdraws_her_word_is_asked_and_stays_with_her(community: Community) -> None:
    three = trio(community)
    row = three.vouched()
    path = f"/introductions/{row['id']}"
    page = await three.voucher.get(f"{path}/withdraw")
    await three.voucher.send(page, path, reason="too_quickly")
    assert "I gave my word too quickly" in read(await three.voucher.get(path))
    for browser in (three.asker, three.counterpart):
        assert "too quickly" not in read(await browser.get(path))


async def test_words_about_someone_she_spoke_with_long_ago_are_pointed_out_once_and_then_dated(community: Community) -> None:
    three = trio(community)
    row = three.introduction()
    path = f"/introductions/{row['id']}"
    page = await three.voucher.get(f"{path}/vouch")
    assert "When did you last speak with Andrea?" in read(page)
    assert "After this one you can vouch for 2 more at the same time." in read(page)
    fields = {f"words_for.{side}": WORDS for side in (three.lucia, three.andrea)}
    fields |= {f"last_spoke.{three.lucia}": "year", f"last_spoke.{three.andrea}": "longer"}
    again = await three.voucher.send(page, f"{path}/vouch", **fields)
    assert again.status_code == 422
    assert "You haven't spoken with one of them for more than two years." in read(again)
    assert row["vouched_at"] is None
    assert WORDS in again.text, "nothing she wrote is lost"
    await three.voucher.send(again, f"{path}/vouch", **fields)
    assert row["long_ago"] == [three.andrea]
    said = "When she wrote this, Marisol hadn't spoken with {} for more than two years."
    assert said.format("Andrea") in read(await three.asker.get(path))
    assert said.format("you") in read(await three.counterpart.get(path))
    assert "When you wrote this, you hadn't spoken with Andrea" in read(await three.voucher.get(path))


async def test_a_proposal_asks_it_too_and_knows_what_she_said_lately(community: Community) -> None:
    three = trio(community)
    community.world.connections[three.marisol, three.lucia] |= {"last_spoke": "month", "last_spoke_at": later(-3)}
    community.world.connections[three.marisol, three.andrea] |= {"last_spoke": "month", "last_spoke_at": later(-300)}
    path = f"/m/{three.lucia}/propose/{three.andrea}"
    page = await three.voucher.get(path)
    assert page.text.count('<option value="month" selected>') == 1, "what she said a year ago may have changed"
    fields = {f"words_for.{side}": WORDS for side in (three.lucia, three.andrea)}
    await three.voucher.send(page, path, **fields, **{f"last_spoke.{three.lucia}": "month"})
    [made] = community.world.introductions.values()
    assert made["long_ago"] == []
