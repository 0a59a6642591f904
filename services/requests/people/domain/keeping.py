"""What one of two connected members says of the other, which the other never learns. Pure."""

from dataclasses import replace
from datetime import datetime

from services.requests.people.domain.connection import ConnectionSide, Provenance
from shared.contracts.http.requests.connections import Closeness, LastSpoke
from shared.contracts.http.requests.people import ClosenessChangedMeanwhile, ProvenanceChangedMeanwhile
from shared.text import name_key


def know(side: ConnectionSide, closeness: Closeness, last_spoke: LastSpoke | None, at: datetime, seen: Closeness | None) -> ConnectionSide:
    """How well she knows the other, and when they last spoke if she says so. `seen` is what she saw when she chose.

    Raises ClosenessChangedMeanwhile.
    """
    if seen and side.closeness not in {seen, closeness}:
        raise ClosenessChangedMeanwhile
    return spoke(replace(side, closeness=closeness), last_spoke, at)


def spoke(side: ConnectionSide, last_spoke: LastSpoke | None, at: datetime) -> ConnectionSide:
    """When they last spoke, as she says at `at`; if she doesn't, what she said before stays."""
    return side if last_spoke is None else replace(side, last_spoke=last_spoke, last_spoke_at=at)


def say_where(side: ConnectionSide, hers: Provenance, seen: Provenance | None) -> ConnectionSide:
    """Where they met, her way. `seen` is what she saw when she began.

    Raises ProvenanceChangedMeanwhile.
    """
    if seen and side.provenance not in {seen, hers}:
        raise ProvenanceChangedMeanwhile
    key = name_key(hers.met_at)
    return replace(side, how_met=hers.how_met, where_we_met=hers.where_we_met, met_at=hers.met_at, met_at_key=key)
