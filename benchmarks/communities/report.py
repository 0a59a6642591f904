"""The figures as tables to read."""

from collections.abc import Mapping
from statistics import median

from benchmarks.communities.gates import GATES, Gate
from benchmarks.communities.measures import CIRCLE_AT_MOST, Found

BySize = Mapping[int, Found]
PRICED = {
    "ring of 10": "boss Established",
    "ring of 50": "boss Established",
    "two sponsors": "boss Established",
    "two sponsors, one woman": "boss Established",
    "one sponsor, two women": "boss Established",
    "three sponsors": "boss Established",
    "tricked founder": "boss Established",
    "flattering sleepers": "boss Established",
    "fresh slander": "band lost",
    "200-day slander, one sponsor": "band lost",
    "200-day slander, four sponsors": "band lost",
}
WATCHED = (
    Gate("clique: one band more"),
    Gate("poor vouchers of 3: Established"),
    Gate("other vouchers of 3: Established"),
)


def table(kind: str, by_size: BySize) -> str:
    """What one kind of community gives: the gates, and what is only watched."""
    lines = [_row(f"{kind} communities", [f"{size:,}" for size in by_size], "gate")]
    for gate in (*GATES, *WATCHED):
        bounds = "" if gate in WATCHED else f"≥ {gate.least:g}" if gate.least > 0 else f"≤ {gate.most:g}"
        lines.append(_row(gate.what, [_figure(gate, found) for found in by_size.values()], bounds))
    return "\n".join(lines)


def prices(by_size: BySize) -> str:
    """How often each attack works, and what it costs: the worst of its variants, the median over draws.

    `confirmed`: introductions that a real woman must confirm, as a side or as the voucher.
    """
    lines = [_row("attack works", [f"{size:,}" for size in by_size], "real sponsors", "confirmed")]
    found = Found()
    for measured in by_size.values():
        found.add(measured)
    for attack, works in PRICED.items():
        figures = [_figure(Gate(f"{attack}: {works}"), measured) for measured in by_size.values()]
        paid = (median(found.values.get(f"{attack}: {cost}", [0])) for cost in ("sponsors", "confirmed"))
        lines.append(_row(f"{attack}: {works}", figures, *(f"{price:g}" for price in paid)))
        other = ("  or Building", "boss Building") if works == "boss Established" else ("  of Established members", "Established lost")
        lines.append(_row(other[0], [_figure(Gate(f"{attack}: {other[1]}"), measured) for measured in by_size.values()]))
    return "\n".join(lines)


def listed(by_size: BySize) -> str:
    """What the moderators' list shows of it: bosses of attacks, and members by mistake."""
    names = ["Established honest", *(name for name, works in PRICED.items() if works == "boss Established")]
    rows = [_row(f"listed for moderators (≤ {CIRCLE_AT_MOST})", [f"{size:,}" for size in by_size])]
    return "\n".join([*rows, *(_row(name, [_figure(Gate(f"circles: {name}"), found) for found in by_size.values()]) for name in names)])


def _figure(gate: Gate, found: Found) -> str:
    figure, of = gate.reached(found)
    return "-" if figure is None else f"{figure:.3f} ({of:,})"


def _row(name: str, figures: list[str], *more: str) -> str:
    return f"{name:44}" + "".join(f"{figure:>18}" for figure in figures) + "".join(f"{one:>16}" for one in more)
