"""To the voucher: somebody asks her for an introduction. The counterpart hears nothing of it.

Another's block doesn't stop it: on the voucher's pages the ask goes on looking open too.
"""

from pathlib import Path

from services.notify.letters.base import Decision, Kind, Office
from services.notify.letters.grammar import moment
from services.notify.letters.templates import Templates
from services.notify.members import People
from shared.contracts.events.requests import IntroductionAsked

KIND = Kind("introduction_asked", Templates(Path(__file__).parent))


def introduction_asked(event: IntroductionAsked, people: People, office: Office) -> Decision:
    """The letter to the voucher. Raises NotYetKnown."""
    to = people.member(event.voucher_id)
    asker, counterpart = sorted((people.card(side) for side in event.side_ids), key=lambda card: card is None or card.id != event.asker_id)
    if to is None or asker is None or counterpart is None:
        return KIND.skip(event, event.voucher_id, "erased")
    fields = {
        "asker": asker,
        "counterpart": counterpart,
        "why_her": event.why_her,
        "until": moment(event.expires_at, to.card.language, to.card.time_zone),
        "link": office.link("introductions", event.introduction_id),
        "left": asker.name,
        "middle": to.card.name,
        "right": counterpart.name,
        "left_solid": True,
        "right_solid": False,
    }
    return KIND.to_member(office, event, to, fields, about=[asker, counterpart], either_way=False)
