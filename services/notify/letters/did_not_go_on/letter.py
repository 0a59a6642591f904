"""One sentence for every end but a good one, to those who could see it as open and didn't end it themselves.

It says no reason and names nobody, so that a no, a block, a leaving and silence give the same letter to the last byte, apart
from ids and her own name. For the same reason no block or leaving of another stops it at the last moment.

Who hears is decided so that no reader can tell causes apart by whether a letter came: whoever would hear of an expiry hears of
every other end that she didn't bring about herself.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from services.notify.letters.base import Decision, Kind, Office
from services.notify.letters.templates import Templates
from services.notify.members import People
from services.notify.subjects import Before
from shared.contracts.events.requests import ConnectionClosed, IntroductionClosed, VouchWithdrawn

KIND = Kind("did_not_go_on", Templates(Path(__file__).parent))


Ended = IntroductionClosed | VouchWithdrawn


def introduction_did_not_go_on(event: Ended, people: People, office: Office, before: Before, blockers: AbstractSet[UUID]) -> list[Decision]:
    """A decision for each of the three. `before`: what was heard of it before its end, which says who knew of it; `blockers`: those
    of the three who block another of them. Raises NotYetKnown."""
    ending = _Ending(event, people, office, {"what": "introduction", "link": office.link("introductions", event.introduction_id)})
    return [ending.to(reader, _why_not(event, reader, before, blockers)) for reader in (event.voucher_id, *event.side_ids)]


def connection_did_not_go_on(event: ConnectionClosed, people: People, office: Office, blockers: AbstractSet[UUID]) -> list[Decision]:
    """A decision for each of the two: only the requester was waiting. Raises NotYetKnown."""
    link = office.link("connection-requests", event.connection_request_id)
    ending = _Ending(event, people, office, {"what": "connection", "link": link})
    ended_it = event.reason == "withdrawn" or event.requester_id in blockers
    return [
        ending.to(event.requester_id, "ended_it" if ended_it else None),
        ending.to(event.recipient_id, "only_the_requester_waits"),
    ]


def _why_not(event: Ended, reader: UUID, before: Before, blockers: AbstractSet[UUID]) -> str | None:
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


@dataclass(frozen=True, slots=True)
class _Ending:
    event: Ended | ConnectionClosed
    people: People
    office: Office
    fields: dict[str, str]

    def to(self, reader: UUID, why_not: str | None) -> Decision:
        if why_not:
            return KIND.skip(self.event, reader, why_not)
        to = self.people.member(reader)
        if to is None:
            return KIND.skip(self.event, reader, "erased")
        return KIND.to_member(self.office, self.event, to, self.fields)
