"""How long a session says who she is. All times are machine time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.http.members.signing_in import Shown

SESSION_IDLE = timedelta(days=30)
SESSION_LIFE = timedelta(days=180)
SEEN_EVERY = timedelta(hours=1)
"""How exactly a session remembers its last use: at most one write an hour."""


@dataclass(frozen=True)
class Session:
    """One browser that is signed in."""

    id: UUID
    secret_hash: bytes
    member_id: UUID
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    authenticated_at: datetime | None = None
    amr: Sequence[Shown] = ("code",)
    device: str = ""

    @property
    def auth_time(self) -> datetime:
        """When she last showed a code or a passkey in it."""
        return self.authenticated_at or self.started_at

    @property
    def gives_roles(self) -> bool:
        """Whether her tokens say which roles she has: a code alone is too little for that."""
        return "passkey" in self.amr

    @property
    def expires_at(self) -> datetime:
        """When it ends, however much it is used."""
        return self.started_at + SESSION_LIFE

    def is_open(self, at: datetime) -> bool:
        """Whether it still says who she is."""
        return self.ended_at is None and at < self.expires_at and at < self.seen_at + SESSION_IDLE

    def due_for_seen(self, at: datetime) -> bool:
        """Whether its last use was written long enough ago to be written again."""
        return at >= self.seen_at + SEEN_EVERY
