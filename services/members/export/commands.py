"""Asking for her data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.export import domain, store
from services.members.export.domain import Export
from services.members.profiles import store as profiles
from shared.contracts.events.base import Event
from shared.ids import new_id
from shared.postgres.database import Tx
from shared.problems import NotSignedIn


@dataclass(frozen=True)
class AskExport:
    """All that Madrina keeps of her."""

    async def load(self, tx: Tx, me: UUID) -> tuple[Export | None, bool]:
        """Her last one, and whether letters can reach her. Raises NotSignedIn if her account is gone."""
        if await accounts.lock(tx, me) is None:
            raise NotSignedIn
        return await store.last(tx, me), await profiles.joined(tx, me)

    def decide(self, loaded: tuple[Export | None, bool], me: UUID, at: datetime) -> tuple[Export, list[Event]]:
        last, joined = loaded
        return domain.ask(last, new_id(), me, at, letter=joined)

    async def save(self, tx: Tx, loaded: tuple[Export | None, bool], row: Export) -> None:
        await store.insert(tx, row)
