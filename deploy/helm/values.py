"""What an operator may set of the chart: which parts of the manifests are values, and what each may be. Pure."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from deploy.helm.merging import Items, merge
from deploy.helm.templating import Path
from deploy.kubernetes.kustomize import Object
from deploy.processes import PROCESSES, settings_of

Key = tuple[str, ...]
JOBS = {process.name for process in PROCESSES if not process.health_port}
STAYING = {process.name for process in PROCESSES} - JOBS


def camel(name: str) -> str:
    """`members-api` as values are spelled: `membersApi`."""
    first, *rest = name.split("-")
    return first + "".join(map(str.capitalize, rest))


def key_at(thing: Object, path: Path, node: Any) -> Key | None:
    """The key in values.yaml of what an object has at a path; None if that can't be set."""
    name = thing["metadata"]["name"].removeprefix("madrina-")
    component = thing["metadata"].get("labels", {}).get("app.kubernetes.io/component", "")
    server = "cloudnativePg" if thing["kind"] == "Cluster" else name
    match path:
        case ("data", setting) if (thing["kind"], name) == ("ConfigMap", "config"):
            return "config", setting
        case ("spec", "replicas") if component in STAYING:
            return "processes", camel(component), "replicas"
        case ("spec", "minReplicas" | "maxReplicas" as limit):
            return "processes", camel(name), limit
        case (*_, "containers", _, "resources") | ("spec", "resources"):
            return ("jobs", "resources") if component in JOBS else _of(component, server, "resources")
        case (*_, "containers", _, "image") if component in STAYING | JOBS:
            return ("image",)
        case (*_, "containers", _, "image") | ("spec", "imageName"):
            return "servers", camel(server), "image"
        case (*_, "requests", "storage") | ("spec", "storage", "size"):
            return "servers", camel(server), "storage"
        case ("spec", "walStorage", "size"):
            return "servers", camel(server), "walStorage"
        case (*_, "secretKeyRef" | "passwordSecret" | "secret", "name") | (*_, "secretName") | (*_, "certificateRefs", _, "name"):
            return "secrets", camel(str(node).removeprefix("madrina-"))
        case ("spec", "gatewayClassName"):
            return "gateway", "className"
        case (*_, "cert-manager.io/cluster-issuer"):
            return "certificates", "issuer"
    return None


def _of(component: str, server: str, what: str) -> Key:
    return ("processes", camel(component), what) if component in STAYING else ("servers", camel(server), what)


def read(objects: Iterable[Object]) -> dict[Key, Any]:
    """The value of every key, as these objects have it."""
    return {key: value for thing in objects for path, value in _walk(thing, ()) if (key := key_at(thing, path, value))}


def _walk(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, node
    inner = merge(node, {}) if isinstance(node, list) else node
    pairs = inner.items if isinstance(inner, Items) else inner.items() if isinstance(inner, dict) else ()
    for key, each in pairs:
        yield from _walk(each, (*path, key))


def nested(flat: dict[Key, Any]) -> Object:
    """Keys and values as the mapping that values.yaml holds."""
    values: Object = {}
    for (*outer, last), value in flat.items():
        inner = values
        for name in outer:
            inner = inner.setdefault(name, {})
        inner[last] = value
    return values


def image(reference: str) -> dict[Key, str]:
    """The parts of an image's reference."""
    name, _, digest = reference.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    return {("image", "repository"): head + slash + last, ("image", "tag"): tag, ("image", "digest"): digest}


@cache
def settings() -> dict[str, Object]:
    """What each setting may be and what it means, by the settings classes, as JSON schema has it."""
    found: dict[str, Object] = {}
    for process in PROCESSES:
        fields = process.settings.model_json_schema()["properties"]
        for setting in settings_of(process):
            field = fields[setting.name.lower()]
            kept = {name: field[name] for name in ("enum", "minimum", "maximum", "exclusiveMinimum") if name in field}
            # What must be set may not be empty.
            needed = {"minLength": 1} if setting.default is None and field.get("type") == "string" else {}
            found[setting.name] = {"type": field.get("type", "string"), **kept, **needed, "description": setting.meaning}
    return found


def typed(key: Key, value: Any) -> Any:
    """A value as values.yaml has it: settings are texts in a manifest, and numbers there if they are numbers."""
    return int(value) if key[0] == "config" and settings()[key[1]]["type"] in ("integer", "number") else value
