"""docs/events.md: the catalogue of events, written from their contracts."""

import re
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from shared.contracts.events import base
from shared.contracts.events.heard import HEARS
from shared.messaging import topology

_INTRO = """# Events

Written by `make documents` from the contracts in `shared/contracts/events/`; a test fails if it is out of date.
[asyncapi.yaml](asyncapi.yaml) says the same to machines.

Bodies are CloudEvents 1.0 JSON with these fields in `data`. The type is also the NATS subject. Every event has `id` (it follows from
type, aggregate and version), `subject` (the aggregate's id), `aggregateversion`, `time`, `correlationid` and `traceparent`.
Producers forbid unknown fields, consumers ignore them. *Private* fields never reach a log, a metric, a trace or a listing.
"""


def render() -> str:
    """The whole page."""
    kinds = all_events()
    lines = [_INTRO]
    for publisher in dict.fromkeys(kind.publisher for kind in kinds):
        lines.append(f"## {publisher}\n")
        lines += [_event(kind) for kind in kinds if kind.publisher == publisher]
    return "\n".join(lines)


def all_events() -> list[type[base.Event]]:
    """Every event, by publisher, private ones last."""
    return sorted(base.BY_TYPE.values(), key=lambda kind: (kind.publisher, kind.private, kind.__module__, kind.type))


def hearers(kind: type[base.Event]) -> list[str]:
    """The services that hear an event."""
    return [service for service, heard in HEARS.items() if kind in heard]


def doc(kind: type[base.Event]) -> str:
    """An event's own sentence, then what its family says of the ids."""
    family = [member for member in kind.__mro__ if issubclass(member, base.Event) and member is not base.Event]
    return " ".join(" ".join(vars(member).get("__doc__") or "" for member in family).split())


def _event(kind: type[base.Event]) -> str:
    private = base.private_fields(kind)
    lines = [
        f"### {kind.__name__}\n",
        f"`{kind.type}`, stream `{topology.stream_of(kind.type)}`, heard by {', '.join(hearers(kind)) or 'nobody yet'}.\n",
        f"{doc(kind)}\n",
    ]
    fields = {name: field for name, field in kind.model_fields.items() if name not in base.ENVELOPE}
    if fields:
        lines += ["| field | type | |", "|---|---|---|"]
        lines += [f"| `{name}` | {_type(field.annotation)} | {_notes(field, name in private)} |" for name, field in fields.items()]
        lines.append("")
    return "\n".join(lines)


def _notes(field: FieldInfo, private: bool) -> str:
    return ", ".join(note for note in ("*private*" if private else "", "" if field.is_required() else "optional") if note)


def _type(annotation: Any) -> str:
    arguments = get_args(annotation)
    shown = str(annotation) if arguments else getattr(annotation, "__name__", str(annotation))
    if str(get_origin(annotation)) == "typing.Literal":
        return ", ".join(f"`{value}`" for value in arguments)
    plain = re.sub(r"\b(?:typing|uuid|datetime|pydantic\.types)\.", "", shown).replace("typing.", "")
    plain = re.sub(r"Annotated\[(\w+), FieldInfo\(.*?\]\)\]", r"\1", plain)  # a length
    plain = re.sub(r"Optional\[(.*)\]", r"\1 | None", plain)
    plain = re.sub(r"Literal\[([^\]]*)\]", lambda match: match[1].replace("'", ""), plain)
    return f"`{plain}`".replace("|", "\\|")
