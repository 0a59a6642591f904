"""What the reputation service tells: only when a band has really changed."""

from typing import Literal

from shared.contracts.events.base import MemberEvent

Band = Literal["new", "building", "established", "mixed"]


class BandChanged(MemberEvent, publisher="reputation"):
    """`mixed` is hers alone to see; others see nothing then."""

    band: Band


class ErasedFromReputation(MemberEvent, publisher="reputation"):
    """Of an erased member nothing is left here but her bare id."""
