"""What a member allows others to ask of her. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Bar = Literal["anyone", "met", "introduced"]
"""Who may ask her to connect: anyone who says how they know each other, women she has met, nobody but through an introduction."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What she has allowed; of who was never asked, nothing. The pause is seen by her alone."""

    bar: Bar = "met"
    question: str | None = None
    """Hers, which each requester answers."""
    suggestible: bool = False
    """She may be suggested to others."""
    open_to_asks: bool = False
    """Her contacts may ask her for introductions, but for those of whom she said otherwise."""
    reachable: bool = False
    """Others may ask her contacts for an introduction to her."""
    introductions_in_30_days: int = 2
    """So many vouched introductions reach her within 30 days; those she asked for aren't counted."""
    asks_in_30_days: int = 3
    """So many asks reach her as a voucher within 30 days."""
    paused_from: datetime | None = None
    paused_until: datetime | None = None

    def paused(self, at: datetime) -> bool:
        """Nothing new reaches her at that time."""
        return self.paused_from is not None and self.paused_until is not None and self.paused_from <= at < self.paused_until
