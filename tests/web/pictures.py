"""Pictures of pages: how they are taken, which are kept in docs/pictures, and when two are alike."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

from tests.web.gallery import Shown
from tests.web.window import Window

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs" / "pictures"
BROWSER = KEPT / "BROWSER"
LEFT = ROOT / "build" / "pictures"
"""Where a picture that isn't as it was is left, beside what differs."""

TALLEST = 8000
"""Pixels of a page that are taken: a list of many pages goes on as it began, and WebP holds no more than twice that."""
COLOURS = 32
"""A picture is reduced to so many before it is kept or compared: half its size, and no eye can tell."""
LEVELS, PART = 16, 0.001
"""Two pictures are alike if at most this part of their pixels differs by more than so many of 255 levels in any of red, green, blue.

One pixel that is drawn a shade otherwise moves a colour of the reduced picture, and with it all edges of a text by up to a dozen levels.
"""


@dataclass(frozen=True)
class Way:
    """How a page is looked at."""

    language: str
    scheme: str
    width: int

    def file(self, page: Shown) -> str:
        """The picture of that page, below docs/pictures."""
        return f"{self.language}/{page.file}-{self.width}{'-dark' if self.scheme == 'dark' else ''}.webp"


WAYS = [Way(language, scheme, width) for language in ("en", "es") for scheme in ("light", "dark") for width in (360, 1280)]
WHOLE = ("en", "light")
"""All pages are kept so; in Spanish and in the dark one of each state is."""
STATES = {("es", "light"), ("en", "dark")}


def kept(shown: Sequence[Shown], way: Way) -> dict[str, int]:
    """The pictures that are kept of pages looked at in that way, with the pages' places. Of twins the first is."""
    found: dict[str, int] = {}
    states: set[str] = set()
    for number, page in enumerate(shown):
        one_more = (way.language, way.scheme) == WHOLE or page.state not in states
        if page.language == way.language and one_more and not re.search(r"-\d+$", page.file):
            found[way.file(page)] = number
            states.add(page.state)
    return found if (way.language, way.scheme) in {WHOLE, *STATES} else {}


PHOTOS = """() => Promise.all([...document.images].map(async (image) => {
  Object.assign(image, { loading: "eager", decoding: "sync" });
  if (!image.complete) await new Promise((done) => (image.onload = image.onerror = done));
  await image.decode().catch(() => undefined);
})).then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"""
"""Every photo is there and drawn, those too that a browser would have asked for by and by. To decode one that is being fetched fails."""


async def take(at: Window, number: int, width: int) -> Image.Image:
    """The page from its top, drawn in its fonts, with the bar at its foot."""
    await at.page.set_viewport_size({"width": width, "height": 800})
    await at.show(number)
    await at.settled()
    height = await at.page.evaluate("document.documentElement.scrollHeight")
    await at.page.set_viewport_size({"width": width, "height": min(max(height, 800), TALLEST)})
    await at.page.evaluate(PHOTOS)
    whole = Image.open(io.BytesIO(await at.page.screenshot())).convert("RGB")
    return whole.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE).convert("RGB")


def save(picture: Image.Image, path: Path) -> None:
    """As a file, without loss."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, "WEBP", lossless=True, quality=75, method=4)


def difference(was: Image.Image, now: Image.Image) -> tuple[str, Image.Image | None]:
    """What differs, in words (none if they are alike) and drawn in white on black."""
    if was.size != now.size:
        return f"{now.width} × {now.height} px, was {was.width} × {was.height}", None
    red, green, blue = ImageChops.difference(was, now).split()
    drawn = ImageChops.lighter(ImageChops.lighter(red, green), blue).point([255 * (level > LEVELS) for level in range(256)])
    part = drawn.histogram()[255] / (now.width * now.height)
    return (f"{part:.2%} of its pixels differ", drawn) if part > PART else ("", None)


def compare(file: str, now: Image.Image) -> str:
    """What differs from the picture that is kept, in words; then both are left in build/pictures. Nothing if they are alike."""
    if not (KEPT / file).exists():
        said, drawn = "has no picture yet", None
    else:
        with Image.open(KEPT / file) as was:
            said, drawn = difference(was.convert("RGB"), now)
    if not said:
        return ""
    save(now, LEFT / file)
    if drawn:
        save(drawn.convert("RGB"), LEFT / file.replace(".webp", "-difference.webp"))
    return f"{file}: {said}"
