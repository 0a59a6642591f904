"""The pictures in letters: a member's mark and the arcs of a bridge, as small PNGs of two pixels a unit.

A letter is cheap, so its pictures are as well. A mark's quarter is one of eight tiles of pixels, and two tiles side by side are one of 64
strips, deflated once each into a piece that stands by itself: a mark that nobody has seen yet is two strips and its colours, put together.
"""

import struct
from collections.abc import Callable, Iterable
from functools import lru_cache
from math import atan2, cos, hypot, pi, sin
from typing import Literal, NamedTuple
from uuid import UUID
from zlib import DEFLATED, MAX_WBITS, Z_FULL_FLUSH, adler32, compressobj, crc32

from services.notify import mime
from services.notify.letters.links import Link
from shared import marks
from shared.marks import GLAZES, LINE, SIZE, Mark

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

_SCALE = 2
_CELL = SIZE // 2
_LEVELS = 3  # of how far a line covers a pixel, above none


class Picture(NamedTuple):
    """A part of a letter, and what the HTML calls it."""

    cid: Link
    part: bytes


@lru_cache(maxsize=4096)
def mark(member_id: UUID) -> Picture:
    """Her mark, square: the letter rounds its corners. What the HTML calls it says no more of her than it shows."""
    drawn = marks.of(member_id)
    one, two, three, four = _cells(drawn)
    return _picture("mark", SIZE, SIZE, _GLAZED[drawn.glaze], [_strip(one, two), _strip(three, four)])


@lru_cache
def bridge(kind: Bridge) -> Picture:
    """Its arcs, from the middle of the first mark to the middle of the last, 2 units wider on both sides. Closed ones stand on gold."""
    arcs = [((one + other) * PITCH / 2 + 2, (other - one) * PITCH / 2, given) for one, other, given in _ARCS[kind]]
    width, height = int(max(x + radius for x, radius, _ in arcs)) + 2, int(max(radius for _, radius, _ in arcs)) + 2

    def level(x: float, y: float) -> int:
        nearest = min(_from_arc(x - middle, height - y, radius, given) for middle, radius, given in arcs)
        return _covered(nearest, _STROKE)

    strips = [_deflated(_packed(level, width, height))]
    if kind == "closed":
        return _picture(kind, width, height, _palette(_mixed(_GOLD, _TEAL)), strips)
    alpha = _chunk(b"tRNS", bytes(255 * level // _LEVELS for level in range(_LEVELS + 1)))
    return _picture(kind, width, height, _palette(_mixed(_MARIGOLD, _MARIGOLD)) + alpha, strips)


def _from_arc(x: float, y: float, radius: float, given: bool) -> float:
    """How far a point is from a half circle around (0, 0), or from the nearest of its dots."""
    off = abs(hypot(x, y) - radius)
    if given or off > _STROKE:
        return off
    steps = round(pi * radius / _BETWEEN_DOTS)
    angle = round(atan2(y, x) / pi * steps) / steps * pi
    return hypot(x - radius * cos(angle), y - radius * sin(angle))


Corner = tuple[bool, bool, int]
"""A quarter circle as it lies in its cell: whether its middle is on the left and at the top, and its radius."""
Cell = tuple[tuple[Corner, ...], Corner | None]
"""The lines in a quarter of a mark, and its disc."""


def _cells(drawn: Mark) -> list[Cell]:
    """The cells of a mark, from the top left one by rows."""
    lines: list[list[Corner]] = [[], [], [], []]
    discs: list[Corner | None] = [None] * 4
    for x, y, radius, right, down in drawn.lines:
        lines[_place(x, y, right, down)].append((right, down, radius))
    for x, y, radius, right, down in drawn.discs:
        discs[_place(x, y, right, down)] = (right, down, radius)
    return [(tuple(those), disc) for those, disc in zip(lines, discs, strict=True)]


def _place(x: int, y: int, right: bool, down: bool) -> int:
    return x // _CELL - (not right) + 2 * (y // _CELL - (not down))


class _Strip(NamedTuple):
    raw: bytes
    deflated: bytes


@lru_cache
def _strip(left: Cell, right: Cell) -> _Strip:
    return _deflated([one + other for one, other in zip(_tile(left), _tile(right), strict=True)])


@lru_cache
def _tile(cell: Cell) -> list[bytes]:
    lines, disc = cell

    def beyond(corner: Corner, x: float, y: float) -> float:
        left, top, radius = corner
        return hypot(x if left else _CELL - x, y if top else _CELL - y) - radius

    def level(x: float, y: float) -> int:
        nearest = min(abs(beyond(line, x, y)) for line in lines)
        # The edge of a disc lies below a line, so it needs no levels of its own.
        on_disc = disc is not None and beyond(disc, x, y) < 0
        return _covered(nearest, LINE) + on_disc * (_LEVELS + 1)

    return _packed(level, _CELL, _CELL)


def _covered(off: float, stroke: float) -> int:
    """How far a line of that width covers the pixel whose middle is `off` from the line's, from 0 to _LEVELS."""
    return round(_LEVELS * min(1.0, max(0.0, (stroke / 2 - off) * _SCALE + 0.5)))


def _packed(level: Callable[[float, float], int], width: int, height: int) -> list[bytes]:
    """Rows of pixels, two in a byte; `level` says the colour of a point."""
    columns = [(column + 0.5) / _SCALE for column in range(width * _SCALE)]
    rows = ([level(x, (row + 0.5) / _SCALE) for x in columns] for row in range(height * _SCALE))
    return [bytes(one << 4 | other for one, other in zip(row[::2], row[1::2], strict=True)) for row in rows]


def _deflated(rows: Iterable[bytes]) -> _Strip:
    raw = b"".join(b"\0" + row for row in rows)  # 0: a row as it is
    deflate = compressobj(9, DEFLATED, -MAX_WBITS)
    return _Strip(raw, deflate.compress(raw) + deflate.flush(Z_FULL_FLUSH))


def _picture(name: str, width: int, height: int, palette: bytes, strips: Iterable[_Strip]) -> Picture:
    """A PNG of at most 16 colours, four bits a pixel (ISO/IEC 15948)."""
    check = 1
    for strip in strips:
        check = adler32(strip.raw, check)
    pixels = b"\x78\xda" + b"".join(strip.deflated for strip in strips) + b"\x03\x00" + struct.pack(">I", check)
    size = struct.pack(">IIBBBBB", width * _SCALE, height * _SCALE, 4, 3, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", size) + palette + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    cid = Link(f"{name}-{crc32(png):08x}@madrina")
    return Picture(cid, mime.picture(cid, png))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc32(name + body))


def _rgb(colour: str) -> bytes:
    return bytes.fromhex(colour[1:])


def _mixed(one: str, other: str) -> list[bytes]:
    """From one colour to the other, as far as a line of the other covers it."""
    ends = list(zip(_rgb(one), _rgb(other), strict=True))
    return [bytes(round(a + (b - a) * level / _LEVELS) for a, b in ends) for level in range(_LEVELS + 1)]


def _palette(colours: Iterable[bytes]) -> bytes:
    return _chunk(b"PLTE", b"".join(colours))


_GLAZED = [_palette(_mixed(ground, line) + _mixed(disc, line)) for ground, line, disc in GLAZES]
