"""One sentence for every end but a good one, to those who could see it as open and didn't end it themselves.

It says no reason, and of whom she knew before: that is what she is to know. A no, a block, a departure and silence give the same
letter to the last byte, apart from ids; the name of one who left is there because notify keeps it until the end is told. For the same
reason nobody else's block or departure stops it at the last moment.

Who is told is decided so that no reader can tell causes apart by whether a letter came: whoever would be told that it expired is
told of every other end that she didn't bring about herself.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.members import Profile
from services.notify.queue.domain import Decision
from shared import clock
from shared.contracts.events.members import Language
from shared.contracts.events.requests import ConnectionClosed, IntroductionClosed, NeedClosed, VouchWithdrawn
from shared.messaging.registry import NotYetKnown
from shared.names import both, isolate

KIND = Kind(Path(__file__).parent, "personal")

Ended = IntroductionClosed | VouchWithdrawn
What = Literal["request", "need", "mine", "theirs"]

# With the names of the others, and without, if one has left and not even her name is here.
WHAT: dict[Language, dict[What, tuple[str, str]]] = {
    "en": {
        "request": ("Your request to {}", "A connection request of yours"),
        "need": ("What you asked {} for", "Something you asked for"),
        "mine": ("Your introduction to {}", "An introduction you were part of"),
        "theirs": ("The introduction of {}", "An introduction you were part of"),
    },
    "es": {
        "request": ("Tu solicitud a {}", "Una solicitud de conexión tuya"),
        "need": ("Lo que le pediste a {}", "Algo que pediste"),
        "mine": ("La presentación entre {} y tú", "Una presentación en la que participabas"),
        "theirs": ("La presentación de {}", "Una presentación en la que participabas"),
    },
}


@KIND.on(ConnectionClosed)
def connection_did_not_go_ahead(event: ConnectionClosed, known: Known, sender: Sender) -> list[Decision]:
    """To the requester, who alone was waiting, unless she was told in a kind sentence. Raises NotYetKnown."""
    requester, recipient = event.requester_id, event.recipient_id
    ended_it = event.reason == "withdrawn" or requester in known.people.blockers((requester, recipient))
    why_not = {requester: "ended_it" if ended_it else "told_kindly" if event.kind_answer else None, recipient: "only_the_requester_waits"}
    link = sender.link("connection-requests", event.connection_request_id)
    return _tell(event, why_not, lambda to: {"what": _what("request", to, recipient, known=known), "link": link}, known, sender)


@KIND.on(NeedClosed)
def need_did_not_go_ahead(event: NeedClosed, known: Known, sender: Sender) -> list[Decision]:
    """To the asker, who alone was waiting; not if she met somebody by it. Raises NotYetKnown."""
    asker, voucher = event.asker_id, event.voucher_id
    ended_it = event.reason == "withdrawn" or asker in known.people.blockers((asker, voucher))
    why_not = {asker: "met" if event.reason == "met" else "ended_it" if ended_it else None, voucher: "only_the_asker_waits"}
    link = sender.link("needs", event.need_id)
    return _tell(event, why_not, lambda to: {"what": _what("need", to, voucher, known=known), "link": link}, known, sender)


def introduction_did_not_go_ahead(event: Ended, known: Known, sender: Sender) -> list[Decision]:
    """To those of the three who knew of it and didn't end it. Raises NotYetKnown."""
    why_not = {reader: _why_not(event, reader, known) for reader in (event.voucher_id, *event.side_ids)}
    link = sender.link("introductions", event.introduction_id)

    def fields(to: Profile) -> dict[str, Any]:
        others = [side for side in event.side_ids if side != to.id]
        return {"what": _what("mine" if to.id in event.side_ids else "theirs", to, *others, known=known), "link": link}

    return _tell(event, why_not, fields, known, sender)


KIND.on(IntroductionClosed)(introduction_did_not_go_ahead)
KIND.on(VouchWithdrawn)(introduction_did_not_go_ahead)


def _why_not(event: Ended, reader: UUID, known: Known) -> str | None:
    before, blockers = known.before, known.people.blockers((event.voucher_id, *event.side_ids))
    if not (before.vouched or reader == (event.asker_id or event.voucher_id) or (before.heard and reader == event.voucher_id)):
        return "never_knew"
    if reader in event.not_for:
        return "not_for_her"
    if isinstance(event, IntroductionClosed) and event.kind_answer:
        return "told_kindly"
    return "ended_it" if reader in blockers or _ended_by(event, reader) else None


def _ended_by(event: Ended, reader: UUID) -> bool:
    reason = "vouch_withdrawn" if isinstance(event, VouchWithdrawn) else event.reason
    match reason:
        case "declined_by_voucher" | "vouch_withdrawn":
            return reader == event.voucher_id
        case "withdrawn":
            return reader == event.asker_id
        case "passed":
            return event.asker_id is not None and reader not in (event.asker_id, event.voucher_id)
        case _:
            return False


def _what(what: What, to: Profile, *others: UUID, known: Known) -> str:
    named, unnamed = WHAT[to.language][what]
    match [her.name for her in map(known.once, others) if her]:
        case [one] if len(others) == 1:
            return named.format(isolate(one))
        case [one, other]:
            return named.format(both(one, other, to.language))
    return unnamed


def _tell(
    event: ConnectionClosed | NeedClosed | Ended,
    why_not: dict[UUID, str | None],
    fields: Callable[[Profile], dict[str, Any]],
    known: Known,
    sender: Sender,
) -> list[Decision]:
    if event.shown_at > clock.now():
        raise NotYetKnown("its end doesn't show yet")
    decisions: list[Decision] = []
    for reader, reason in why_not.items():
        to = None if reason else known.people.recipient(reader)
        if to:
            decisions.append(KIND.to_member(sender, event, to, fields(to.profile), names=why_not))
        else:
            decisions.append(KIND.skip(event, reader, reason or "erased"))
    return decisions
