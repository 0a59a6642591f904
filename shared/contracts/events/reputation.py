"""What the reputation service tells: only when a band has really changed."""

from typing import Literal
from uuid import UUID

from shared.contracts.events.base import Event

Band = Literal["new", "building", "established", "mixed"]


class BandChanged(Event, publisher="reputation"):
    """aggregate_id is the member's id. `mixed` is hers alone to see; others see nothing then."""

    band: Band

    @property
    def member_id(self) -> UUID:
        return self.aggregate_id
