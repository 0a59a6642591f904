"""Members, events and an office for the tests, with what a test cares about."""

import email
import email.message
import email.policy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from services.notify.letters.base import Decision, Letter, Office, Skip
from services.notify.members import Card, Member, People
from services.notify.mime import Mailbox
from shared.contracts.events import members, requests
from shared.contracts.events.base import Event

OFFICE = Office(Mailbox("Madrina", "hola@madrina.test"), "https://madrina.test")
AT = datetime(2026, 5, 3, 9, 30, tzinfo=UTC)


def member(name: str, language: members.Language = "en", *, headline: str = "", address: str | None = None) -> Member:
    """A member of that name."""
    local = name.split(maxsplit=1)[0].encode("ascii", "ignore").decode().lower() or "someone"
    return Member(Card(uuid4(), name, headline, language, "America/Mexico_City"), address or f"{local}@example.test")


ANA = member("Ana García", "en", headline="Data engineer")
INES = member("Inés Peña", "es", headline="Jueza")
MARTA = member("Marta Ruiz", "es")
PEOPLE = People([ANA, INES, MARTA])


def speaking(language: members.Language, *whom: Member) -> People:
    """These members, all with that language."""
    return People([replace(one, card=replace(one.card, language=language)) for one in whom or (ANA, INES, MARTA)])


def _introduction(version: int, *, asker: Member | None = ANA, sides: tuple[Member, Member] = (ANA, INES)) -> dict[str, Any]:
    return {
        "aggregate_id": uuid4(),
        "aggregate_version": version,
        "occurred_at": AT,
        "origin": "asked" if asker else "proposed",
        "voucher_id": MARTA.card.id,
        "side_ids": tuple(side.card.id for side in sides),
        "asker_id": asker.card.id if asker else None,
    }


WORDS_FOR_ANA = "Inés knows every judge in town, and she listens."
WORDS_FOR_INES = "Ana montó la guardería de su oficina en un mes.\nPregúntale por el seguro."


def words() -> dict[UUID, str]:
    return {ANA.card.id: WORDS_FOR_ANA, INES.card.id: WORDS_FOR_INES}


def asked(**changed: Any) -> requests.IntroductionAsked:
    fields = {"why_her": "She built what we need, and I would like to ask her how.", "expires_at": AT + timedelta(days=14)}
    return requests.IntroductionAsked(**{**_introduction(1), **fields, **changed})


def vouched(*, asker: Member | None = ANA, **changed: Any) -> requests.IntroductionVouched:
    fields = {"words_for": words(), "closes_at": AT + timedelta(days=14)}
    return requests.IntroductionVouched(**{**_introduction(2, asker=asker), **fields, **changed})


def confirmed(*, asker: Member | None = ANA, **changed: Any) -> requests.IntroductionConfirmed:
    fields = {"words_for": words(), "confirmed_at": AT}
    return requests.IntroductionConfirmed(**{**_introduction(3, asker=asker), **fields, **changed})


def closed(reason: requests.IntroductionEnd, *, asker: Member | None = ANA, **changed: Any) -> requests.IntroductionClosed:
    return requests.IntroductionClosed(**{**_introduction(3, asker=asker), "reason": reason, "shown_at": AT, **changed})


def vouch_withdrawn(*, asker: Member | None = ANA, **changed: Any) -> requests.VouchWithdrawn:
    return requests.VouchWithdrawn(**{**_introduction(3, asker=asker), "shown_at": AT, **changed})


def _connection(version: int) -> dict[str, Any]:
    return {
        "aggregate_id": uuid4(),
        "aggregate_version": version,
        "occurred_at": AT,
        "requester_id": ANA.card.id,
        "recipient_id": INES.card.id,
    }


def connection_requested(**changed: Any) -> requests.ConnectionRequested:
    fields = {
        "how_met": "event",
        "where_we_met": "At the data workshop in Oaxaca.",
        "why_now": "I am moving to your city in June and would like to go on talking.",
        "expires_at": AT + timedelta(days=30),
    }
    return requests.ConnectionRequested(**{**_connection(1), **fields, **changed})


def connection_accepted(**changed: Any) -> requests.ConnectionAccepted:
    return requests.ConnectionAccepted(**{**_connection(2), **changed})


def connection_closed(reason: requests.ConnectionEnd, **changed: Any) -> requests.ConnectionClosed:
    return requests.ConnectionClosed(**{**_connection(2), "reason": reason, "shown_at": AT, **changed})


def reminder(**changed: Any) -> requests.RemindersDue:
    fields = {
        "aggregate_id": uuid4(),
        "aggregate_version": 1,
        "occurred_at": AT,
        "kind": "how_did_it_go",
        "member_id": ANA.card.id,
        "subject_id": uuid4(),
        "about_id": INES.card.id,
    }
    return requests.RemindersDue(**{**fields, **changed})


def code_issued(**changed: Any) -> members.SignInCodeIssued:
    now = datetime.now(UTC)
    fields = {
        "aggregate_id": uuid4(),
        "aggregate_version": 1,
        "occurred_at": now,
        "address": "new@example.test",
        "code": "314159",
        "language": "en",
        "expires_at": now + timedelta(minutes=10),
    }
    return members.SignInCodeIssued(**{**fields, **changed})


@dataclass(frozen=True)
class Read:
    """A letter as a mail program reads it."""

    message: email.message.EmailMessage
    text: str
    html: str

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    def addresses(self, header: str) -> list[tuple[str, str]]:
        """The (name, address) pairs of an address header."""
        return [(one.display_name, one.addr_spec) for one in self.message[header].addresses]


def read(raw: bytes | Decision) -> Read:
    """The letter as Python's own parser understands it."""
    if isinstance(raw, Skip):
        raise TypeError(f"skipped: {raw.reason}")
    body = raw.message if isinstance(raw, Letter) else raw
    message = email.message_from_bytes(body, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    assert not message.defects
    text, html = message.iter_parts()
    assert not text.defects
    assert not html.defects
    return Read(message, *(part.get_content().replace("\r\n", "\n") for part in (text, html)))


def letters(decisions: list[Decision]) -> dict[UUID, Read]:
    """The letters among decisions, read, by recipient."""
    return {one.recipient_id: read(one) for one in decisions if isinstance(one, Letter)}


def skips(decisions: list[Decision]) -> dict[UUID, str]:
    """The reasons among decisions, by recipient."""
    return {one.recipient_id: one.reason for one in decisions if isinstance(one, Skip)}


def joined(one: Member, version: int = 1, **changed: Any) -> members.MemberJoined:
    """She joined with her card."""
    fields = {"name": one.card.name, "headline": one.card.headline, "language": one.card.language, "time_zone": one.card.time_zone}
    ids = {"aggregate_id": one.card.id, "aggregate_version": version, "occurred_at": AT}
    return members.MemberJoined(**{**ids, **fields, **changed})


def address_set(one: Member, version: int = 1, address: str | None = None) -> members.AddressSet:
    """Her letters go there."""
    return members.AddressSet(aggregate_id=one.card.id, aggregate_version=version, occurred_at=AT, address=address or one.address)


def joining(one: Member) -> list[Event]:
    """What is heard when she joins."""
    return [joined(one), address_set(one)]


def blocked(blocker: Member, other: Member, version: int = 1) -> members.MemberBlocked:
    ids = {"blocker_id": blocker.card.id, "blocked_id": other.card.id}
    block = uuid5(blocker.card.id, str(other.card.id))
    return members.MemberBlocked(aggregate_id=block, aggregate_version=version, occurred_at=AT, **ids)


def unblocked(blocker: Member, other: Member, version: int = 2) -> members.MemberUnblocked:
    ids = {"blocker_id": blocker.card.id, "blocked_id": other.card.id}
    block = uuid5(blocker.card.id, str(other.card.id))
    return members.MemberUnblocked(aggregate_id=block, aggregate_version=version, occurred_at=AT, **ids)


def suspended(one: Member, version: int = 1) -> members.MemberSuspended:
    return members.MemberSuspended(aggregate_id=one.card.id, aggregate_version=version, occurred_at=AT)


def reinstated(one: Member, version: int = 2) -> members.MemberReinstated:
    return members.MemberReinstated(aggregate_id=one.card.id, aggregate_version=version, occurred_at=AT)


def erased(one: Member, version: int = 1) -> members.MemberErased:
    return members.MemberErased(aggregate_id=one.card.id, aggregate_version=version, occurred_at=AT)


def revealed(introduction_id: UUID, answers: dict[UUID, requests.Answer]) -> requests.OutcomesRevealed:
    fields = {**_introduction(4), "aggregate_id": introduction_id, "confirmed_at": AT, "answers": answers, "thank_yous": {}}
    return requests.OutcomesRevealed(**fields)
