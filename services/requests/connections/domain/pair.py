"""What two members are to each other, and whether one may ask the other. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.requests.connections.domain.connection_request import ConnectionRequest
from shared.contracts.http.requests.connections import Closeness, Relation

REST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Pair:
    """One member, another, and all that lies between them: the latest request each way, and my closeness if we are connected."""

    from_me: ConnectionRequest | None = None
    from_her: ConnectionRequest | None = None
    closeness: Closeness | None = None
    suspended: bool = False
    """Either of the two is."""

    def crossing(self, at: datetime) -> ConnectionRequest | None:
        """Her request that my asking would answer: one that looks open to her, so that my no (if I said one) is taken back."""
        return self.from_her if self.from_her is not None and self.from_her.looks_open_at(at) else None

    def may_ask(self, at: datetime) -> bool:
        """I may ask her: nothing of mine looks open to me, and 90 days have passed since the last end that showed."""
        if self.closeness is not None or self.suspended:
            return False
        return self.crossing(at) is not None or self.rests_until(at) is None

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
        """Until when I can't ask her again: 90 days after the end that I saw, or that I shall see; None if that is over."""
        if self.from_me is None or self.from_me.state == "accepted" or at >= self.from_me.shown_at + REST:
            return None
        return self.from_me.shown_at + REST
