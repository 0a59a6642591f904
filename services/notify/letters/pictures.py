"""The pictures in letters: a member's mark and the arcs of a bridge, as small PNGs of two pixels a unit.

A letter is cheap, so its pictures are as well. A quarter of a mark looks one of eight ways, each drawn once: a mark that nobody has seen
yet is four of them side by side, in the colours of its glaze.
"""

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from math import cos, pi, sin
from typing import Literal, NamedTuple
from uuid import UUID
from zlib import crc32

from PIL import Image, ImageChops, ImageColor, ImageDraw

from services.notify import mime
from services.notify.letters.links import Link
from shared import marks
from shared.marks import GLAZES, LINE, SIZE

Bridge = Literal["asked", "proposed", "closed", "request", "connected"]

PITCH = 96
"""Units from one woman on a bridge to the next: three of them fit a screen of 320."""
_ARCS: dict[Bridge, tuple[tuple[int, int, bool], ...]] = {
    "asked": ((0, 1, True), (1, 2, False)),
    "proposed": ((0, 1, False), (1, 2, False)),
    "closed": ((0, 1, True), (1, 2, True), (0, 2, True)),
    "request": ((0, 1, False),),
    "connected": ((0, 1, True),),
}
"""From whom to whom, and whether it is given: a line. What is only asked is dots. They tell no more than the letter's words."""
_STROKE, _BETWEEN_DOTS = 3.5, 9.0
_MARIGOLD, _TEAL, _GOLD = "#bf6f00", "#17434e", "#f4bf4f"  # marigold shows on light paper and on dark

_SCALE, _FINE = 2, 8  # pixels a unit: as it is seen, and as it is drawn
_CELL = SIZE // 2
_LEVELS = 3  # of how far a line covers a pixel, above none
_LINES = [round(_LEVELS * covered / 255) for covered in range(256)]
_DISCS = [(_LEVELS + 1) * (covered > 127) for covered in range(256)]  # their edge lies below a line, so it needs no levels of its own

Ring = tuple[float, float, float, float]
"""Its middle, its outer radius, and how wide its line is: as wide as that, and it is a disc."""


class Picture(NamedTuple):
    """A part of a letter, and what the HTML calls it."""

    cid: Link
    part: bytes


@lru_cache(maxsize=4096)
def mark(member_id: UUID) -> Picture:
    """Her mark, square: the letter rounds its corners. What the HTML calls it says no more of her than it shows."""
    drawn = marks.of(member_id)
    cells: dict[tuple[int, int], tuple[list[Ring], list[Ring]]] = {(x, y): ([], []) for x in (0, _CELL) for y in (0, _CELL)}
    for layer, quarters in enumerate((drawn.lines, drawn.discs)):
        for x, y, radius, right, down in quarters:
            across, along = _CELL * (not right), _CELL * (not down)
            ring = (across, along, radius, radius) if layer else (across, along, radius + LINE / 2, LINE)
            cells[x - across, y - along][layer].append(ring)
    image = _BLANK[drawn.glaze].copy()
    for (left, top), (lines, discs) in cells.items():
        image.paste(_tile(tuple(lines), tuple(discs)), (left * _SCALE, top * _SCALE))
    return _picture("mark", image)


@lru_cache
def bridge(kind: Bridge) -> Picture:
    """Its arcs, from the middle of the first mark to the middle of the last, 2 units wider on both sides. Closed ones stand on gold."""
    arcs = [((one + other) * PITCH / 2 + 2, (other - one) * PITCH / 2, given) for one, other, given in _ARCS[kind]]
    width, height = int(max(x + radius for x, radius, _ in arcs)) + 2, int(max(radius for _, radius, _ in arcs)) + 2
    rings: list[Ring] = []
    for x, radius, given in arcs:
        steps = round(pi * radius / _BETWEEN_DOTS)
        turns = [pi * step / steps for step in range(steps + 1)]
        dots = [(x + radius * cos(turn), height - radius * sin(turn), _STROKE / 2, _STROKE / 2) for turn in turns]
        rings += [(x, height, radius + _STROKE / 2, _STROKE)] if given else dots
    image = _drawn(width, height, rings).point(_LINES)
    return _picture(kind, _coloured(image, (_GOLD, _TEAL) if kind == "closed" else (f"{_MARIGOLD}00", f"{_MARIGOLD}ff")))


def _drawn(width: int, height: int, rings: Iterable[Ring]) -> Image.Image:
    """How far they cover each pixel, up to 255."""
    fine = Image.new("L", (width * _FINE, height * _FINE))
    for x, y, radius, stroke in rings:
        box = ((x - radius) * _FINE, (y - radius) * _FINE, (x + radius) * _FINE - 1, (y + radius) * _FINE - 1)
        ImageDraw.Draw(fine).ellipse(box, outline=255, width=round(stroke * _FINE))
    return fine.reduce(_FINE // _SCALE)


@lru_cache
def _tile(lines: Iterable[Ring], discs: Iterable[Ring]) -> Image.Image:
    return ImageChops.add(_drawn(_CELL, _CELL, lines).point(_LINES), _drawn(_CELL, _CELL, discs).point(_DISCS)).convert("P")


def _coloured(image: Image.Image, *ends: tuple[str, str]) -> Image.Image:
    """Its levels in colours from one end to the other."""
    pairs = [list(zip(*map(ImageColor.getrgb, pair), strict=True)) for pair in ends]
    palette = [round(a + (b - a) * level / _LEVELS) for pair in pairs for level in range(_LEVELS + 1) for a, b in pair]
    image.putpalette(palette, "RGB" if len(pairs[0]) == 3 else "RGBA")
    return image


_BLANK = [_coloured(Image.new("L", (SIZE * _SCALE, SIZE * _SCALE)), (ground, line), (disc, line)) for ground, line, disc in GLAZES]


def _picture(name: str, image: Image.Image) -> Picture:
    written = BytesIO()
    image.save(written, "PNG", compress_level=4)  # smaller by a tenth at 9, for seven times the time
    png = written.getvalue()
    cid = Link(f"{name}-{crc32(png):08x}@madrina")
    return Picture(cid, mime.picture(cid, png))
