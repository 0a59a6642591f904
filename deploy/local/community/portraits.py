"""Photos of some of them: drawn here, for nobody's face is lent to an invented woman."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw

SIDE = 640
_DRAWN = 3 * SIDE
"""Drawn larger, so that no edge is jagged when it is made smaller."""


@dataclass(frozen=True)
class Portrait:
    """Colours of what is behind her, of her skin, hair and clothes, and how her hair falls."""

    ground: str
    skin: str
    hair: str
    clothes: str
    falls: str
    """`short`, `long`, `up`, `round` or `scarf`."""


PORTRAITS: Mapping[str, Portrait] = {
    "amara": Portrait("#f4bf4f", "#6b4430", "#201815", "#17434e", "round"),
    "hannah": Portrait("#93b8bd", "#f0d3bd", "#d9b36c", "#1a2326", "short"),
    "lucia": Portrait("#e7d9bd", "#d9a67f", "#3b241a", "#a3473a", "long"),
    "suryani": Portrait("#2c5a58", "#b98058", "#7d2f3c", "#d8c9a3", "scarf"),
    "grace": Portrait("#d98a5b", "#5a3826", "#2a1d18", "#f2e6cf", "up"),
}
# Left, top, right and bottom, in hundredths of the square.
_BEHIND = {
    "short": [(30, 16, 70, 62)],
    "long": [(27, 15, 73, 60), (27, 38, 73, 88)],
    "up": [(31, 18, 69, 58), (39, 3, 61, 26)],
    "round": [(20, 6, 80, 64)],
    "scarf": [(27, 13, 73, 66), (30, 44, 70, 86)],
}


def drawn(of: Portrait) -> bytes:
    """The picture, as a PNG: a head and shoulders without features."""
    picture = Image.new("RGB", (_DRAWN, _DRAWN), of.ground)
    draw = ImageDraw.Draw(picture)

    def oval(box: tuple[float, float, float, float], colour: str) -> None:
        draw.ellipse([part * _DRAWN / 100 for part in box], fill=colour)

    for box in _BEHIND[of.falls]:
        oval(box, of.hair)
    oval((12, 72, 88, 150), of.clothes)
    draw.rounded_rectangle([part * _DRAWN / 100 for part in (43, 52, 57, 79)], _DRAWN * 0.07, fill=of.skin)
    oval((41, 70, 59, 82), of.skin)
    oval((34, 23, 66, 64), of.skin)
    draw.chord([part * _DRAWN / 100 for part in (33, 20, 67, 58)], *((200, 340) if of.falls == "scarf" else (190, 330)), fill=of.hair)
    written = io.BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(written, "PNG")
    return written.getvalue()
