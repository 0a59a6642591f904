"""Members, events and a sender for the tests, with what a test cares about."""

import email
import email.message
import email.policy
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4, uuid5

from services.notify.letters.base import Known
from services.notify.letters.sender import Sender
from services.notify.members import People, Profile, Recipient
from services.notify.mime import Mailbox
from services.notify.queue.domain import Decision, Letter, Skip
from shared.contracts.events import members, members_private, requests
from shared.contracts.events.base import Event
from tests.notify.flowed import unflowed

SENDER = Sender(Mailbox("Madrina", "hola@madrina.test"), "https://madrina.test")
AT = datetime(2026, 5, 3, 9, 30, tzinfo=UTC)


def member(name: str, language: members.Language = "en", *, headline: str = "", address: str | None = None) -> Recipient:
    """A member of that name."""
    local = name.split(maxsplit=1)[0].encode("ascii", "ignore").decode().lower() or "someone"
    return Recipient(Profile(uuid4(), name, headline, language, "America/Mexico_City"), address or f"{local}@example.test")


ANA = member("Ana García", "en", headline="Data engineer")
INES = member("Inés Peña", "es", headline="Jueza")
MARTA = member("Marta Ruiz", "es")
PEOPLE = Known(People([ANA, INES, MARTA]))


def knowing(
    *whom: Recipient,
    profiles: Iterable[Profile] = (),
    erased: Iterable[Recipient] = (),
    blocks: Iterable[tuple[Recipient, Recipient]] = (),
) -> Known:
    """Notify knows these members, of some their profiles alone, that some are erased, and who blocks whom."""
    pairs = [(one.profile.id, other.profile.id) for one, other in blocks]
    return Known(People(whom, profiles=profiles, erased=[member.profile.id for member in erased], blocks=pairs))


def speaking(language: members.Language, *whom: Recipient) -> Known:
    """These members, all with that language."""
    return knowing(*(replace(member, profile=replace(member.profile, language=language)) for member in whom or (ANA, INES, MARTA)))


def _introduction(version: int, *, asker: Recipient | None = ANA, sides: tuple[Recipient, Recipient] = (ANA, INES)) -> dict[str, Any]:
    return {
        "aggregate_id": uuid4(),
        "aggregate_version": version,
        "occurred_at": AT,
        "origin": "asked" if asker else "proposed",
        "voucher_id": MARTA.profile.id,
        "side_ids": tuple(side.profile.id for side in sides),
        "asker_id": asker.profile.id if asker else None,
    }


WORDS_FOR_ANA = "Inés knows every judge in town, and she listens."
WORDS_FOR_INES = "Ana montó la guardería de su oficina en un mes.\nPregúntale por el seguro."


def words() -> dict[UUID, str]:
    return {ANA.profile.id: WORDS_FOR_ANA, INES.profile.id: WORDS_FOR_INES}


def asked(**changed: Any) -> requests.IntroductionAsked:
    fields = {"why_her": "She built what we need, and I would like to ask her how.", "expires_at": AT + timedelta(days=14)}
    return requests.IntroductionAsked(**{**_introduction(1), **fields, **changed})


def vouched(*, asker: Recipient | None = ANA, **changed: Any) -> requests.IntroductionVouched:
    fields = {"words_for": words(), "closes_at": AT + timedelta(days=14)}
    return requests.IntroductionVouched(**{**_introduction(2, asker=asker), **fields, **changed})


def correction_asked(**changed: Any) -> requests.CorrectionAsked:
    fields = {"by_id": INES.profile.id, "words": "I am no judge any more, since June.", "closes_at": AT + timedelta(days=14)}
    return requests.CorrectionAsked(**{**_introduction(3), **fields, **changed})


def words_corrected(**changed: Any) -> requests.WordsCorrected:
    fields = {"words_for": words(), "ask_again": (ANA.profile.id, INES.profile.id), "closes_at": AT + timedelta(days=14)}
    return requests.WordsCorrected(**{**_introduction(4), **fields, **changed})


def confirmed(*, asker: Recipient | None = ANA, **changed: Any) -> requests.IntroductionConfirmed:
    fields = {"words_for": words(), "confirmed_at": AT, "writes_first": (asker or INES).profile.id}
    return requests.IntroductionConfirmed(**{**_introduction(3, asker=asker), **fields, **changed})


def closed(reason: requests.IntroductionEnd, *, asker: Recipient | None = ANA, **changed: Any) -> requests.IntroductionClosed:
    return requests.IntroductionClosed(**{**_introduction(3, asker=asker), "reason": reason, "shown_at": AT, **changed})


def vouch_withdrawn(*, asker: Recipient | None = ANA, **changed: Any) -> requests.VouchWithdrawn:
    return requests.VouchWithdrawn(**{**_introduction(3, asker=asker), "shown_at": AT, **changed})


def _connection(version: int) -> dict[str, Any]:
    return {
        "aggregate_id": uuid4(),
        "aggregate_version": version,
        "occurred_at": AT,
        "requester_id": ANA.profile.id,
        "recipient_id": INES.profile.id,
    }


def connection_requested(**changed: Any) -> requests.ConnectionRequested:
    fields = {
        "how_met": "event",
        "where_we_met": "At the data workshop in Oaxaca.",
        "why_now": "I am moving to your city in June and would like to go on talking.",
        "expires_at": AT + timedelta(days=30),
    }
    return requests.ConnectionRequested(**{**_connection(1), **fields, **changed})


def question_asked(**changed: Any) -> requests.ConnectionQuestionAsked:
    return requests.ConnectionQuestionAsked(**{**_connection(2), "question": "Which of the two workshops do you mean?", **changed})


def question_answered(**changed: Any) -> requests.ConnectionQuestionAnswered:
    said = {"question": "Which of the two workshops do you mean?", "answer": "The second. I sat beside the window."}
    return requests.ConnectionQuestionAnswered(**{**_connection(3), **said, **changed})


def restricted(**changed: Any) -> requests.RequestsRestricted:
    fields = {"aggregate_id": uuid4(), "aggregate_version": 1, "occurred_at": AT, "until": AT + timedelta(days=28)}
    return requests.RequestsRestricted(**{**fields, "member_id": ANA.profile.id, **changed})


def moderation_noticed(**changed: Any) -> members_private.ModerationNoticed:
    fields = {"aggregate_id": uuid4(), "aggregate_version": 1, "occurred_at": AT, "member_id": ANA.profile.id}
    return members_private.ModerationNoticed(**{**fields, **changed})


def notice_answered(**changed: Any) -> members_private.NoticeAnswered:
    fields = {"aggregate_id": uuid4(), "aggregate_version": 1, "occurred_at": datetime.now(UTC), "address": "nora@example.org", "name": ""}
    return members_private.NoticeAnswered(**{**fields, "language": "en", "number": "9f2c11ab", "token": "t" * 43, **changed})


def removal_told(**changed: Any) -> requests.RemovalTold:
    fields = {"aggregate_id": uuid4(), "aggregate_version": 1, "occurred_at": AT, "removed_id": INES.profile.id}
    return requests.RemovalTold(**{**fields, "member_id": ANA.profile.id, **changed})


def connection_accepted(**changed: Any) -> requests.ConnectionAccepted:
    return requests.ConnectionAccepted(**{**_connection(2), **changed})


def connection_closed(reason: requests.ConnectionEnd, **changed: Any) -> requests.ConnectionClosed:
    return requests.ConnectionClosed(**{**_connection(2), "reason": reason, "shown_at": AT, **changed})


def _need(version: int) -> dict[str, Any]:
    ids = {"asker_id": ANA.profile.id, "voucher_id": MARTA.profile.id}
    return {"aggregate_id": uuid4(), "aggregate_version": version, "occurred_at": AT, **ids}


def need_asked(**changed: Any) -> requests.NeedAsked:
    words = "A woman who has opened a branch in Mexico and would tell me how."
    return requests.NeedAsked(**{**_need(1), "looking_for": words, "ends_at": AT + timedelta(days=14), **changed})


def need_closed(reason: requests.NeedEnd, **changed: Any) -> requests.NeedClosed:
    return requests.NeedClosed(**{**_need(2), "reason": reason, "shown_at": AT, **changed})


def sides_connected(**changed: Any) -> requests.SidesConnected:
    sides = (ANA.profile.id, INES.profile.id)
    made = {"aggregate_id": uuid4(), "aggregate_version": 9, "occurred_at": AT, "voucher_id": MARTA.profile.id, "side_ids": sides}
    return requests.SidesConnected(**{**made, "told_id": ANA.profile.id, **changed})


def reminder(**changed: Any) -> requests.RemindersDue:
    fields = {
        "aggregate_id": uuid4(),
        "aggregate_version": 1,
        "occurred_at": AT,
        "kind": "how_did_it_go",
        "member_id": ANA.profile.id,
        "subject_id": uuid4(),
        "about_id": INES.profile.id,
    }
    return requests.RemindersDue(**{**fields, **changed})


def waits(kind: requests.ReminderKind, **changed: Any) -> requests.RemindersDue:
    """Ana hasn't answered."""
    return reminder(kind=kind, until=AT + timedelta(days=4), **changed)


def signed_in(**changed: Any) -> members_private.SignedInFromNewDevice:
    fields = {"aggregate_id": uuid4(), "aggregate_version": 1, "occurred_at": AT, "member_id": ANA.profile.id, "device": "Firefox, Linux"}
    return members_private.SignedInFromNewDevice(**{**fields, **changed})


def sponsored(**changed: Any) -> members_private.SponsoredSanctioned:
    """Moderators had to act on Inés, whom Ana invited."""
    her = INES.profile.id
    fields = {"aggregate_id": her, "aggregate_version": 1, "occurred_at": AT, "sponsor_id": ANA.profile.id, "sponsored_id": her}
    return members_private.SponsoredSanctioned(**{**fields, **changed})


def code_issued(**changed: Any) -> members.SignInCodeIssued:
    now = datetime.now(UTC)
    fields = {
        "aggregate_id": uuid4(),
        "aggregate_version": 1,
        "occurred_at": now,
        "address": "new@example.test",
        "code": "31415926",
        "language": "en",
        "expires_at": now + timedelta(minutes=10),
    }
    return members.SignInCodeIssued(**{**fields, **changed})


Ending = TypeVar("Ending", bound=members_private.ToAddress)


def ending(kind: type[Ending], known: Known, **changed: Any) -> Ending:
    """An account that ends in seven days, of the first of those whom notify knows."""
    return asking(kind, known, **{"ends_at": datetime.now(UTC) + timedelta(days=7), **changed})


def join_waits(**changed: Any) -> members_private.JoinWaits:
    """Ana is told that a request to join is answered by itself in three days."""
    fields = {"aggregate_id": uuid4(), "aggregate_version": 2, "occurred_at": AT, "answer_by": AT + timedelta(days=3)}
    return members_private.JoinWaits(**{**fields, "moderator_ids": (ANA.profile.id,), **changed})


def asking(kind: type[Ending], known: Known, **changed: Any) -> Ending:
    """What is told of the first of those whom notify knows as if she were no member."""
    her = next(iter(known.people._recipients.values()))
    now = datetime.now(UTC)
    fields = {
        "aggregate_id": uuid5(her.profile.id, "departure"),
        "aggregate_version": 1,
        "occurred_at": now,
        "address": her.address,
        "name": her.profile.name,
        "language": her.profile.language,
        "time_zone": her.profile.time_zone,
    }
    return kind(**{**fields, **changed})


def export_ready(member: Recipient = ANA, **changed: Any) -> members_private.ExportReady:
    fields = {"aggregate_id": uuid4(), "aggregate_version": 1, "occurred_at": AT, "member_id": member.profile.id}
    return members_private.ExportReady(**{**fields, "expires_at": AT + timedelta(days=1), **changed})


@dataclass(frozen=True)
class Read:
    """A letter as a mail program reads it."""

    message: email.message.EmailMessage
    lines: list[str]
    html: str
    pictures: dict[str, bytes]
    """PNGs by what the HTML calls them."""

    @property
    def text(self) -> str:
        """The text part with its lines made whole again."""
        return unflowed("\n".join(self.lines))

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    def addresses(self, header: str) -> list[tuple[str, str]]:
        """The (name, address) pairs of an address header."""
        return [(box.display_name, box.addr_spec) for box in self.message[header].addresses]


def only(decisions: list[Decision]) -> Letter:
    """The one decision there is, which is a letter."""
    [letter] = decisions
    assert isinstance(letter, Letter), letter
    return letter


def read(raw: bytes | Letter) -> Read:
    """The letter as Python's own parser understands it."""
    body = raw.message if isinstance(raw, Letter) else raw
    message = email.message_from_bytes(body, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    assert not message.defects
    text, seen = message.iter_parts()
    html, *pictures = [seen] if seen.get_content_type() == "text/html" else seen.iter_parts()
    assert not any(part.defects for part in message.walk())
    assert dict(text["Content-Type"].params) == {"charset": "utf-8", "format": "flowed", "delsp": "yes"}
    lines = text.get_content().replace("\r\n", "\n").removesuffix("\n").split("\n")
    by_id = {picture["Content-ID"].strip("<>"): picture.get_content() for picture in pictures}
    assert len(by_id) == len(pictures)
    return Read(message, lines, html.get_content().replace("\r\n", "\n"), by_id)


def letters(decisions: list[Decision]) -> dict[UUID, Read]:
    """The letters among decisions, read, by recipient."""
    return {decision.recipient_id: read(decision) for decision in decisions if isinstance(decision, Letter)}


def skips(decisions: list[Decision]) -> dict[UUID, str]:
    """The reasons among decisions, by recipient."""
    return {decision.recipient_id: decision.reason for decision in decisions if isinstance(decision, Skip)}


def joined(member: Recipient, version: int = 1, **changed: Any) -> members.MemberJoined:
    """She joined with her profile."""
    fields = {
        "name": member.profile.name,
        "headline": member.profile.headline,
        "language": member.profile.language,
        "time_zone": member.profile.time_zone,
    }
    ids = {"aggregate_id": member.profile.id, "aggregate_version": version, "occurred_at": AT}
    return members.MemberJoined(**{**ids, **fields, **changed})


def address_set(member: Recipient, version: int = 1, address: str | None = None) -> members.AddressSet:
    """Her letters go there."""
    return members.AddressSet(aggregate_id=member.profile.id, aggregate_version=version, occurred_at=AT, address=address or member.address)


def joining(member: Recipient) -> list[Event]:
    """What is heard when she joins."""
    return [joined(member), address_set(member)]


def blocked(blocker: Recipient, other: Recipient, version: int = 1) -> members.MemberBlocked:
    ids = {"blocker_id": blocker.profile.id, "blocked_id": other.profile.id}
    block = uuid5(blocker.profile.id, str(other.profile.id))
    return members.MemberBlocked(aggregate_id=block, aggregate_version=version, occurred_at=AT, **ids)


def unblocked(blocker: Recipient, other: Recipient, version: int = 2) -> members.MemberUnblocked:
    ids = {"blocker_id": blocker.profile.id, "blocked_id": other.profile.id}
    block = uuid5(blocker.profile.id, str(other.profile.id))
    return members.MemberUnblocked(aggregate_id=block, aggregate_version=version, occurred_at=AT, **ids)


def suspended(member: Recipient, version: int = 1) -> members.MemberSuspended:
    return members.MemberSuspended(aggregate_id=member.profile.id, aggregate_version=version, occurred_at=AT)


def reinstated(member: Recipient, version: int = 2) -> members.MemberReinstated:
    return members.MemberReinstated(aggregate_id=member.profile.id, aggregate_version=version, occurred_at=AT)


def erased(member: Recipient, version: int = 1) -> members.MemberErased:
    return members.MemberErased(aggregate_id=member.profile.id, aggregate_version=version, occurred_at=AT)


def revealed(introduction_id: UUID, answers: dict[UUID, requests.OutcomeAnswer]) -> requests.OutcomesRevealed:
    fields = {**_introduction(4), "aggregate_id": introduction_id, "confirmed_at": AT, "answers": answers, "thank_yous": {}}
    return requests.OutcomesRevealed(**fields)
