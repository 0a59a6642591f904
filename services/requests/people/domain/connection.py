"""A connection, as each of the two keeps it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.events.requests import HowMet
from shared.contracts.http.requests.connections import Closeness, LastSpoke

YEAR = timedelta(days=365)
_SPAN: dict[LastSpoke, tuple[timedelta, timedelta | None]] = {
    "month": (timedelta(), timedelta(days=31)),
    "year": (timedelta(), YEAR),
    "two_years": (YEAR, 2 * YEAR),
    "longer": (2 * YEAR, None),
}
"""How long ago each is at the least and at the most, on the day it is said."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where two members know each other from, as one of them says it."""

    how_met: HowMet
    where_we_met: str
    met_at: str = ""


@dataclass(frozen=True, slots=True)
class ConnectionSide:
    """What one of two connected members keeps of their connection, seen by her alone. Where they met is told in the request's words
    until she says it her way.
    """

    member_id: UUID
    other_id: UUID
    closeness: Closeness
    since: datetime
    how_met: HowMet
    where_we_met: str
    connection_request_id: UUID | None
    """By which they are connected; None if an introduction brought it about."""
    met_at: str = ""
    """The event or organisation where they met, by its name; empty if none was given."""
    met_at_key: str = ""
    """The name under which others' spellings of it meet (`shared.text.name_key`)."""
    last_spoke: LastSpoke | None = None
    last_spoke_at: datetime | None = None
    """When she said so."""
    open_to_asks: bool | None = None
    """Whether the other may ask her for introductions; None: as all her connections may."""
    introduction_id: UUID | None = None
    kept_at: datetime | None = None
    """When she last said that it is to stay, although they hadn't been in touch."""

    @property
    def provenance(self) -> Provenance:
        return Provenance(self.how_met, self.where_we_met, self.met_at)


def spoke_within(side: ConnectionSide, span: timedelta, at: datetime) -> bool | None:
    """Whether by her word the two spoke within `span` before `at`; None if she hasn't said, or what she said leaves it open."""
    if side.last_spoke is None or side.last_spoke_at is None:
        return None
    least, most = _SPAN[side.last_spoke]
    if side.last_spoke_at - least <= at - span:
        return False
    return True if most is not None and side.last_spoke_at - most >= at - span else None
