"""The chart's generated files: deploy/kubernetes, with what an operator may set as values and every component as a switch."""

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from deploy.helm import readme, templating, values
from deploy.helm.merging import MISSING, Choice, merge
from deploy.helm.schema import schema
from deploy.helm.values import Key, camel
from deploy.kubernetes import kustomize
from deploy.kubernetes.kustomize import COMPONENTS, OVERLAYS, Object, base_with, components_of

VERSION = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
CHART = {
    "apiVersion": "v2",
    "name": "madrina",
    "description": "A professional community for women where nobody is introduced by a stranger.",
    "type": "application",
    "version": VERSION,
    "appVersion": VERSION,
    "kubeVersion": ">=1.31.0-0",
}
GENERATED = "# Written by `make chart` from deploy/kubernetes: changes belong there.\n"
HOST = "madrina.example.org"
"""In the components: the host of WEB_URL, which each overlay copies. The chart takes it from there."""
SMTP_PORT = 587
"""In the components: that of SMTP_PORT."""


def files() -> dict[str, str]:
    """The text of each file, by its path in the chart."""
    closed = schema(defaults(), needs())
    return {
        "Chart.yaml": GENERATED + _yaml(CHART),
        "README.md": readme.page(closed, defaults(), values.read(base_with())),
        "values.yaml": GENERATED + _yaml(values.nested(defaults())),
        "values.schema.json": json.dumps(closed, indent=2, ensure_ascii=False) + "\n",
        **{f"ci/{name}-values.yaml": GENERATED + _yaml(values.nested(values_of(name))) for name in OVERLAYS},
        **{f"templates/{name}.yaml": GENERATED + text for name, text in templates().items()},
    }


def _yaml(content: Any) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000)


def by_name(objects: Iterable[Object]) -> dict[str, Object]:
    """What of rendered objects is in the chart: all but the namespace, which has to be there before a release can be."""
    return {f"{thing['kind']}/{thing['metadata']['name']}": thing for thing in objects if thing["kind"] != "Namespace"}


def templates() -> dict[str, str]:
    """The templates, by the service or the component that their objects belong to."""
    base = by_name(base_with())
    variants = {camel(name): by_name(base_with(name)) for name in COMPONENTS}
    written: dict[str, list[tuple[str, list[str]]]] = defaultdict(list)
    for name, node in merge(base, variants).items():
        thing = next(each[name] for each in (base, *variants.values()) if name in each)
        when, tree = _when(node)
        file = str(thing["metadata"]["name"]).removeprefix("madrina-").partition("-")[0] if not when else _component(when[0])
        document = templating.document(tree, partial(_action, thing))
        written[file].append((templating.condition(when) if when else "", ["---", *document]))
    return {file: "\n".join(_grouped(documents)) + "\n" for file, documents in written.items()}


def _when(node: Any) -> tuple[tuple[str, ...], Any]:
    """With which components an object is there, none if it always is, and its tree."""
    if not isinstance(node, Choice):
        return (), node
    ((names, tree),) = node.cases
    if node.otherwise is not MISSING or tree is MISSING:
        raise NotImplementedError(f"a component that takes an object away: {names}")
    return names, tree


def _component(name: str) -> str:
    return next(component for component in COMPONENTS if camel(component) == name)


def _grouped(documents: Iterable[tuple[str, list[str]]]) -> Iterator[str]:
    """Documents, with one condition around those that share it."""
    for when, group in groupby(documents, lambda pair: pair[0]):
        lines = [line for _, document in group for line in document]
        yield from [f"{{{{- if {when} }}}}", *lines, "{{- end }}"] if when else lines


def _action(thing: Object, path: templating.Path, node: Any) -> str | None:
    match path, values.key_at(thing, path, node):
        case ("metadata", "namespace"), _:
            return ".Release.Namespace | quote"
        case ("metadata", "name"), _ if thing["kind"] == "Job":
            return f'print "{node}" .Values.jobs.suffix'
        case _, None if node == HOST:
            return 'include "madrina.host" . | quote'
        case (*_, "port"), None if node == SMTP_PORT:
            return ".Values.config.SMTP_PORT | int64"
        case _, None:
            return None
        case _, ("image",):
            return 'include "madrina.image" . | quote'
        case _, (*_, "resources") as key:
            return f".Values.{'.'.join(key)} | toJson"
        case _, ("config", name):
            number = " | int64" if values.settings()[name]["type"] in ("integer", "number") else ""
            return f".Values.config.{name}{number} | quote"
        case _, ("processes", *_) as key:
            return f".Values.{'.'.join(key)} | int64"
        case _, key:
            return f".Values.{'.'.join(key or ())} | quote"


def defaults() -> dict[Key, Any]:
    """The default of every value: what the base or a component has, or null if components differ in it."""
    base, variants = values.read(base_with()), [values.read(base_with(name)) for name in COMPONENTS]
    found: dict[Key, Any] = {}
    for key in sorted({key for each in (base, *variants) for key in each}):
        have = [each[key] for each in (base, *variants) if key in each]
        differ = any(value != have[0] for value in have) or (key in base and len(have) <= len(variants))
        found[key] = None if differ else values.typed(key, have[0])
    image = found.pop(("image",))
    return {
        **values.image(image),
        **{("components", camel(name)): False for name in COMPONENTS},
        ("jobs", "suffix"): "",
        **found,
    }


def needs() -> dict[Key, list[str]]:
    """Settings that must be set unless a component says what they are, each with those components."""
    base, variants = values.read(base_with()), {camel(name): values.read(base_with(name)) for name in COMPONENTS}
    needed = [("config", name) for name, may_be in values.settings().items() if "minLength" in may_be and base.get(("config", name)) == ""]
    saying = {key: [name for name, read in variants.items() if read[key]] for key in needed}
    return {key: names for key, names in saying.items() if names}


def values_of(overlay: str) -> dict[Key, Any]:
    """What makes the chart the same as an overlay."""
    chosen = components_of(overlay)
    otherwise = values.read(base_with(*chosen))
    mine = {key: value for key, value in values.read(kustomize.overlay(overlay)).items() if otherwise.get(key) != value}
    image = values.image(mine.pop(("image",))) if ("image",) in mine else {}
    return {
        **image,
        **{("components", camel(name)): True for name in chosen},
        **{key: values.typed(key, value) for key, value in mine.items()},
    }
