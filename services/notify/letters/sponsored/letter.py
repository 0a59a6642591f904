"""To a sponsor: moderators had to act on a woman whom she invited. It says no reason, and holds nothing against her."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members_private import SponsoredSanctioned

KIND = Kind(Path(__file__).parent, "personal")


@KIND.on(SponsoredSanctioned)
def sponsored(event: SponsoredSanctioned, known: Known, sender: Sender) -> list[Decision]:
    """To the sponsor, as long as the other's name is here and neither blocks the other. Raises NotYetKnown."""
    to, her = known.people.recipient(event.sponsor_id), known.people.profile(event.sponsored_id)
    if to is None or her is None:
        return [KIND.skip(event, event.sponsor_id, "erased")]
    if known.people.blockers((event.sponsor_id, event.sponsored_id)):
        return [KIND.skip(event, event.sponsor_id, "blocked")]
    # She is most likely suspended, so she isn't among those whose suspension would stop it.
    return [KIND.to_member(sender, event, to, {"her": her, "link": sender.link("invite")})]
