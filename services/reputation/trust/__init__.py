"""Trust: from what became of a member's vouches to her score, her band and its explanation. Pure: no I/O, no clock.

`Trust` holds it in memory; `evidence`, `sums` and `reading` are what the ledger shares with it. `quarters` is the arithmetic that
the ledger still reads by.
"""

from services.reputation.trust.evidence import Evidence, FromTheFuture, OfHerself, Refused
from services.reputation.trust.memory import Trust
from services.reputation.trust.quarters import (
    EPOCH,
    FIRST_TIER,
    Bucket,
    HalfLives,
    Kind,
    Sums,
    Weights,
    band,
    explain,
    grown,
    p_and_q,
    points,
    score,
    weigh,
)
from services.reputation.trust.reading import Line
from services.reputation.trust.settings import PRODUCT, Settings

__all__ = [
    "EPOCH",
    "FIRST_TIER",
    "PRODUCT",
    "Bucket",
    "Evidence",
    "FromTheFuture",
    "HalfLives",
    "Kind",
    "Line",
    "OfHerself",
    "Refused",
    "Settings",
    "Sums",
    "Trust",
    "Weights",
    "band",
    "explain",
    "grown",
    "p_and_q",
    "points",
    "score",
    "weigh",
]
