"""The figure: accuracy against resistance, every scorer a point. Plain SVG."""

from benchmarks.trust.tables import SHOWN, Found, resistance

LEFT, RIGHT, TOP, BOTTOM = 90, 900, 70, 470
STYLE = """.bg{fill:#f7f4ee}.grid{stroke:#d8d3c8}.axis{stroke:#1f4b57;stroke-width:2;fill:none}.name{fill:#1d2430}
    .sub{fill:#565d6b;font-size:12.5px}.other{fill:#fffdf9;stroke:#1f4b57;stroke-width:2}.ours{fill:#b85c00}
    .title{fill:#1d2430;font-weight:650}.our{fill:#7a3d00;font-weight:650}"""
FRAME = 'viewBox="0 0 960 540" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="15"'


def drawn(found: Found) -> str:
    names = [name for name in found.accuracy if (name, SHOWN[0]) in found.moved]
    points = {name: (found.accuracy[name][0], resistance(found.moved, name)) for name in names}
    low = int(min(auc for auc, _ in points.values()) * 20) / 20
    body = "\n  ".join([*_grid(low), *_points(points, low)])
    told = "; ".join(f"{name}: {auc:.3f} and {resists:.0f}" for name, (auc, resists) in points.items())
    return f"""<svg xmlns="http://www.w3.org/2000/svg" {FRAME}>
  <title id="t">How accurate trust is, and how well it resists</title>
  <desc id="d">Accuracy and resistance of each scorer on Bitcoin Alpha. {_plain(told)}.</desc>
  <style>
    {STYLE}
  </style>
  <rect class="bg" width="960" height="540" rx="14"/>
  <text class="title" x="{LEFT - 60}" y="34">Accurate, and hard to fake: {len(points)} scorers on Bitcoin Alpha</text>
  {body}
</svg>
"""


def _plain(text: str) -> str:
    return text.replace("&", "&amp;")


def _text(kind: str, x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{_plain(words)}</text>'


def _x(auc: float, low: float) -> float:
    return round(LEFT + (auc - low) / (0.9 - low) * (RIGHT - LEFT), 1)


def _y(resists: float) -> float:
    return round(BOTTOM - resists / 100 * (BOTTOM - TOP), 1)


def _grid(low: float) -> list[str]:
    lines = []
    for step in range(round((0.9 - low) / 0.05) + 1):
        auc = low + step * 0.05
        x = _x(auc, low)
        lines += [f'<path class="grid" d="M{x} {TOP}V{BOTTOM}"/>', _text("sub", x, BOTTOM + 20, f"{auc:.2f}", "middle")]
    for level in range(0, 101, 20):
        lines += [f'<path class="grid" d="M{LEFT} {_y(level)}H{RIGHT}"/>', _text("sub", LEFT - 10, _y(level) + 4, str(level), "end")]
    return [
        *lines,
        f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>',
        _text("sub", RIGHT, BOTTOM + 44, "accuracy: AUC of spotting the next bad rating, within windows of dates →", "end"),
        _text("sub", LEFT - 60, TOP - 12, "↑ resistance: 100 less the points that five kinds of attack win in the mean"),
    ]


def _points(points: dict[str, tuple[float, float]], low: float) -> list[str]:
    """Each with its name beside it, further down as long as another name is there."""
    taken: list[tuple[float, float]] = []
    lines = []
    for name, (auc, resists) in sorted(points.items(), key=lambda point: -point[1][1]):
        x, y, ours = _x(auc, low), _y(resists), name == "this model"
        label, left = y + 5, x > RIGHT - 330
        while any(abs(label - other) < 17 and abs(x - beside) < 250 for beside, other in taken):
            label += 17
        taken.append((x, label))
        lines.append(f'<circle class="{"ours" if ours else "other"}" cx="{x}" cy="{y}" r="{8 if ours else 6}"/>')
        lines.append(_text("our" if ours else "name", x - 14 if left else x + 14, label, name, "end" if left else "start"))
    return lines
