"""values.schema.json: what each value may be, and nothing beside them."""

from typing import Any

from deploy.helm.values import Key, camel, settings
from deploy.kubernetes import kustomize
from deploy.kubernetes.kustomize import Object

_NAME = {"type": "string", "maxLength": 253, "pattern": "^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"}
_REFERENCE = {"type": "string", "pattern": "^[a-z0-9][\\w./:@-]*$"}
_QUANTITY = {"type": ["string", "integer"], "pattern": "^[0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$", "minimum": 0}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 100}
_LIMIT = {**_COUNT, "minimum": 1, "description": "How few or how many the component hpa runs."}
_DISK = {**_QUANTITY, "description": "How large its disk is."}
_SWITCHES = {camel(name): {"type": "boolean", "description": kustomize.says(name)} for name in kustomize.COMPONENTS}


def schema(defaults: dict[Key, Any], needs: dict[Key, list[str]]) -> Object:
    """JSON schema of values.yaml. A key of `needs` must be set unless one of its components is on."""
    whole: Object = {"$schema": "http://json-schema.org/draft-07/schema#", **_closed({})}
    for key, default in defaults.items():
        inner = whole
        for name in key[:-1]:
            inner = inner["properties"].setdefault(name, _closed({}))
        leaf = of(key)
        inner["properties"][key[-1]] = {**leaf, "type": [leaf["type"], "null"]} if default is None else leaf
    return {**whole, "allOf": [_unless(components, key) for key, components in needs.items()]}


def of(key: Key) -> Object:
    """What one value may be, and what it is for."""
    group, *_, last = key
    match group:
        case "components":
            return _SWITCHES[last]
        case "config":
            return settings()[last]
        case "secrets":
            return {**_NAME, "description": "The name of a Secret; docs/install-kubernetes.md says what is in it."}
    return _OTHERS[last]


def _closed(properties: Object) -> Object:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _unless(components: list[str], key: Key) -> Object:
    off = {name: {"const": False} for name in components}
    return {
        "if": {"properties": {"components": {"properties": off}}},
        "then": {"properties": {key[0]: {"properties": {key[1]: {"type": "string", "minLength": 1}}, "required": [key[1]]}}},
    }


_AMOUNTS = _closed(dict.fromkeys(("cpu", "memory", "ephemeral-storage"), _QUANTITY))
_OTHERS: dict[str, Object] = {
    "repository": {**_REFERENCE, "description": "Where Madrina's image comes from."},
    "tag": {"type": "string", "pattern": "^([\\w][\\w.-]{0,127})?$", "description": "Its tag; empty if the digest is to say it alone."},
    "digest": {"type": "string", "pattern": "^(sha256:[0-9a-f]{64})?$", "description": "Its digest, as docs/verify.md shows it."},
    "replicas": {**_COUNT, "description": "How many run."},
    "minReplicas": _LIMIT,
    "maxReplicas": _LIMIT,
    "resources": {**_closed({"requests": _AMOUNTS, "limits": _AMOUNTS}), "description": "What a container asks for and may use."},
    "suffix": {
        "type": "string",
        "pattern": "^(-[a-z0-9]{1,20})?$",
        "description": "Another one, as `-2`, runs the jobs of this version again: what a job runs can't be changed.",
    },
    "image": {**_REFERENCE, "description": "Its image."},
    "storage": _DISK,
    "walStorage": _DISK,
    "className": {**_NAME, "description": "The class of the Gateway."},
    "issuer": {**_NAME, "description": "cert-manager's ClusterIssuer."},
}
"""By the last part of their keys."""
