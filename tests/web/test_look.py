"""Every page, as a woman may have it before her: small or with large text, by keyboard, in her colours, on paper, and what checkers say."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from playwright.async_api import Browser

from services.web.rendering import TEMPLATES
from tests import html_checker
from tests.journey.watch import AXE
from tests.web.gallery import Shown
from tests.web.window import Window, window

pytestmark = pytest.mark.timeout(300)
Choice = Callable[[Sequence[Shown]], list[int]]
"""Pages, by their places."""
LONG = [pytest.mark.thorough, pytest.mark.timeout(1800)]
T = TypeVar("T")


def one_of_each(shown: Sequence[Shown]) -> list[int]:
    """The first of every page that is right, else the first; in the language with the longer words."""
    first: dict[str, int] = {}
    for number, page in sorted(enumerate(shown), key=lambda each: each[1].status != 200):
        if page.language == "es":
            first.setdefault(page.page, number)
    return sorted(first.values())


def all_that_differ(shown: Sequence[Shown]) -> list[int]:
    """Every page, with whatever it may hold, but for those that only their words and addresses tell apart. What isn't about the length of
    words is the same in Spanish.
    """
    built: dict[str, int] = {}
    for number, page in enumerate(shown):
        if page.language == "en":
            built.setdefault(page.built, number)
    return sorted(built.values())


some_and_all = pytest.mark.parametrize(
    "which",
    [one_of_each, pytest.param(all_that_differ, marks=LONG)],
    ids=["one of each", "all that differ"],
)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ('<p class="hint">Ana</p>', '<p class="hint">Eva Ruiz</p>', True),
        ('<a href="/m/1">Ana</a>', '<a href="/m/2">Ana</a>', True),
        ('<input name="a" value="1">', '<input name="a" value="22">', True),
        (f'<label for="{UUID(int=1)}">Ana</label>', f'<label for="{UUID(int=2)}">Ana</label>', True),
        ('<input name="a"><input name="a">', '<input name="a"><input name="b">', False),
        ('<label for="a">Ana</label>', '<label for="b">Ana</label>', False),
        ('<p class="hint">Ana</p>', '<p class="lead">Ana</p>', False),
        ("<p>Ana</p>", "<p></p>", False),
        ('<input value="1">', '<input value="">', False),
        ("<ul><li>Ana</li></ul>", "<ul><li>Ana</li><li>Eva</li></ul>", False),
        ("<p>Ana</p>", "<p>Ana <b>Ruiz</b></p>", False),
    ],
)
def test_pages_are_built_alike_if_only_words_and_addresses_tell_them_apart(one: str, other: str, alike: bool) -> None:
    assert (page_of(one).built == page_of(other).built) is alike


def page_of(html: str) -> Shown:
    """A page with this in it."""
    return Shown("", "", "", "", "en", 200, html)


def in_turn(ways: Sequence[T], page: int) -> list[T]:
    """The ways to look at a page: the first, which is the hardest, and one of the others, of which the next page has the next."""
    return [ways[0], ways[1 + page % (len(ways) - 1)]]


@pytest.mark.browser
def test_the_walk_comes_by_every_page(walk: tuple[list[Shown], set[str]]) -> None:
    files = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
    above = {name: re.findall(r'extends "([^"]+)"', text) for name, text in files.items()}
    whole = {name for name, parents in above.items() if parents and [name] not in above.values()}
    assert whole - walk[1] == set()
    assert {page.status for page in walk[0]} >= {200, 401, 403, 404, 405, 409, 413, 422, 500, 503}


# A browser at 400 % on a screen of 1280 px is as wide as 320 (WCAG 1.4.10).
SIZES = [(320, 200), *((width, text) for width in (320, 360, 768, 1280) for text in (100, 150, 200) if (width, text) != (320, 200))]


def one_of_each_state(shown: Sequence[Shown]) -> list[int]:
    """One of each page and of what it shows, in the language with the longer words."""
    return sorted({page.state: number for number, page in enumerate(shown) if page.language == "es"}.values())


@pytest.mark.browser
@pytest.mark.parametrize("language", [None, *(pytest.param(language, marks=LONG) for language in ("es", "en"))])
async def test_nothing_breaks_overlaps_or_sticks_out(browser: Browser, shown: list[Shown], language: str | None) -> None:
    wrong = []
    async with window(browser, shown, reduced_motion="reduce") as at:
        for number in [number for number, page in enumerate(shown) if page.language == language] or one_of_each_state(shown):
            await at.show(number)
            for width, text in in_turn(SIZES, number) if language else SIZES[:1]:
                await at.size(width, text)
                wrong += [f"{shown[number].name} {width} px {text} %: {fault}" for fault in await at.boxes()]
    assert not wrong, "\n".join(wrong)


EVERY_RULE = "{resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}"
CONTRAST = "{resultTypes: ['violations'], runOnly: ['color-contrast']}"
# In forced colours axe takes what the stylesheet says for the colour of the text; the browser takes her own.
NO_CONTRAST = EVERY_RULE.replace("rules: {", "rules: {'color-contrast': {enabled: false}, ")
WAYS: list[tuple[int, int, str, dict[str, Any]]] = [
    (360, 100, EVERY_RULE, {"color_scheme": "light", "forced_colors": "none"}),
    (360, 100, CONTRAST, {"color_scheme": "dark", "forced_colors": "none"}),
    (1280, 100, CONTRAST, {"color_scheme": "dark", "forced_colors": "none"}),
    (1280, 100, EVERY_RULE, {"color_scheme": "light", "forced_colors": "none"}),
    (320, 200, EVERY_RULE, {"color_scheme": "light", "forced_colors": "none"}),
    (320, 200, NO_CONTRAST, {"color_scheme": "light", "forced_colors": "active"}),
]


MOVING = "document.getAnimations().map(({ effect }) => effect.target.outerHTML.slice(0, 80))"


async def axe(at: Window, rules: str) -> list[str]:
    """What axe finds on the page as it is now: WCAG 2.2 AA and best practices, however slight."""
    await at.page.evaluate(AXE)
    found = await at.page.evaluate(f"axe.run({rules}).then((found) => found.violations)")
    return [f"{rule['id']} ({rule['impact']}): {[node['html'][:150] for node in rule['nodes'][:3]]}" for rule in found]


@pytest.mark.browser
@some_and_all
async def test_axe_finds_nothing_and_with_reduced_motion_nothing_moves(browser: Browser, shown: list[Shown], which: Choice) -> None:
    wrong = []
    async with window(browser, shown, reduced_motion="reduce") as at:
        for number in which(shown):
            await at.show(number)
            wrong += [f"{shown[number].name} moves: {fault}" for fault in await at.page.evaluate(MOVING)]
            for width, text, rules, media in in_turn(WAYS, number):
                await at.page.emulate_media(**media)
                await at.size(width, text)
                wrong += [f"{shown[number].name} {width} px {text} % {media}: {fault}" for fault in await axe(at, rules)]
    assert not wrong, "\n".join(wrong)


def halves(numbers: Sequence[int]) -> list[tuple[int, Sequence[int]]]:
    """Every other page as wide as a phone, and those between as wide as a desk."""
    return [(360, numbers[::2]), (1280, numbers[1::2])]


@pytest.mark.browser
@some_and_all
async def test_tab_comes_by_every_control_and_shows_where_it_is(browser: Browser, shown: list[Shown], which: Choice) -> None:
    wrong = []
    async with window(browser, shown, reduced_motion="reduce") as at:
        for width, numbers in halves(which(shown)):
            await at.size(width)
            for number in numbers:
                await at.show(number)
                wrong += [f"{shown[number].name} {width} px: {fault}" for fault in await at.keys()]
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
@some_and_all
async def test_nothing_moves_by_itself_and_the_browser_has_no_complaint(browser: Browser, shown: list[Shown], which: Choice) -> None:
    """Fonts come late; what breaks the policy, a script's error and a file that isn't there are all complaints."""
    wrong = []
    for width, numbers in halves(which(shown)):
        async with window(browser, shown, as_served=True, viewport={"width": width, "height": 800}) as at:
            await at.watch()
            for number in numbers:
                await at.show(number)
                wrong += [f"{shown[number].name} {width} px moves {fault}" for fault in await at.shifts()]
                wrong += [f"{shown[number].name} {width} px: {fault}" for fault in at.heard()]
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
async def test_what_moves_ends_as_it_is_without_motion(browser: Browser, shown: list[Shown]) -> None:
    number = place_of(shown, 'class="given"')
    pictures = []
    for motion in ("reduce", "no-preference"):
        async with window(browser, shown, reduced_motion=motion, viewport={"width": 360, "height": 800}) as at:
            await at.show(number)
            await at.settled()
            moved = await at.page.evaluate("document.getAnimations().map((each) => each.finish()).length")
            assert bool(moved) == (motion == "no-preference")
            pictures.append(await at.page.screenshot())
    assert pictures[0] == pictures[1]


@pytest.mark.browser
@some_and_all
async def test_on_paper_there_are_words_in_black_and_nothing_to_press(browser: Browser, shown: list[Shown], which: Choice) -> None:
    wrong = []
    # As wide as A4 between its margins; she may print from a dark screen. The page that shows every part shows grounds as well.
    async with window(browser, shown, viewport={"width": 718, "height": 1000}, color_scheme="dark") as at:
        await at.page.emulate_media(media="print", reduced_motion="reduce")
        for number in which(shown):
            if shown[number].page == "design":
                continue
            await at.show(number)
            wrong += [f"{shown[number].name}: {fault}" for fault in await at.paper()]
    assert not wrong, "\n".join(wrong)


def place_of(shown: list[Shown], *parts: str) -> int:
    """The place of the first page of a member whose HTML has these in it."""
    wanted = ('class="nav"', *parts)
    return next(number for number, page in enumerate(shown) if page.status == 200 and all(part in page.html for part in wanted))


@pytest.mark.browser
async def test_with_forced_colours_a_yes_and_the_tab_she_is_on_can_be_told(browser: Browser, shown: list[Shown]) -> None:
    async with window(browser, shown, forced_colors="active", viewport={"width": 1280, "height": 800}) as at:
        await at.show(place_of(shown, 'class="btn"', 'class="btn pri"'))
        style = "(element, name) => getComputedStyle(element)[name]"
        yes, no = [await at.page.locator(f"main .btn{kind}").first.evaluate(style, "backgroundColor") for kind in (".pri", ":not(.pri)")]
        assert yes != no
        await at.show(place_of(shown, 'aria-current="page"'))
        tab, other = [
            await at.page.locator(f".nav a{kind}").first.evaluate(style, "textDecorationLine")
            for kind in ("[aria-current]", ":not([aria-current])")
        ]
        assert (tab, other) == ("underline", "none")
        await at.show(place_of(shown, 'class="note"'))
        assert await at.page.locator("main .note").first.evaluate(style, "borderTopWidth") == "1px"


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
    said = html_checker.complaints({page.name: page.html for page in shown}, tmp_path)
    # Without it Safari's reader doesn't call a list without bullets one.
    assert [complaint for complaint in said if "“list” role is unnecessary" not in complaint] == []
