"""What every letter is: frozen bytes for one member, or a reason why there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from services.notify import mime
from services.notify.letters.templates import Templates
from services.notify.members import Card, Member
from services.notify.mime import Mailbox
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import Language

URGENT, ORDINARY = 0, 1


@dataclass(frozen=True, slots=True)
class Office:
    """Who sends letters, and where the pages are that they link to."""

    sender: Mailbox
    web_url: str
    domain: str = field(init=False)
    from_header: bytes = field(init=False)

    def __post_init__(self) -> None:
        address = mime.ascii_address(self.sender.address)
        object.__setattr__(self, "domain", address.rpartition("@")[2])
        object.__setattr__(self, "from_header", mime.mailboxes([self.sender]))

    def link(self, *path: object) -> str:
        """The address of a page."""
        return "/".join([self.web_url, *map(str, path)])


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one member, as it will leave. `subject_id` is what it is about; `about_ids` are the members whose suspension or
    erasure stops it at the last moment, and a block: hers of one of them or, `either_way`, theirs of her."""

    event_id: UUID
    kind: str
    recipient_id: UUID
    subject_id: UUID
    about_ids: tuple[UUID, ...]
    address: str
    message: bytes
    correlation_id: str
    priority: int = ORDINARY
    either_way: bool = True
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """No letter of this kind to her, and why."""

    event_id: UUID
    kind: str
    recipient_id: UUID
    reason: str


Decision = Letter | Skip


def letter_uuid(event_id: UUID, kind: str, recipient_id: UUID) -> UUID:
    """The one id of the letter of this kind to her about this event, the same whenever it is written."""
    return uuid5(event_id, f"{kind}/{recipient_id}")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter: its name, and the templates of its folder."""

    name: str
    templates: Templates

    def to_member(
        self,
        office: Office,
        event: Event,
        to: Member,
        fields: Mapping[str, Any],
        *,
        about: Iterable[Card] = (),
        with_: Member | None = None,
        subject_id: UUID | None = None,
        either_way: bool = True,
    ) -> Letter:
        """A letter to a member about the event's aggregate, or `subject_id`; where `with_` is given, both addresses stand in To and
        Reply-To."""
        own_id = letter_uuid(event.id, self.name, to.card.id)
        boxes = mime.mailboxes([Mailbox(one.card.name, one.address) for one in (to, with_) if one])
        return Letter(
            event_id=event.id,
            kind=self.name,
            recipient_id=to.card.id,
            subject_id=subject_id or event.aggregate_id,
            about_ids=tuple(card.id for card in about),
            address=to.address,
            message=self.write(office, own_id, to.card.language, boxes, {"to": to.card, **fields}, reply_to=with_ is not None),
            correlation_id=event.correlation_id,
            either_way=either_way,
        )

    def write(
        self, office: Office, own_id: UUID, language: Language, boxes: bytes, fields: Mapping[str, Any], *, reply_to: bool = False
    ) -> bytes:
        """The bytes of the letter to `boxes`, a value of `mime.mailboxes`; an answer goes there too where `reply_to`."""
        rendered = self.templates.render(language, {**fields, "home": office.web_url})
        headers = [
            ("Date", mime.date(clock.now())),
            ("From", office.from_header),
            ("To", boxes),
            *([("Reply-To", boxes)] if reply_to else []),
            ("Subject", mime.words(rendered.subject)),
            ("Message-ID", f"<{own_id}@{office.domain}>".encode("ascii")),
            ("Content-Language", language.encode("ascii")),
            ("Auto-Submitted", b"auto-generated"),
        ]
        return mime.message(headers, rendered.text, rendered.html, own_id.hex)

    def skip(self, event: Event, recipient_id: UUID, reason: str) -> Skip:
        """No such letter to her, and why."""
        return Skip(event.id, self.name, recipient_id, reason)
