"""To the recipient of a connection request: who asks, where they met and why now."""

from pathlib import Path

from services.notify.letters.base import Kind, Known
from services.notify.letters.sender import Sender
from services.notify.queue.domain import Decision
from shared.contracts.events.members import Language
from shared.contracts.events.requests import AsksFor, ConnectionRequested, HowMet
from shared.moments import moment

KIND = Kind(Path(__file__).parent, "personal")

HOW_MET: dict[Language, dict[HowMet, str]] = {
    "en": {
        "work": "Where you met: at work",
        "study": "Where you met: while studying",
        "event": "Where you met: at an event",
        "neighbourhood": "Where you met: in the neighbourhood",
        "community": "Where you met: in a community",
        "through_someone": "Where you met: through someone",
        "online": "Where you met: online",
        "not_yet": "You haven't met yet. How she knows of you",
    },
    "es": {
        "work": "Dónde se conocieron: en el trabajo",
        "study": "Dónde se conocieron: estudiando",
        "event": "Dónde se conocieron: en un evento",
        "neighbourhood": "Dónde se conocieron: en el barrio",
        "community": "Dónde se conocieron: en una comunidad",
        "through_someone": "Dónde se conocieron: por medio de alguien",
        "online": "Dónde se conocieron: en línea",
        "not_yet": "Aún no se conocen. Cómo sabe de ti",
    },
}

ASKS_FOR: dict[Language, dict[AsksFor, str]] = {
    "en": {
        "twenty_minutes": "20 minutes of your time",
        "advice": "advice",
        "mentoring": "mentoring",
        "referral": "a referral",
        "other": "something else, as she says above",
    },
    "es": {
        "twenty_minutes": "20 minutos de tu tiempo",
        "advice": "un consejo",
        "mentoring": "mentoría",
        "referral": "una recomendación",
        "other": "otra cosa, que te cuenta arriba",
    },
}


@KIND.on(ConnectionRequested)
def connection_requested(event: ConnectionRequested, known: Known, sender: Sender) -> list[Decision]:
    """To the recipient. Raises NotYetKnown."""
    to, requester = known.people.recipient(event.recipient_id), known.people.profile(event.requester_id)
    if to is None or requester is None:
        return [KIND.skip(event, event.recipient_id, "erased")]
    fields = {
        "requester": requester,
        "how_met": HOW_MET[to.profile.language][event.how_met],
        "where_we_met": event.where_we_met,
        "met_at": event.met_at,
        "why_now": event.why_now,
        "asks_for": ASKS_FOR[to.profile.language][event.asks_for] if event.asks_for else "",
        "question": event.recipient_question,
        "answer": event.requester_answer,
        "until": moment(event.expires_at, to.profile.language, to.profile.time_zone),
        "link": sender.link("connection-requests", event.connection_request_id),
    }
    return [KIND.to_member(sender, event, to, fields, about=[requester])]
