"""Lists read page by page: `limit` rows after the one with the id `after`, in an order that a key fixes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

PAGE = 50
LONGEST_PAGE = 100

Row = TypeVar("Row")


@dataclass(frozen=True)
class Paging:
    """Which part of a list is asked for; `after` is the id of the last row of the page before, None for the first page."""

    limit: int = PAGE
    after: UUID | None = None

    @property
    def fetch(self) -> int:
        """How many rows to read: one more than are shown, to know whether there is another page."""
        return self.limit + 1

    def cut(self, rows: Sequence[Row], id_of: Callable[[Row], UUID]) -> tuple[list[Row], UUID | None]:
        """The rows of this page among those read, and the `after` of the next one; None if this is the last."""
        shown = list(rows[: self.limit])
        return shown, id_of(shown[-1]) if len(rows) > self.limit else None
