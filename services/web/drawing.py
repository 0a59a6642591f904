"""What pages draw: a member's mark, as SVG."""

from uuid import UUID

from markupsafe import Markup

from shared import marks

STORY = {
    "hannah": UUID("00000000-0000-4000-8000-000000005c3d"),
    "carmen": UUID("00000000-0000-4000-8000-00000000097b"),
    "ines": UUID("00000000-0000-4000-8000-0000000021cb"),
}
"""Ids of nobody, for the marks of the three women in the story that newcomers and visitors are told (`story.html`)."""


def mark(member_id: UUID, classes: str = "") -> Markup:
    """Her mark, in the colours of the stylesheet's `.m0` to `.m5`. Her name stands beside it, so nothing of it is read out."""
    drawn = marks.of(member_id)
    discs = "".join(_path(quarter, closed=True) for quarter in drawn.discs)
    lines = "".join(map(_path, drawn.lines))
    return Markup(
        '<svg class="mark m{}{}" viewBox="0 0 48 48" aria-hidden="true" focusable="false"><path class="d" d="{}"/><path d="{}"/></svg>'
    ).format(drawn.glaze, f" {classes}" if classes else "", discs, lines)


def _path(quarter: marks.Quarter, closed: bool = False) -> str:
    x, y, radius, right, down = quarter
    across, along = x + (radius if right else -radius), y + (radius if down else -radius)
    arc = f"M{across} {y}A{radius} {radius} 0 0 {int(right == down)} {x} {along}"
    return f"{arc}L{x} {y}z" if closed else arc
