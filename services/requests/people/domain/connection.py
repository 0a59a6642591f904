"""A connection, as each of the two keeps it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contracts.events.requests import HowMet
from shared.contracts.http.requests.connections import Closeness


@dataclass(frozen=True, slots=True)
class ConnectionSide:
    """What one of two connected members keeps of their connection; her closeness is seen by her alone."""

    member_id: UUID
    other_id: UUID
    closeness: Closeness
    since: datetime
    how_met: HowMet
    where_we_met: str
    connection_request_id: UUID
    met_at: str = ""
    """The event or organisation where they met, by its name; empty if none was given."""
    met_at_key: str = ""
    """The name under which others' spellings of it meet (`shared.text.name_key`)."""
