"""A connection as paths and suggestions need it. Pure."""

from dataclasses import dataclass
from uuid import UUID

from shared.contracts.http.requests.connections import Closeness


@dataclass(frozen=True, slots=True)
class Contact:
    """One of a member's connections as she keeps it; `says`: whether the other is open to her asks, None: as her reach says."""

    member_id: UUID
    closeness: Closeness
    met_at: str
    met_at_key: str
    says: bool | None
