"""Every page, as a woman may have it before her: large text on a small screen, forced colours, and what checkers say of its HTML."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser

from services.web.i18n import LANGUAGES
from services.web.rendering import TEMPLATES
from tests import html_checker
from tests.web.conftest import Community
from tests.web.fakes import Fakes
from tests.web.gallery import Shown, gallery
from tests.web.window import window


@pytest.fixture(scope="session")
async def walk(_pages: tuple[FastAPI, Fakes]) -> tuple[list[Shown], set[str]]:
    """Every page there is, in both languages; and the templates they were made of."""
    found, used, app = [], set(), _pages[0]
    rendered = app.state.pages

    class Watching:
        def render(self, language: str, template: str, context: Mapping[str, Any]) -> str:
            used.add(template)
            return str(rendered.render(language, template, context))

    app.state.pages = Watching()
    for language in LANGUAGES:
        _pages[1].renew()
        community = Community(*_pages)
        found += await gallery(community, language)
        for visitor in community.opened:
            await visitor.http.aclose()
    app.state.pages = rendered
    return found, used


@pytest.fixture(scope="session")
def shown(walk: tuple[list[Shown], set[str]]) -> list[Shown]:
    """Every page there is."""
    return walk[0]


@pytest.mark.browser
def test_the_walk_comes_by_every_page(walk: tuple[list[Shown], set[str]]) -> None:
    whole = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html") if 'extends "base.html"' in path.read_text()}
    assert whole - walk[1] == set()


SMALL = [(320, 100), (320, 200)]
ALL_SMALL = [(width, text) for width in (320, 360) for text in (100, 150, 200)]


@pytest.mark.browser
@pytest.mark.parametrize(
    "sizes", [SMALL, pytest.param(ALL_SMALL, marks=[pytest.mark.thorough, pytest.mark.timeout(900)])], ids=["some sizes", "all sizes"]
)
async def test_nothing_breaks_overlaps_or_sticks_out(browser: Browser, shown: list[Shown], sizes: list[tuple[int, int]]) -> None:
    wrong = []
    async with window(browser, shown) as at:
        for number, page in enumerate(shown):
            await at.show(number)
            for width, text in sizes:
                await at.size(width, text)
                wrong += [f"{page.name} {width} px {text} %: {fault}" for fault in await at.boxes()]
    assert not wrong, "\n".join(wrong)


@pytest.mark.thorough
def test_the_checker_has_nothing_to_say_of_any_page(shown: list[Shown], tmp_path: Path) -> None:
    assert html_checker.complaints({page.name: page.html for page in shown}, tmp_path) == []
