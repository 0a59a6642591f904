"""Removing a connection: it is gone for both at once, and nobody is told. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.requests.people.domain.connection import ConnectionSide
from shared.contracts.events.base import Event
from shared.contracts.events.requests import ConnectionRemoved


@dataclass(frozen=True, slots=True)
class Removal:
    """That `member_id` removed her connection with `other_id`."""

    member_id: UUID
    other_id: UUID
    removed_at: datetime


def remove(id_: UUID, side: ConnectionSide, at: datetime) -> tuple[Removal, list[Event]]:
    """The member of `side` removes the connection; `id_` is the removal's."""
    one, other = sorted((side.member_id, side.other_id))
    event = ConnectionRemoved(aggregate_id=id_, aggregate_version=1, occurred_at=at, member_ids=(one, other))
    return Removal(side.member_id, side.other_id, at), [event]
