"""A member's mark, drawn from her id: the same id, the same mark, for ever; nothing is stored. Pages draw it in lines, letters in pixels.

The last 32 bits of an id are random in UUIDv4 and UUIDv7 alike; they draw one of 23,040 marks, which tells 15 of an id's 122 random bits.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

SIZE = 48
LINE = 2.25


class Glaze(NamedTuple):
    """The colours of a mark: its ground, its lines, its discs. The same in light and dark."""

    ground: str
    line: str
    disc: str


GLAZES = (
    Glaze("#17434e", "#a4cdca", "#f4bf4f"),
    Glaze("#f4bf4f", "#6b4100", "#17434e"),
    Glaze("#a64d29", "#f6d9c3", "#fbeedd"),
    Glaze("#d9dfbf", "#4c5c2c", "#4c5c2c"),
    Glaze("#2c3940", "#c4cfd1", "#d98b2b"),
    Glaze("#ead9ba", "#17434e", "#a64d29"),
)
"""Lake, marigold, clay, moss, ink, sand."""


class Quarter(NamedTuple):
    """A quarter circle around (x, y), towards the side that `right` and `down` name."""

    x: int
    y: int
    radius: int
    right: bool
    down: bool


@dataclass(frozen=True)
class Mark:
    """A tile of 48 units: quarter discs, and lines above them. `glaze` is a number of GLAZES."""

    glaze: int
    discs: tuple[Quarter, ...]
    lines: tuple[Quarter, ...]


@lru_cache(maxsize=4096)
def of(member_id: UUID) -> Mark:
    """Her mark. Each of four cells of 24 units turns to one of its corners, with two arcs around it and one around the corner across;
    ends lie at 8 or 16 from a corner always, so the lines of neighbouring cells meet."""
    bits = member_id.int & 0xFFFFFFFF
    turns = [bits >> 2 * cell & 3 for cell in range(4)]
    filled = [cell for cell in range(4) if bits >> 8 + cell & 1] or [turns[0]]
    near = tuple(_quarter(cell, turns[cell], radius) for cell in range(4) for radius in (8, 16))
    far = tuple(_quarter(cell, turns[cell] ^ 2, 8) for cell in range(4))
    return Mark((bits >> 12) % len(GLAZES), tuple(_quarter(cell, turns[cell], 16) for cell in filled), near + far)


def _quarter(cell: int, turn: int, radius: int) -> Quarter:
    """In one of four cells, around its corner number `turn`, counted clockwise from the top left."""
    right, down = turn in (1, 2), turn in (2, 3)
    return Quarter(24 * (cell % 2 + right), 24 * (cell // 2 + down), radius, not right, not down)
