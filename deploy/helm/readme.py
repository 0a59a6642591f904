"""The chart's README: every value, its default and what it is for. Pure."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from deploy.helm.values import Key
from deploy.kubernetes.kustomize import Object

HEAD = """\
# The chart of Madrina

Written by `make chart` from deploy/kubernetes, of which it is the same as a chart: `tests/kubernetes/test_chart.py` holds both
equal, object by object. docs/install-kubernetes.md says how to install and upgrade with it, and what to make first.

`ci/<overlay>-values.yaml` are the values that make of it what the overlay of that name is: take one, or begin with none.
A key that isn't below is refused, and so is a value that can't be. A default that is “or a component's” is `null` in `values.yaml`, which
leaves it to the components; set, it stays as it is set.
"""


_LEFT = " or a component's"


def page(schema: Object, defaults: dict[Key, Any], base: dict[Key, Any]) -> str:
    """The whole page; `base` says what values are that have no default, if no component says otherwise."""
    text = HEAD
    for group, rows in groupby(defaults.items(), lambda row: row[0][0]):
        said = ((key, json.dumps(base[key] if default is None else default, ensure_ascii=False), default is None) for key, default in rows)
        text += "\n".join([f"\n## {group}\n", "| value | default | what it is for |", "|---|---|---|", *_rows(schema, said)]) + "\n"
    return text


def _rows(schema: Object, rows: Iterable[tuple[Key, str, bool]]) -> Iterator[str]:
    for key, default, left in rows:
        leaf = schema
        for name in key:
            leaf = leaf["properties"][name]
        yield f"| `{'.'.join(key)}` | `{default}`{_LEFT if left else ''} | {leaf['description']}{_choices(leaf)} |"


def _choices(leaf: Object) -> str:
    if "enum" in leaf:
        return f" One of {', '.join(map(str, leaf['enum']))}."
    return f" {leaf['minimum']} to {leaf['maximum']}." if "maximum" in leaf else ""
