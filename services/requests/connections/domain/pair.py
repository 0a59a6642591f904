"""What two members are to each other, and whether one may ask the other. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from services.requests.connections.domain.connection_request import ConnectionRequest
from services.requests.people.domain.removing import Removal
from services.requests.reach.domain import Reach
from shared.contracts.http.requests.connections import Closeness, Relation
from shared.shown_ends import next_full_hour

REST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Pair:
    """One member, another, and all that lies between them: the latest request each way, and my closeness if we are connected."""

    from_me: ConnectionRequest | None = None
    from_her: ConnectionRequest | None = None
    closeness: Closeness | None = None
    suspended: bool = False
    """Either of the two is."""
    removal: Removal | None = None
    """She removed her connection with me."""
    her_reach: Reach = field(default_factory=Reach)
    """What she allows."""

    def crossing(self, at: datetime) -> ConnectionRequest | None:
        """Her request that my asking would answer: one that looks open to her, so that my no (if I said one) is taken back."""
        return self.from_her if self.from_her is not None and self.from_her.looks_open_at(at) else None

    def may_ask(self, at: datetime) -> bool:
        """I may ask her: nothing of mine looks open to me, 90 days have passed since the last end that showed or since she removed our
        connection, and she isn't paused. Her own request I may answer whatever she allows by now.
        """
        if self.closeness is not None or self.suspended:
            return False
        return self.crossing(at) is not None or (self.rests_until(at) is None and not self.her_reach.paused(at))

    def only_introduced(self, at: datetime) -> bool:
        """Nobody asks her directly; her own request I may answer all the same."""
        asks = self.closeness is None and not self.suspended and self.crossing(at) is None
        return asks and self.her_reach.bar == "introduced"

    def relation(self, at: datetime) -> tuple[Relation, UUID | None]:
        """What she is to me, as I may see it, and the request between us that is open for me."""
        if self.closeness is not None:
            return "connected", None
        if self.from_me is not None and self.from_me.looks_open_at(at):
            return "pending_from_me", self.from_me.id
        if self.from_her is not None and self.from_her.open_at(at):
            return "pending_from_her", self.from_her.id
        if self.from_her is not None and self.from_her.may_be_accepted_at(at):
            return "none", self.from_her.id  # I said no, and can still say yes
        return "none", None

    def rests_until(self, at: datetime) -> datetime | None:
        """Until when I can't ask her again: 90 days after the end that I saw, or that I shall see, or after she removed our connection;
        None if that is over. A removal's rest ends on a full hour, so that it doesn't tell what she had just been doing."""
        asked = self.from_me if self.from_me and self.from_me.state not in ("accepted", "removed") else None
        rests = [*([asked.shown_at + REST] if asked else []), *([next_full_hour(self.removal.removed_at + REST)] if self.removal else [])]
        return max((until for until in rests if at < until), default=None)
