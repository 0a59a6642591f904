"""docs/events.md: the catalogue of events, written from their contracts."""

import re
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from shared.contracts.events import base
from shared.contracts.events.heard import HEARS
from shared.messaging import topology

_INTRO = """# Events

Written by `make documents` from the contracts in `shared/contracts/events/`; a test fails if it is out of date.

Bodies are CloudEvents 1.0 JSON with these fields in `data`. The type is also the NATS subject. Every event has `id` (it follows from
type, aggregate and version), `subject` (the aggregate's id), `aggregateversion`, `time`, `correlationid` and `traceparent`.
Producers forbid unknown fields, consumers ignore them. *Private* fields never reach a log, a metric, a trace or a listing.
"""

_ENVELOPE = frozenset({"aggregate_id", "aggregate_version", "id", "occurred_at", "correlation_id", "traceparent"})


def render() -> str:
    """The whole page."""
    kinds = sorted(base.BY_TYPE.values(), key=lambda kind: (kind.publisher, kind.private, kind.__module__, kind.type))
    pages = [_INTRO]
    for publisher in dict.fromkeys(kind.publisher for kind in kinds):
        pages.append(f"## {publisher}\n")
        pages += [_event(kind) for kind in kinds if kind.publisher == publisher]
    return "\n".join(pages)


def _event(kind: type[base.Event]) -> str:
    hearers = [service for service, heard in HEARS.items() if kind in heard]
    private = base.private_fields(kind)
    lines = [
        f"### {kind.__name__}\n",
        f"`{kind.type}`, stream `{topology.stream_of(kind.type)}`, heard by {', '.join(hearers) or 'nobody yet'}.\n",
        f"{' '.join(_doc(kind).split())}\n",
    ]
    fields = {name: field for name, field in kind.model_fields.items() if name not in _ENVELOPE}
    if fields:
        lines += ["| field | type | |", "|---|---|---|"]
        lines += [f"| `{name}` | {_type(field.annotation)} | {_notes(field, name in private)} |" for name, field in fields.items()]
        lines.append("")
    return "\n".join(lines)


def _doc(kind: type[base.Event]) -> str:
    """Its own sentence, then what its family says of the ids."""
    parts = [vars(one).get("__doc__") for one in kind.__mro__ if issubclass(one, base.Event) and one is not base.Event]
    return " ".join(part for part in parts if part)


def _notes(field: FieldInfo, private: bool) -> str:
    return ", ".join(part for part in ("*private*" if private else "", "" if field.is_required() else "optional") if part)


def _type(annotation: Any) -> str:
    arguments = get_args(annotation)
    shown = str(annotation) if arguments else getattr(annotation, "__name__", str(annotation))
    if str(get_origin(annotation)) == "typing.Literal":
        return ", ".join(f"`{one}`" for one in arguments)
    plain = re.sub(r"\b(?:typing|uuid|datetime|pydantic\.types)\.", "", shown).replace("typing.", "")
    plain = re.sub(r"Literal\[([^\]]*)\]", lambda match: match[1].replace("'", ""), plain)
    return f"`{plain}`".replace("|", "\\|")
