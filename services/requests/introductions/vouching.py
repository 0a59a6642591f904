"""What a voucher needs before she may vouch: she knows both well, and holds few open vouches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.requests.introductions.problems import KnowBothBetter, NotConnectedToBoth, TooManyOpenVouches
from shared.contracts.events.reputation import Band
from shared.problems import Problem

Closeness = Literal["worked_together", "know_well", "met"]

MOST_OPEN_VOUCHES = 5
MOST_OPEN_VOUCHES_MIXED = 2


@dataclass(frozen=True, slots=True)
class Grounds:
    """`closeness` to each of the two, None where they aren't connected; `open_vouches` of hers, this one not counted."""

    closeness: Sequence[Closeness | None]
    open_vouches: int
    band: Band = "new"

    def obstacle(self, *, lost: bool = False) -> type[Problem] | None:
        """What stands in the way, or None.

        `lost`: a no that isn't shown yet may have ended a connection since the ask, which must not show here either.
        """
        if None in self.closeness and not lost:
            return NotConnectedToBoth
        if "met" in self.closeness:
            return KnowBothBetter
        if self.open_vouches >= (MOST_OPEN_VOUCHES_MIXED if self.band == "mixed" else MOST_OPEN_VOUCHES):
            return TooManyOpenVouches
        return None

    def check(self, *, lost: bool = False) -> None:
        """Raises NotConnectedToBoth, KnowBothBetter or TooManyOpenVouches."""
        obstacle = self.obstacle(lost=lost)
        if obstacle:
            raise obstacle
