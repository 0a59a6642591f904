"""When she may ask for her data, and for how long she may take it then. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.contracts.events.base import Event
from shared.contracts.events.members_private import ExportReady
from shared.contracts.http.members.export import OneExportADay

LIFE = timedelta(days=1)


@dataclass(frozen=True)
class Export:
    """That she asked for her data."""

    id: UUID
    member_id: UUID
    asked_at: datetime

    @property
    def until(self) -> datetime:
        """She may take it until then."""
        return self.asked_at + LIFE

    def is_good(self, at: datetime) -> bool:
        return at < self.until


def ask(last: Export | None, id_: UUID, me: UUID, at: datetime, *, letter: bool) -> tuple[Export, list[Event]]:
    """A new export; with `letter` she is told by email. Raises OneExportADay."""
    if last and last.is_good(at):
        raise OneExportADay(again_at=last.until)
    made = Export(id_, me, at)
    told = ExportReady(aggregate_id=id_, aggregate_version=1, occurred_at=at, member_id=me, expires_at=made.until)
    return made, [told] if letter else []
