"""Trust: from what became of a member's vouches to her score, her band and its explanation. Pure: no I/O, no clock.

`Trust` holds it in memory; `evidence`, `sums` and `reading` are what the ledger shares with it.
"""

from services.reputation.trust.evidence import Evidence, FromTheFuture, OfHerself, Refused
from services.reputation.trust.memory import Trust
from services.reputation.trust.reading import Line
from services.reputation.trust.settings import PRODUCT, Settings

__all__ = ["PRODUCT", "Evidence", "FromTheFuture", "Line", "OfHerself", "Refused", "Settings", "Trust"]
