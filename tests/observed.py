"""What can be observed of the processes here without their databases: numbers that moved, and lines that were logged."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import REGISTRY

from shared.telemetry import logs

_CHANCE = {"at", "ms", "trace_id", "span_id", "correlation_id"}
_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Observed:
    """Two are equal if nobody could tell one from the other, but by the time that it took."""

    numbers: dict[str, float] = field(default_factory=dict)
    """By how much each moved."""
    lines: list[dict[str, Any]] = field(default_factory=list)
    """Without times and correlations, and with one name for every id."""


@contextmanager
def observed() -> Iterator[Observed]:
    """All that can be observed of what is done in the block, filled in at its end."""
    found, out, before = Observed(), io.StringIO(), _numbers()
    logs.configure("tests", "api", "INFO", out)
    try:
        yield found
    finally:
        logs.configure("tests", "api", "ERROR")
    found.numbers = {name: value - before.get(name, 0) for name, value in _numbers().items() if value != before.get(name, 0)}
    lines = [json.loads(_ID.sub("<id>", line)) for line in out.getvalue().splitlines()]
    found.lines = [{name: value for name, value in line.items() if name not in _CHANCE} for line in lines]


def _numbers() -> dict[str, float]:
    samples = (sample for metric in REGISTRY.collect() for sample in metric.samples)
    ours = (one for one in samples if one.name.startswith("madrina_") and not one.name.endswith(("_created", "_bucket", "_sum")))
    return {f"{one.name}{sorted(one.labels.items())}": one.value for one in ours}
