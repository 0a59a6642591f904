"""A tree of merging.py as the text of a Helm template. Pure."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from deploy.helm.merging import MISSING, Choice, Items

Path = tuple[str, ...]
Action = Callable[[Path, Any], str | None]
"""The template's action, without its braces, that stands at a path instead of what the tree has there; None if there is none."""
_PLAIN = re.compile(r"[A-Za-z/][\w./-]*( [\w./-]+)*")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def condition(names: Iterable[str]) -> str:
    """That one of these components is on."""
    switches = [f".Values.components.{name}" for name in names]
    return switches[0] if len(switches) == 1 else f"or {' '.join(switches)}"


def document(tree: dict[str, Any], action: Action) -> Iterator[str]:
    """The lines of one object."""
    return _members(tree, (), 0, action)


def _members(tree: dict[str, Any], path: Path, indent: int, action: Action) -> Iterator[str]:
    for key, node in tree.items():
        yield from _entry(f"{_scalar(key)}:", node, (*path, key), indent, action)


def _entry(prefix: str, node: Any, path: Path, indent: int, action: Action) -> Iterator[str]:
    """The lines of one member of a mapping, or of one item of a list (its prefix is a dash)."""
    pad = " " * indent
    said = action(path, node)
    if said and isinstance(node, Choice):
        # What depends on components has no default in values.yaml: null leaves it to them.
        yield f"{pad}{{{{- if ne nil {said.split(' | ')[0]} }}}}"
        yield f"{pad}{prefix} {{{{ {said} }}}}"
        yield from _choice(prefix, node, path, indent, lambda *_: None, word="else if")
    elif said:
        yield f"{pad}{prefix} {{{{ {said} }}}}"
    elif isinstance(node, Choice):
        yield from _choice(prefix, node, path, indent, action)
    elif isinstance(node, dict) and node:
        yield from _nested(prefix, _members(node, path, indent + 2, action), indent)
    elif isinstance(node, Items) and node.items:
        lines = (line for key, item in node.items for line in _entry("-", item, (*path, key), indent + 2, action))
        yield from _nested(prefix, lines, indent)
    else:
        yield f"{pad}{prefix} {_leaf(node, indent + 2)}"


def _choice(prefix: str, node: Choice, path: Path, indent: int, action: Action, *, word: str = "if") -> Iterator[str]:
    pad = " " * indent
    for names, value in node.cases:
        yield f"{pad}{{{{- {word} {condition(names)} }}}}"
        if value is not MISSING:
            yield from _entry(prefix, value, path, indent, action)
        word = "else if"
    if node.otherwise is not MISSING:
        yield f"{pad}{{{{- else }}}}"
        yield from _entry(prefix, node.otherwise, path, indent, action)
    yield f"{pad}{{{{- end }}}}"


def _nested(prefix: str, lines: Iterable[str], indent: int) -> Iterator[str]:
    """A mapping or a list under its prefix; a mapping that is an item begins on the line of its dash."""
    pad, rest = " " * indent, iter(lines)
    first = next(rest)
    if prefix == "-" and not first.lstrip().startswith(("{{", "-")):
        yield f"{pad}- {first.lstrip()}"
    else:
        yield f"{pad}{prefix}"
        yield first
    yield from rest


def _leaf(value: Any, indent: int) -> str:
    if value == {} or value == Items(()):
        return "{}" if value == {} else "[]"
    if isinstance(value, str) and value.endswith("\n") and not value.startswith((" ", "\n")) and not value.endswith("\n\n"):
        lines = (f"{' ' * indent}{line}" if line else "" for line in value.splitlines())
        return "|\n" + _literal("\n".join(lines))
    return _literal(_scalar(value))


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def _literal(text: str) -> str:
    """Braces that Helm leaves alone."""
    return text.replace("{{", '{{ "{{" }}')
