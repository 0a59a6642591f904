"""What the reputation service tells: when a band has really changed, and what moderators looked at."""

from typing import Literal
from uuid import UUID

from shared.contracts.events.base import Event, MemberEvent

Band = Literal["new", "building", "established", "mixed"]


class BandChanged(MemberEvent, publisher="reputation"):
    """`mixed` is hers alone to see; others see nothing then."""

    band: Band


class ErasedFromReputation(MemberEvent, publisher="reputation"):
    """Of an erased member nothing is left here but her bare id."""


class CirclesRead(Event, publisher="reputation"):
    """A moderator looked at the list of closed circles. aggregate_id is the look's."""

    by_id: UUID
