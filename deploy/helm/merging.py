"""What the base looks like with each component, merged into one tree that says where they differ. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Missing(Enum):
    """What stands in a tree in place of something that isn't there."""

    MISSING = "missing"


MISSING = Missing.MISSING


@dataclass(frozen=True)
class Choice:
    """A part of the tree that depends on components."""

    otherwise: Any
    """What it is with none of them."""
    cases: tuple[tuple[tuple[str, ...], Any], ...]
    """What it is with one of these components. If several are on, the first case holds."""


@dataclass(frozen=True)
class Items:
    """The items of a list, each a tree; their keys say which items of two lists are the same one."""

    items: tuple[tuple[str, Any], ...]


def merge(base: Any, variants: Mapping[str, Any]) -> Any:
    """The tree of `base` and of its variants, each under the name of its component."""
    having = {name: each for name, each in variants.items() if each is not MISSING}
    if base is MISSING and len(having) > 1 and all(isinstance(each, dict) for each in having.values()):
        first, *others = having
        return Choice(MISSING, ((tuple(having), merge(having[first], {name: having[name] for name in others})),))
    everyone = [base, *variants.values()]
    if all(isinstance(each, dict) for each in everyone):
        keys = dict.fromkeys(key for each in everyone for key in each)
        return {key: merge(base.get(key, MISSING), {name: each.get(key, MISSING) for name, each in variants.items()}) for key in keys}
    if all(isinstance(each, list) for each in everyone):
        keyed = [_keyed(each) for each in everyone]
        order = _order(keyed)
        pairs = dict(zip(variants, keyed[1:], strict=True))
        return Items(
            tuple((key, merge(keyed[0].get(key, MISSING), {name: each.get(key, MISSING) for name, each in pairs.items()})) for key in order)
        )
    different = [(name, each) for name, each in variants.items() if each != base]
    if not different:
        return base
    return Choice(_alone(base), tuple(_cases(different)))


def _keyed(items: list[Any]) -> dict[str, Any]:
    """Items by what they are known by: a name, or all that they say; the second of the same gets a mark."""
    keyed: dict[str, Any] = {}
    for item in items:
        named = isinstance(item, dict) and isinstance(item.get("name"), str)
        key = item["name"] if named else json.dumps(item, sort_keys=True)
        while key in keyed:
            key += "+"
        keyed[key] = item
    return keyed


def _alone(value: Any) -> Any:
    return merge(value, {})


def _cases(different: Iterable[tuple[str, Any]]) -> Iterable[tuple[tuple[str, ...], Any]]:
    """Components that say the same make one case; what a later component of the list says goes before what an earlier one says."""
    values: list[tuple[list[str], Any]] = []
    for name, value in different:
        same = next((names for names, other in values if other == value), None)
        if same is None:
            values.append(([name], value))
        else:
            same.append(name)
    return ((tuple(names), _alone(value)) for names, value in reversed(values))


def _order(keyed: list[dict[str, Any]]) -> list[str]:
    """The keys of all the lists: the first's in its order, what another adds after that which it stands after there."""
    order: list[str] = []
    for keys in keyed:
        at = 0
        for key in keys:
            if key not in order:
                order.insert(at, key)
            at = order.index(key) + 1
    return order
