"""The results as a table to read."""

from typing import Any

NEED_THROUGHPUT, AIM_THROUGHPUT, NEED_P99 = 0.15, 0.25, 5.0


def table(results: dict[str, Any]) -> str:
    """What was reached next to the bare loop, what each stage takes and what each process costs."""
    bare, most, steady, ratios = (results[name] for name in ("bare", "most", "steady", "ratios"))
    rate = steady["per_second"]
    lines = [
        "",
        f"{'':36}{'introductions':>14}{'bare loop':>12}{'ratio':>8}",
        f"{'a second, sustained':36}{most['per_second']:>14}{bare['per_second']:>12}{ratios['throughput']:>8.0%}"
        f"   needed {NEED_THROUGHPUT:.0%}, aim {AIM_THROUGHPUT:.0%}",
        _latency(f"p50 at {rate} a second, ms", steady["latency_ms"]["p50"], bare["latency_ms"]["p50"]),
        _latency(f"p99 at {rate} a second, ms", steady["latency_ms"]["p99"], bare["latency_ms"]["p99"]) + f"   at most {NEED_P99:.0f}",
        "",
        f"{most['count']} introductions in {most['seconds']} s; everything empty {most['empty_after_seconds']} s after the last letter",
        "",
        f"{f'stage at {rate} a second, ms':36}{'p50':>10}{'p99':>10}",
        *(f"  {name.replace('_', ' '):34}{took['p50']:>10}{took['p99']:>10}" for name, took in steady["stages_ms"].items()),
        "",
        "CPU an introduction at the highest rate, ms",
        *(f"  {name:34}{spent:>10.2f}" for name, spent in most["cpu_ms_each"].items() if name != "generator"),
        f"  {'(the load generator, apart)':34}{most['cpu_ms_each']['generator']:>10.2f}",
    ]
    problems = [f"  PROBLEM: {problem}" for problem in (*most["problems"], *steady["problems"])]
    waiting = [f"  STILL WAITING: {most['left_waiting']}"] if most["left_waiting"] else []
    busy = [f"  The machine was busy before (load {results['machine']['load_before']})."] if results["machine"]["load_before"] > 1 else []
    return "\n".join([*lines, *problems, *waiting, *busy])


def _latency(name: str, ours: float, bare: float) -> str:
    return f"{name:36}{ours:>14}{bare:>12}{ours / bare:>7.1f}x"
