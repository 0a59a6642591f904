"""The ledger's lines, as whole hundredths, add up to the score she sees; and what is said of it in words is so."""

import html
import math
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reputation.trust import PRODUCT, reading, sums
from services.reputation.trust.sums import Branch, Sum
from services.web.pages.ledger import in_hundredths
from services.web.rendering import TEMPLATES
from shared.contracts.http.reputation import LEDGER, REFERENCE
from tests.web.conftest import Community
from tests.web.fakes import Fakes
from tests.web.scenes import trio

POINTS = st.floats(min_value=-1, max_value=1, allow_nan=False)


@given(st.lists(POINTS, min_size=1, max_size=5))
def test_lines_add_up_and_are_off_by_less_than_one(points: list[float]) -> None:
    score = math.fsum(points)
    shown = in_hundredths(points, score)
    assert sum(shown) == round(score * 100)
    assert all(abs(whole - one * 100) < 1 + 1e-9 for whole, one in zip(shown, points, strict=True))


def test_a_plain_start_is_a_half() -> None:
    assert in_hundredths([0.5], 0.5) == [50]


def band_of(words: int, days_old: int, *, paths: int) -> str:
    """Her band after so many good words, by women who count and who came by so many paths, those days ago."""
    each = sums.amount("good", PRODUCT.t0, PRODUCT)
    good = {Sum("good", 2, Branch(path)): each * len(range(path, words, paths)) for path in range(min(paths, words))}
    return reading.band(reading.weigh({**good, Sum("women"): words}, PRODUCT.t0 + timedelta(days=days_old), PRODUCT), PRODUCT)


@pytest.mark.parametrize("paths", [1, 2])
def test_as_a_rule_two_words_of_women_who_count_are_enough_for_building_trust(paths: int) -> None:
    page = (TEMPLATES / "ledger.html").read_text()
    assert "once she has been a member for three months; as a rule two such words are enough for “Building trust”" in page
    assert "As a rule, after one or two of them others see “Building trust”." in page
    assert PRODUCT.grace == timedelta(days=90)
    assert "That of any woman who has been a member for three months." in page
    assert "At least four women found it worthwhile" in page and PRODUCT.established_women == 4
    assert "What a woman said counts for half after three years." in page
    assert PRODUCT.good_half_life == PRODUCT.bad_half_life == timedelta(days=3 * 365)
    assert "Praise you exchange isn't enough by itself." in page and PRODUCT.most_mutual < PRODUCT.some
    assert [band_of(words, 1, paths=paths) for words in (1, 2)] == ["new", "building"]
    assert band_of(2, 700, paths=paths) == "building"


async def test_her_page_says_of_which_day_it_is(community: Community) -> None:
    assert "It is drawn up once a month, so that nobody can tell who said what." in (await trio(community).voucher.get("/ledger")).text


async def test_why_she_withdrew_her_word_stands_there_for_her_alone(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    assert "When you withdrew your word" not in (await three.voucher.get("/ledger")).text
    row = three.vouched(closed=True, reason="too_quickly")
    page = (await three.voucher.get("/ledger")).text
    assert "I gave my word too quickly" in page and f'href="/introductions/{row["id"]}"' in page
    assert "I gave my word too quickly" not in (await three.counterpart.get("/ledger")).text
    fakes.wires["requests"].down = True
    without = await three.voucher.get("/ledger")
    assert without.status_code == 200 and "We can't show when you withdrew your word right now." in html.unescape(without.text)


async def test_how_the_women_she_vouched_for_fared_is_told_if_there_are_any(community: Community, fakes: Fakes) -> None:
    three = trio(community)
    assert "How the women you introduced are doing" not in (await three.voucher.get("/ledger")).text
    three.confirmed(went_well=True)
    told = {"vouched_for": 12, "went_well": 9, "trusted": 4}
    fakes.wires["reputation"].answer = lambda request: httpx.Response(200, json=told) if request.url.path == REFERENCE.path else None
    for told["reported"] in (0, 1):
        page = (await three.voucher.get("/ledger")).text
        assert all(f"<dd>{number}</dd>" in page for number in (12, 9, 4)) and "It doesn't affect your trust" in page
        assert ("A report proved true about" in page) is bool(told["reported"])


@pytest.mark.parametrize(
    ("band", "evidence", "said"),
    [
        ("new", 0, "after one or two of them others see"),
        ("new", 0.49, "An introduction you vouched for has gone well for both. A woman"),
        ("building", 0.6, "Others see “Building trust”."),
        ("established", 3, "Others see “Established trust”."),
        ("mixed", 1, "Others see nothing of it."),
    ],
)
async def test_trust_is_told_in_words_first_and_in_figures_only_if_there_are_any(
    community: Community, fakes: Fakes, band: str, evidence: float, said: str
) -> None:
    three = trio(community)
    three.confirmed(went_well=evidence > 0)
    start = {"kind": "start", "points": 0.5, "fades_by_half_at": None}
    view = {"score": 0.5, "band": band, "evidence": evidence, "lines": [start], "as_of": None}
    fakes.wires["reputation"].answer = lambda request: httpx.Response(200, json=view) if request.url.path == LEDGER.path else None
    page = (await three.voucher.get("/ledger")).text
    assert said in page
    assert "It is drawn up once a month" not in page, "before her first snapshot there is nothing to date"
    figures = page.find("of 100")
    assert figures > page.index(said) if evidence else figures == -1
