"""docs/asyncapi.yaml: the events as an AsyncAPI 3 document, written from their contracts."""

from collections.abc import Iterable
from typing import Any

import yaml
from pydantic.json_schema import GenerateJsonSchema

from deploy.documents.events import all_events, doc, hearers
from shared.contracts.events import base
from shared.messaging.topology import stream_of

_COMMENT = "# Written by `make documents` from the contracts in shared/contracts/events/; a test fails if it is out of date.\n"
_ABOUT = (
    "What the services tell each other, on NATS JetStream. A channel is a subject, which is also the CloudEvents type. An operation says"
    " which service sends an event, or receives it; its id and its tag name the service. An event that no service hears has an empty"
    " x-heard-by. A field with x-private never reaches a log, a metric, a trace or a listing. Senders forbid unknown fields, and receivers"
    " ignore them."
)
_TEXT = {"type": "string"}
_CLOUD_EVENT = {
    "description": "CloudEvents 1.0 in structured JSON.",
    "type": "object",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid", "description": "Follows from type, aggregate and version; also the Nats-Msg-Id."},
        "source": _TEXT,
        "type": _TEXT,
        "subject": {"type": "string", "format": "uuid", "description": "The aggregate's id."},
        "time": {"type": "string", "format": "date-time", "description": "When it happened, in business time."},
        "datacontenttype": {"const": "application/json"},
        "aggregateversion": {"type": "integer", "minimum": 1},
        "correlationid": _TEXT,
        "traceparent": _TEXT,
        "data": {"type": "object"},
    },
    "required": ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "aggregateversion", "data"],
}


def render() -> str:
    """The whole document as YAML."""
    return _COMMENT + yaml.dump(document(), Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=140)


def document() -> dict[str, Any]:
    """The document, fit for the models of `faststream.specification.asyncapi.v3_0_0`."""
    kinds = all_events()
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Madrina's events", "version": "1", "description": _ABOUT, "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/json",
        "channels": {kind.type: _channel(kind) for kind in kinds},
        "operations": {name: operation for kind in kinds for name, operation in _operations(kind)},
        "components": {
            "messages": {kind.__name__: _message(kind) for kind in kinds},
            "schemas": {"CloudEvent": _CLOUD_EVENT} | {kind.__name__: _data(kind) for kind in kinds},
        },
    }


def _channel(kind: type[base.Event]) -> dict[str, Any]:
    return {
        "address": kind.type,
        "description": f"Kept in the stream {stream_of(kind.type)}.",
        "messages": {kind.__name__: _reference("components", "messages", kind.__name__)},
    }


def _operations(kind: type[base.Event]) -> Iterable[tuple[str, dict[str, Any]]]:
    channel = ("channels", kind.type)
    for action, services in (("send", [kind.publisher]), ("receive", hearers(kind))):
        for service in services:
            yield (
                f"{service}.{action}.{kind.__name__}",
                {
                    "action": action,
                    "channel": _reference(*channel),
                    "messages": [_reference(*channel, "messages", kind.__name__)],
                    "tags": [{"name": service}],
                },
            )


def _message(kind: type[base.Event]) -> dict[str, Any]:
    fixed = {
        "type": {"const": kind.type},
        "source": {"const": f"/madrina/{kind.publisher}"},
        "data": _reference("components", "schemas", kind.__name__),
    }
    return {
        "name": kind.type,
        "title": kind.__name__,
        "description": doc(kind),
        "contentType": "application/json",
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {"allOf": [_reference("components", "schemas", "CloudEvent"), {"type": "object", "properties": fixed}]},
        "x-heard-by": hearers(kind),
    }


def _data(kind: type[base.Event]) -> dict[str, Any]:
    # As it is read, not as it is written: a field that was added later is optional.
    schema = kind.model_json_schema(schema_generator=_Plain, mode="validation")
    private = base.private_fields(kind)
    fields = {name: field for name, field in schema["properties"].items() if name not in base.ENVELOPE}
    return {
        "type": "object",
        "properties": {name: field | {"x-private": True} if name in private else field for name, field in fields.items()},
        "required": [name for name in schema["required"] if name in fields],
    }


def _reference(*path: str) -> dict[str, Any]:
    return {"$ref": "#/" + "/".join(path)}


class _Plain(GenerateJsonSchema):
    """Without titles that repeat names, and with lists of one kind in words that every draft of JSON Schema knows."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def tuple_schema(self, schema: Any) -> dict[str, Any]:
        made = super().tuple_schema(schema)
        if "prefixItems" in made:
            made["items"] = made.pop("prefixItems")[0]
        return made


class _WithoutAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True
