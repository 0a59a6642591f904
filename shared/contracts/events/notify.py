"""What notify tells."""

from shared.contracts.events.base import MemberEvent


class ErasedFromNotify(MemberEvent, publisher="notify"):
    """Of an erased member nothing is left here but her bare id."""
