"""One sentence for every end but a good one, to those who could see it as open and didn't end it themselves.

It says no reason and names nobody, so that a no, a block, a departure and silence give the same letter to the last byte, apart
from ids and her own name. For the same reason nobody else's block or departure stops it at the last moment.

Who is told is decided so that no reader can tell causes apart by whether a letter came: whoever would be told that it expired is
told of every other end that she didn't bring about herself.
"""

from pathlib import Path
from uuid import UUID

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared import clock
from shared.contracts.events.requests import ConnectionClosed, IntroductionClosed, VouchWithdrawn
from shared.messaging.registry import NotYetKnown

KIND = Kind(Path(__file__).parent, "personal")

Ended = IntroductionClosed | VouchWithdrawn


@KIND.on(ConnectionClosed)
def connection_did_not_go_ahead(event: ConnectionClosed, known: Known, sender: Sender) -> list[Decision]:
    """To the requester, who alone was waiting. Raises NotYetKnown."""
    requester, recipient = event.requester_id, event.recipient_id
    ended_it = event.reason == "withdrawn" or requester in known.people.blockers((requester, recipient))
    why_not = {requester: "ended_it" if ended_it else None, recipient: "only_the_requester_waits"}
    fields = {"what": "connection", "link": sender.link("connection-requests", event.connection_request_id)}
    return _tell(event, why_not, fields, known, sender)


def introduction_did_not_go_ahead(event: Ended, known: Known, sender: Sender) -> list[Decision]:
    """To those of the three who knew of it and didn't end it. Raises NotYetKnown."""
    why_not = {reader: _why_not(event, reader, known) for reader in (event.voucher_id, *event.side_ids)}
    fields = {"what": "introduction", "link": sender.link("introductions", event.introduction_id)}
    return _tell(event, why_not, fields, known, sender)


KIND.on(IntroductionClosed)(introduction_did_not_go_ahead)
KIND.on(VouchWithdrawn)(introduction_did_not_go_ahead)


def _why_not(event: Ended, reader: UUID, known: Known) -> str | None:
    before, blockers = known.before, known.people.blockers((event.voucher_id, *event.side_ids))
    if not (before.vouched or reader == (event.asker_id or event.voucher_id) or (before.heard and reader == event.voucher_id)):
        return "never_knew"
    if reader in event.not_for:
        return "not_for_her"
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


def _tell(
    event: ConnectionClosed | Ended, why_not: dict[UUID, str | None], fields: dict[str, str], known: Known, sender: Sender
) -> list[Decision]:
    if event.shown_at > clock.now():
        raise NotYetKnown("its end doesn't show yet")
    decisions: list[Decision] = []
    for reader, reason in why_not.items():
        to = None if reason else known.people.recipient(reader)
        decisions.append(KIND.to_member(sender, event, to, fields) if to else KIND.skip(event, reader, reason or "erased"))
    return decisions
