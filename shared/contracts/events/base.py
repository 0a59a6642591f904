"""What every event has, and how it travels: CloudEvents 1.0 JSON on a subject that carries no ids.

Producers forbid unknown fields (a typo must not travel); consumers ignore them (a newer producer may add some).
"""

import json
import re
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.contracts.lengths import MOST_VERSIONS, Text, Word

REDACTED = "[private]"
NIL = UUID(int=0)


class Private:
    """Marks a field whose text never reaches a log, a metric, a trace or a listing: `note: Annotated[str, Private]`."""


PrivateText = Annotated[Text, Private]

BY_TYPE: dict[str, type["Event"]] = {}
"""Every event of every version, by its type."""


class UnreadableEvent(Exception):
    """Bytes that no consumer here can use; `reason` is a stable code: malformed, unknown or newer."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Event(BaseModel):
    """One thing that happened. `id` follows from type, aggregate and version, so that emitting it again from the
    tables gives the same event and every inbox knows it.

    `correlation_id` and `traceparent` are stamped by `outbox.put` from the request or event being handled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str] = ""
    """The CloudEvents type, which is also the NATS subject: `requests.v1.introduction_confirmed`."""
    publisher: ClassVar[str] = ""
    private: ClassVar[bool] = False
    """True if the event travels on `private.v1.*`, which notify alone may read."""

    aggregate_id: UUID
    aggregate_version: int = Field(ge=1, le=MOST_VERSIONS)
    id: UUID = NIL
    occurred_at: AwareDatetime
    correlation_id: Word = ""
    traceparent: Word = ""

    def __init_subclass__(cls, *, publisher: str = "", private: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if publisher:
            cls.publisher, cls.private = publisher, private
            cls.type = f"{'private' if private else publisher}.v1.{_snake(cls.__name__)}"
            BY_TYPE[cls.type] = cls

    def model_post_init(self, context: Any) -> None:
        if self.id == NIL:
            # The documented way to set a field of a frozen model while it is being made.
            object.__setattr__(self, "id", self.derived_id())

    def derived_id(self) -> UUID:
        """The id that follows from type, aggregate and version."""
        return uuid5(self.aggregate_id, f"{self.type}/{self.aggregate_version}")

    def good_until(self) -> datetime | None:
        """When a private event's words stop being good for anything, in machine time; None for all others."""
        life = getattr(self, "expires_at", None) if self.private else None
        return life if isinstance(life, datetime) else None

    def to_json(self) -> bytes:
        """The event as CloudEvents 1.0 structured JSON."""
        data = self.model_dump(mode="json", exclude=set(ENVELOPE))
        return json.dumps(
            {
                "specversion": "1.0",
                "id": str(self.id),
                "source": f"/madrina/{self.publisher}",
                "type": self.type,
                "subject": str(self.aggregate_id),
                "time": self.occurred_at.isoformat(),
                "datacontenttype": "application/json",
                "aggregateversion": self.aggregate_version,
                "correlationid": self.correlation_id,
                "traceparent": self.traceparent,
                "data": data,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()

    def redacted(self) -> dict[str, Any]:
        """Every field as JSON values, with `[private]` in place of private text: fit for a listing or a log."""
        shown = {"type": self.type, **self.model_dump(mode="json")}
        return {name: REDACTED if name in private_fields(type(self)) and value is not None else value for name, value in shown.items()}


class MemberEvent(Event):
    """aggregate_id is the member's id."""

    @property
    def member_id(self) -> UUID:
        return self.aggregate_id


ENVELOPE = frozenset({"id", "aggregate_id", "aggregate_version", "occurred_at", "correlation_id", "traceparent"})
"""The fields of every event, which travel beside `data`."""


def private_fields(model: type[BaseModel]) -> frozenset[str]:
    """The names of the fields that carry the mark `Private`."""
    return frozenset(name for name, field in model.model_fields.items() if Private in field.metadata)


def parse(body: bytes) -> Event:
    """The event in CloudEvents JSON bytes, whatever its type. Raises UnreadableEvent, whose text quotes no value."""
    try:
        envelope = json.loads(body)
        subject = envelope["type"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnreadableEvent("malformed", "no CloudEvents JSON") from error
    kind = BY_TYPE.get(subject) if isinstance(subject, str) else None
    if kind is None:
        raise _unknown(subject)
    data = envelope.get("data")
    if envelope.get("specversion") != "1.0" or not isinstance(data, dict):
        raise UnreadableEvent("malformed", "not CloudEvents 1.0 with an object as data")
    fields = {
        **data,
        "id": envelope.get("id"),
        "aggregate_id": envelope.get("subject"),
        "aggregate_version": envelope.get("aggregateversion"),
        "occurred_at": envelope.get("time"),
        "correlation_id": envelope.get("correlationid", ""),
        "traceparent": envelope.get("traceparent", ""),
    }
    try:
        return kind.model_validate(fields, extra="ignore")
    except ValidationError as error:
        # The field alone: deeper parts of a place may be keys that somebody wrote.
        names = sorted({str(wrong["loc"][0]) for wrong in error.errors(include_input=False, include_url=False) if wrong["loc"]})
        raise UnreadableEvent("malformed", f"{subject}: {', '.join(names)}") from None


def _unknown(subject: Any) -> UnreadableEvent:
    match = re.fullmatch(r"([a-z]+)\.v(\d+)\.([a-z_]+)", subject) if isinstance(subject, str) else None
    if match and int(match[2]) > 1 and f"{match[1]}.v1.{match[3]}" in BY_TYPE:
        return UnreadableEvent("newer", f"version {match[2]} of {match[1]}.{match[3]} is newer than this consumer")
    return UnreadableEvent("unknown", "no event of that type is known here")
