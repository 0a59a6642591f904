"""The one reminder of an introduction to whoever hasn't answered: the voucher who is asked, or a side for whom she vouches.

The block or the departure of another, which looks like silence on her pages, doesn't stop it, and it names her all the same.
"""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision, Suppress
from shared.contracts.events.requests import IntroductionClosed, IntroductionConfirmed, RemindersDue
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "reminder")


@KIND.on(RemindersDue)
def introduction_waits(event: RemindersDue, known: Known, sender: Sender) -> list[Decision]:
    """To the member who is reminded. Raises NotYetKnown."""
    if event.kind not in ("ask_waits", KIND.name) or event.until is None:
        return []
    to, other, here = known.people.recipient(event.member_id), known.once(event.about_id), known.people.profile(event.about_id)
    if to is None or other is None:
        return [KIND.skip(event, event.member_id, "erased")]
    if known.before.ended:
        return [KIND.skip(event, event.member_id, "ended")]
    fields = {
        "other": other,
        "asked": event.kind == "ask_waits",
        "until": moment(event.until, to.profile.language, to.profile.time_zone),
        "link": sender.link("introductions", event.subject_id),
    }
    about = [here] if here else []
    return [KIND.to_member(sender, event, to, fields, about=about, subject_id=event.subject_id, stopped_by_their_block=False)]


def over(event: IntroductionConfirmed | IntroductionClosed, known: Known, sender: Sender) -> list[Decision]:
    """There is nothing to answer any more."""
    return [Suppress(KIND.name, member_id, event.introduction_id, "over") for member_id in (event.voucher_id, *event.side_ids)]


KIND.on(IntroductionConfirmed)(over)
KIND.on(IntroductionClosed)(over)
