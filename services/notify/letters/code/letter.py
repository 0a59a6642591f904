"""The letter with the code of a sign-in. It goes to an address, which may be no member's yet, and jumps the queue."""

from datetime import timedelta
from pathlib import Path

from services.notify import mime
from services.notify.letters.base import URGENT, Kind, Letter, Office, letter_uuid
from services.notify.letters.templates import Templates
from services.notify.mime import Mailbox
from shared.contracts.events.members import SignInCodeIssued

KIND = Kind("code", Templates(Path(__file__).parent))


def code(event: SignInCodeIssued, office: Office) -> Letter:
    """The letter, worthless after the code's time and emptied then. Raises UnfitAddress."""
    minutes = max(1, round((event.expires_at - event.occurred_at) / timedelta(minutes=1)))
    sign_in, own_id = event.aggregate_id, letter_uuid(event.id, KIND.name, event.aggregate_id)
    boxes = mime.mailboxes([Mailbox("", event.address)])
    return Letter(
        event_id=event.id,
        kind=KIND.name,
        recipient_id=sign_in,
        subject_id=sign_in,
        about_ids=(),
        address=event.address,
        message=KIND.write(office, own_id, event.language, boxes, {"code": event.code, "minutes": minutes}),
        correlation_id=event.correlation_id,
        priority=URGENT,
        expires_at=event.expires_at,
    )
