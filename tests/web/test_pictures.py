"""Pages look as in their pictures. `make pictures` takes them anew."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser

from tests.web.gallery import Shown
from tests.web.pictures import BROWSER, KEPT, WAYS, Way, compare, difference, kept, save, take
from tests.web.window import Window, window

ANEW = os.environ.get("PICTURES") == "new"
long = pytest.mark.thorough, pytest.mark.browser, pytest.mark.timeout(1800)


@asynccontextmanager
async def camera(browser: Browser, shown: list[Shown], **media: Any) -> AsyncIterator[Window]:
    """What always takes the same picture of the same page: in one version of the browser, and without movement."""
    if ANEW:
        KEPT.mkdir(parents=True, exist_ok=True)
        BROWSER.write_text(f"Chromium {browser.version}\n")
    taken_with = BROWSER.read_text().strip()
    if taken_with != f"Chromium {browser.version}":
        pytest.fail(
            f"the pictures are of {taken_with} and this is Chromium {browser.version}: use that one, or `make pictures`", pytrace=False
        )
    async with window(browser, shown, reduced_motion="reduce", timezone_id="UTC", **media) as at:
        yield at


async def look(at: Window, file: str, number: int, width: int) -> list[str]:
    """Take the picture; keep it, or say how it differs."""
    picture = await take(at, number, width)
    if ANEW:
        save(picture, KEPT / file)
        return []
    return [said] if (said := compare(file, picture)) else []


def named(way: Way) -> str:
    """The way as the name of a test."""
    return f"{way.language} {way.scheme} {way.width}"


@pytest.mark.parametrize("way", [pytest.param(way, marks=long, id=named(way)) for way in WAYS])
async def test_pages_look_as_in_their_pictures(browser: Browser, shown: list[Shown], way: Way) -> None:
    wanted = kept(shown, way)
    if not wanted:
        return
    wrong = []
    async with camera(browser, shown, color_scheme=way.scheme, locale=way.language) as at:
        for file, number in wanted.items():
            wrong += await look(at, file, number, way.width)
    ending = way.file(shown[0]).removeprefix(f"{way.language}/{shown[0].file}")
    for path in (KEPT / way.language).glob(f"*{ending}"):
        file = path.relative_to(KEPT).as_posix()
        if file not in wanted and ANEW:
            path.unlink()
        elif file not in wanted:
            wrong.append(f"{file}: no page is like this any more")
    assert not wrong, "\n".join([*wrong, "They are in build/pictures as they are now; `make pictures` keeps them."])


def painted(colour: tuple[int, int, int], part: float = 1.0) -> Image.Image:
    """A picture of a hundred by a hundred pixels of which a part has that colour, and the rest is white."""
    picture = Image.new("RGB", (100, 100), "white")
    picture.paste(colour, (0, 0, 100, round(100 * part)))
    return picture


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        (painted((20, 20, 20)), painted((20, 20, 20)), ""),
        (painted((20, 20, 20)), painted((20, 36, 20)), ""),
        (painted((20, 20, 20)), painted((20, 37, 20)), "100.00% of its pixels differ"),
        (painted((20, 20, 20), 0), painted((20, 20, 20), 0.01), "1.00% of its pixels differ"),
        (painted((20, 20, 20)), painted((20, 20, 20)).crop((0, 0, 100, 99)), "100 × 99 px, was 100 × 100"),
    ],
)
def test_alike_is_what_no_eye_can_tell_apart(was: Image.Image, now: Image.Image, says: str) -> None:
    assert difference(was, now)[0] == says
