"""The results as a table to read, and what of them isn't as it should be."""

from typing import Any

ORDINARY_P99, BEST_CONNECTED_P99, GROWTH, LOAD = 20.0, 100.0, 2.0, 900.0


def table(results: dict[str, Any]) -> str:
    """What each read takes and touches, beside the least that anything takes; `statements`: what of it the server worked, at p50."""
    small, large = results["small"], results["large"]
    heads = ("ordinary p50", "p99", "statements", "best-connected p50", "p99", "statements", "buffers", f"of {small['members']:,}", "ratio")
    lines = [
        "",
        f"{large['members']:,} members, {large['connections']:,} connections, {large['most_connections']:,} of the best-connected;"
        f" loaded in {large['load_seconds']:.0f} s",
        "",
        _row("ms", *heads),
    ]
    for name, ordinary in large["ordinary_ms"].items():
        best, touched, before = large["best_connected_ms"][name], large["buffers"][name], small["buffers"][name]
        on_server, of_best = large["statements_ms"][name]["p50"], large["best_connected_statements_ms"][name]["p50"]
        took = (ordinary["p50"], ordinary["p99"], on_server, best["p50"], best["p99"], of_best)
        lines.append(_row(name, *took, touched, before, f"{touched / before:.1f}"))
    lines += [_row(name, took["p50"], took["p99"]) for name, took in large["bare_ms"].items()]
    load = results["machine"]["load_before"]
    busy = [f"The machine was busy before (load {load})."] if load > 1 else []
    return "\n".join([*lines, "", *(f"PROBLEM: {problem}" for problem in problems(results)), *busy])


def _row(name: str, *values: object) -> str:
    return f"{name:14}" + "".join(f"{value!s:>{width}}" for value, width in zip(values, (14, 8, 12, 20, 8, 12, 9, 11, 7), strict=False))


def problems(results: dict[str, Any]) -> list[str]:
    """What isn't as it should be."""
    small, large = results["small"], results["large"]
    slow = [
        f"{name} takes {took['p99']} ms at p99 for {whom}, and may take {most:.0f}"
        for whom, kind, most in (
            ("ordinary members", "ordinary_ms", ORDINARY_P99),
            ("the best-connected", "best_connected_ms", BEST_CONNECTED_P99),
        )
        for name, took in large[kind].items()
        if took["p99"] > most
    ]
    grown = [
        f"{name} touches {touched} buffers, {touched / small['buffers'][name]:.1f} times as many as in the small community"
        for name, touched in large["buffers"].items()
        if touched > GROWTH * small["buffers"][name]
    ]
    scans = [f"a whole table is read: {scan}" for scan in large["scans"]]
    late = [f"loading took {large['load_seconds']:.0f} s"] if large["load_seconds"] > LOAD else []
    return [*slow, *grown, *scans, *late]
