"""What a kind of letter is: a folder of templates, a category, and what it makes of which event."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar
from uuid import UUID, uuid5

from services.notify import mime
from services.notify.letters.sender import Sender
from services.notify.letters.templates import Templates
from services.notify.members import People, Profile, Recipient
from services.notify.mime import Mailbox
from services.notify.progress import UNHEARD, Progress
from services.notify.queue.domain import ORDINARY, URGENT, Decision, Letter, Skip
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import Language

Category = Literal["security", "personal", "reminder", "digest"]
"""What a member may turn off goes by this; security letters also leave before all others."""


@dataclass(frozen=True, slots=True)
class Known:
    """What notify knows when it hears an event: the members in it, and what was known before of what it is about."""

    people: People
    before: Progress = UNHEARD


E = TypeVar("E", bound=Event)
Decide = Callable[[E, Known, Sender], list[Decision]]
"""What an event means for each member whom the letter could go to. Raises NotYetKnown, CannotHandle."""


class Kind:
    """A kind of letter, named for its folder.

    KIND = Kind(Path(__file__).parent, "personal")

    @KIND.on(ConnectionAccepted)
    def connection_accepted(event: ConnectionAccepted, known: Known, sender: Sender) -> list[Decision]: ...
    """

    def __init__(self, folder: Path, category: Category) -> None:
        self.name, self.category, self.templates = folder.name, category, Templates(folder)
        self.priority = URGENT if category == "security" else ORDINARY
        self.decides: dict[type[Event], Decide[Any]] = {}

    def on(self, event: type[E]) -> Callable[[Decide[E]], Decide[E]]:
        """Let the decorated function decide what this event means."""

        def register(decide: Decide[E]) -> Decide[E]:
            self.decides[event] = decide
            return decide

        return register

    def to_member(
        self,
        sender: Sender,
        event: Event,
        to: Recipient,
        fields: Mapping[str, Any],
        *,
        about: Iterable[Profile] = (),
        with_: Recipient | None = None,
        subject_id: UUID | None = None,
        stopped_by_their_block: bool = True,
    ) -> Letter:
        """A letter to a member about the event's aggregate, or `subject_id`; `with_` her address stands in To and Reply-To too."""
        letter_id = self.letter_id(event, to.profile.id)
        boxes = mime.mailboxes([Mailbox(member.profile.name, member.address) for member in (to, with_) if member])
        return Letter(
            event_id=event.id,
            kind=self.name,
            recipient_id=to.profile.id,
            subject_id=subject_id or event.aggregate_id,
            about_ids=tuple(profile.id for profile in about),
            address=to.address,
            message=self.write(sender, letter_id, to.profile.language, boxes, {"to": to.profile, **fields}, reply_to=with_ is not None),
            correlation_id=event.correlation_id,
            priority=self.priority,
            stopped_by_their_block=stopped_by_their_block,
        )

    def letter_id(self, event: Event, recipient_id: UUID) -> UUID:
        """The id of the letter of this kind to her about this event, the same whenever it is written."""
        return uuid5(event.id, f"{self.name}/{recipient_id}")

    def write(
        self, sender: Sender, letter_id: UUID, language: Language, boxes: bytes, fields: Mapping[str, Any], *, reply_to: bool = False
    ) -> bytes:
        """The bytes of the letter to `boxes`, a value of `mime.mailboxes`; with `reply_to` an answer goes there too."""
        rendered = self.templates.render(language, {**fields, "home": sender.web_url})
        headers = [
            ("Date", mime.date(clock.now())),
            ("From", sender.from_header),
            ("To", boxes),
            *([("Reply-To", boxes)] if reply_to else []),
            ("Subject", mime.words(rendered.subject)),
            ("Message-ID", f"<{letter_id}@{sender.domain}>".encode("ascii")),
            ("Content-Language", language.encode("ascii")),
            ("Auto-Submitted", b"auto-generated"),
        ]
        return mime.message(headers, rendered.text, rendered.html, letter_id.hex)

    def skip(self, event: Event, recipient_id: UUID, reason: str) -> Skip:
        """No such letter to her, and why."""
        return Skip(event.id, self.name, recipient_id, reason)


def bridge(left: Profile, middle: str, right: Profile, *, solid: tuple[bool, bool]) -> dict[str, Any]:
    """The fields of the picture of an introduction: two sides and the voucher's name between them; an arc is solid once it stands."""
    return {"left": left.name, "middle": middle, "right": right.name, "left_solid": solid[0], "right_solid": solid[1]}
