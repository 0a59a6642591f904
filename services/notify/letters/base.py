"""What a kind of letter is: a folder of templates, a category, and what it makes of which event."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar
from uuid import UUID, uuid5

from services.notify import mime
from services.notify.letters.sender import Sender
from services.notify.letters.templates import Templates
from services.notify.members import People, Profile, Recipient, fit
from services.notify.mime import Mailbox
from services.notify.progress import UNHEARD, Progress
from services.notify.queue.domain import ORDINARY, URGENT, Decision, Letter, Reaches, Skip
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members_private import ToAddress
from shared.moments import moment, on

Category = Literal["security", "personal", "reminder", "digest"]
"""What a member may turn off goes by this; security letters also leave before all others."""


@dataclass(frozen=True, slots=True)
class Known:
    """What notify knows when it hears an event: the members in it, and what was known before of what it is about."""

    people: People
    before: Progress = UNHEARD

    def once(self, member_id: UUID) -> Profile | None:
        """Her profile; of one who has left no more than her name, and None once that is gone too. Raises NotYetKnown."""
        here, name = self.people.profile(member_id), self.before.departed.get(member_id)
        return here or (Profile(member_id, name, headline="", language="en", time_zone="") if name else None)


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
        names: Iterable[UUID] = (),
        with_: Recipient | None = None,
        subject_id: UUID | None = None,
        stopped_by_their_block: bool = True,
        expires_at: datetime | None = None,
        reaches: Reaches = "member",
    ) -> Letter:
        """A letter to a member about the event's aggregate, or `subject_id`; with `with_` it is one to both, and her answer goes there.

        `names`: whom its subject may name besides those whom `fields` have, and whom it is about.
        """
        message, title = self._message(sender, event, to, with_, fields)
        about_ids = tuple(profile.id for profile in about)
        in_fields = (value.id for value in fields.values() if isinstance(value, Profile))
        return Letter(
            event_id=event.id,
            kind=self.name,
            recipient_id=to.profile.id,
            subject_id=subject_id or event.aggregate_id,
            about_ids=about_ids,
            address=to.address,
            message=message,
            correlation_id=event.correlation_id,
            priority=self.priority,
            stopped_by_their_block=stopped_by_their_block,
            reaches=reaches,
            expires_at=expires_at,
            title=title,
            named_ids=tuple({to.profile.id, *about_ids, *in_fields, *names}),
        )

    def _message(
        self, sender: Sender, event: Event, to: Recipient, with_: Recipient | None, fields: Mapping[str, Any]
    ) -> tuple[bytes, str]:
        letter_id = uuid5(event.id, f"{self.name}/{to.profile.id}")  # the same whenever it is written
        # There is nothing to follow in a letter with a code, and a link less for filters to count.
        home = "" if self.category == "security" else sender.web_url
        known = {"to": to.profile, **fields, "home": home, "community": sender.community}
        rendered = self.templates.render(to.profile.language, known, discreet=to.profile.discreet)
        headers = mime.headers(
            f"{letter_id}@{sender.domain}",
            clock.now(),
            sender.from_header,
            _mailbox(to),
            rendered.subject,
            language=to.profile.language,
            with_=_mailbox(with_) if with_ else None,
            thread=f"{event.aggregate_id}@{sender.domain}",
        )
        return mime.message(headers, rendered.text, rendered.html, letter_id.hex, rendered.pictures), rendered.subject

    def to_address(self, sender: Sender, event: ToAddress, fields: Mapping[str, Any], at: datetime | None = None) -> list[Decision]:
        """A letter to the address in the event, while there is time (`at` if that isn't business time).

        She is no member any more, or not yet, or not known by that address: it is to what it is about.
        """
        subject = event.aggregate_id
        if event.expires_at <= (at or clock.now()):
            return [self.skip(event, subject, "expired")]
        her = Profile(subject, event.name, "", event.language, event.time_zone, event.discreet)
        ends = {
            "day": on(event.day, event.language, event.time_zone),
            "at": moment(event.day, event.language, event.time_zone),
        }
        return [
            self.to_member(
                sender, event, Recipient(her, fit(event.address)), {**ends, **fields}, expires_at=event.expires_at, reaches="address"
            )
        ]

    def skip(self, event: Event, recipient_id: UUID, reason: str) -> Skip:
        """No such letter to her, and why."""
        return Skip(event.id, self.name, recipient_id, reason)


def spaced(code: str) -> str:
    """A code as it is read out, four digits at a time."""
    return re.sub(r"(\d{4})(?=\d)", r"\1 ", code)


def _mailbox(member: Recipient) -> Mailbox:
    return Mailbox(member.profile.name, member.address)
