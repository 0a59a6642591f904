"""What a member agrees to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.community import store
from shared.contracts.events.base import Event
from shared.contracts.http.members.community import AgreeBody, NewerTerms
from shared.postgres.database import Tx


@dataclass(frozen=True)
class Agree:
    """She agrees to a text in the version that she had before her."""

    body: AgreeBody

    async def load(self, tx: Tx, me: UUID) -> int:
        return await store.version(tx, self.body.text)

    def decide(self, loaded: int, me: UUID, at: datetime) -> tuple[tuple[UUID, datetime], list[Event]]:
        if self.body.version != loaded:
            raise NewerTerms
        return (me, at), []

    async def save(self, tx: Tx, loaded: int, row: tuple[UUID, datetime]) -> None:
        await store.agree(tx, row[0], self.body.text, loaded, row[1])
