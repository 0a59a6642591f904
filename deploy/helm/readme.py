"""The chart's README: every value, its default and what it is for. Pure."""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from deploy.helm.values import Key
from deploy.kubernetes.kustomize import Object

HEAD = """\
# The chart of Madrina

Written by `make chart` from deploy/kubernetes, of which it is the same as a chart: `tests/kubernetes/test_chart.py` holds both
equal, object by object. docs/install-kubernetes.md says how to install and upgrade with it, and what to make first.

`ci/<overlay>-values.yaml` are the values that make of it what the overlay of that name is: take one, or begin with none.
A key that isn't below is refused, and so is a value that can't be.
"""


def page(schema: Object, defaults: dict[Key, Any]) -> str:
    """The whole page."""
    return HEAD + "".join(f"\n## {group}\n\n{_table(schema, rows)}" for group, rows in groupby(defaults.items(), lambda row: row[0][0]))


def _table(schema: Object, rows: Any) -> str:
    return "\n".join(["| value | default | what it is for |", "|---|---|---|", *_rows(schema, rows)]) + "\n"


def _rows(schema: Object, rows: Any) -> Iterator[str]:
    for key, default in rows:
        leaf = schema
        for name in key:
            leaf = leaf["properties"][name]
        yield f"| `{'.'.join(key)}` | `{json.dumps(default, ensure_ascii=False)}` | {leaf['description']}{_choices(leaf)} |"


def _choices(leaf: Object) -> str:
    if "enum" in leaf:
        return f" One of {', '.join(map(str, leaf['enum']))}."
    return f" {leaf['minimum']} to {leaf['maximum']}." if "maximum" in leaf else ""
