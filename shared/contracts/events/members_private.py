"""What the members service tells notify alone: of one member, for her letters."""

from uuid import UUID

from shared.contracts.events.base import Event
from shared.contracts.lengths import Line


class SignedInFromNewDevice(Event, publisher="members", private=True):
    """aggregate_id is the session's. Her account was opened in a browser that it hadn't been opened in before; `device` says which."""

    member_id: UUID
    device: Line


class SponsoredSanctioned(Event, publisher="members", private=True):
    """Moderators had to act on a woman whom `sponsor_id` invited. aggregate_id is hers, aggregate_version counts how often; no reason."""

    sponsor_id: UUID
    sponsored_id: UUID
