"""Every page, as a woman may have it before her: large text on a small screen, forced colours, and what checkers say of its HTML."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from services.web.rendering import TEMPLATES
from tests import html_checker
from tests.journey.watch import AXE, SERIOUS
from tests.web.gallery import Shown
from tests.web.window import Window, window


@pytest.mark.browser
def test_the_walk_comes_by_every_page(walk: tuple[list[Shown], set[str]]) -> None:
    whole = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html") if 'extends "base.html"' in path.read_text()}
    assert whole - walk[1] == set()


SMALL = [(320, 100), (320, 200)]
LONG = [pytest.mark.thorough, pytest.mark.timeout(900)]
ALL_SMALL = [(width, text) for width in (320, 360) for text in (100, 150, 200)]


@pytest.mark.browser
@pytest.mark.parametrize("sizes", [SMALL, pytest.param(ALL_SMALL, marks=LONG)], ids=["some sizes", "all sizes"])
async def test_nothing_breaks_overlaps_or_sticks_out(browser: Browser, shown: list[Shown], sizes: list[tuple[int, int]]) -> None:
    wrong = []
    async with window(browser, shown) as at:
        for number, page in enumerate(shown):
            await at.show(number)
            for width, text in sizes:
                await at.size(width, text)
                wrong += [f"{page.name} {width} px {text} %: {fault}" for fault in await at.boxes()]
    assert not wrong, "\n".join(wrong)


async def axe(at: Window) -> list[str]:
    """What axe calls serious on the page as it is now."""
    await at.page.evaluate(AXE)
    found = await at.page.evaluate("axe.run({resultTypes: ['violations']}).then((found) => found.violations)")
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:150]}" for rule in found if rule["impact"] in SERIOUS]


WAYS: list[tuple[int, int, dict[str, Any]]] = [
    (320, 200, {"color_scheme": "light", "forced_colors": "none"}),
    (1280, 100, {"color_scheme": "dark", "forced_colors": "none"}),
    (320, 200, {"color_scheme": "light", "forced_colors": "active"}),
]


def range_of(shown: list[Shown]) -> Sequence[int]:
    """Every page's place."""
    return range(len(shown))


def errors_of(shown: list[Shown]) -> list[int]:
    """The first page of each error there is, by its place."""
    first = {page.status: number for number, page in reversed(list(enumerate(shown))) if page.status >= 400}
    assert first.keys() >= {401, 403, 404, 409, 413, 422, 500, 503}
    return list(first.values())


@pytest.mark.browser
@pytest.mark.parametrize("which", [errors_of, pytest.param(range_of, marks=LONG)], ids=["errors", "all pages"])
async def test_axe_finds_nothing(browser: Browser, shown: list[Shown], which: Callable[[list[Shown]], Sequence[int]]) -> None:
    wrong = []
    async with window(browser, shown) as at:
        for number in which(shown):
            await at.show(number)
            for width, text, media in WAYS:
                await at.page.emulate_media(**media)
                await at.size(width, text)
                wrong += [f"{shown[number].name} {width} px {text} % {media}: {fault}" for fault in await axe(at)]
    assert not wrong, "\n".join(wrong)


def place_of(shown: list[Shown], part: str) -> int:
    """The place of the first page whose HTML has that in it."""
    return next(number for number, page in enumerate(shown) if part in page.html and 'class="nav"' in page.html)


@pytest.mark.browser
async def test_with_forced_colours_a_yes_and_the_tab_she_is_on_can_be_told(browser: Browser, shown: list[Shown]) -> None:
    async with window(browser, shown, forced_colors="active", viewport={"width": 1280, "height": 800}) as at:
        await at.show(place_of(shown, '<button class="btn">'))
        style = "(element, name) => getComputedStyle(element)[name]"
        yes, no = [await at.page.locator(f"main .btn{kind}").first.evaluate(style, "backgroundColor") for kind in (".pri", ":not(.pri)")]
        assert yes != no
        tab, other = [await at.page.locator(f".nav a{kind}").first.evaluate(style, "textDecorationLine") for kind in ("[aria-current]", "")]
        assert (tab, other) == ("underline", "none")
        await at.show(place_of(shown, 'class="missing"'))
        assert await at.page.locator(".missing").first.evaluate(style, "borderTopWidth") == "1px"


@pytest.mark.browser
async def test_in_a_short_window_the_bar_leaves_the_room_to_the_page(browser: Browser, shown: list[Shown]) -> None:
    async with window(browser, shown) as at:
        await at.show(place_of(shown, 'aria-current="page"'))
        for width, height, position in ((320, 200, "static"), (320, 640, "fixed"), (1280, 800, "static")):
            await at.page.set_viewport_size({"width": width, "height": height})
            assert await at.page.locator(".nav").evaluate("(bar) => getComputedStyle(bar).position") == position
            assert await at.boxes() == []


@pytest.mark.thorough
def test_the_checker_has_nothing_to_say_of_any_page(shown: list[Shown], tmp_path: Path) -> None:
    assert html_checker.complaints({page.name: page.html for page in shown}, tmp_path) == []
