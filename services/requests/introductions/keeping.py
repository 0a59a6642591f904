"""The commands by which sides keep each other as connections."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.requests.connections import store as connections
from services.requests.connections.domain import answering
from services.requests.connections.domain.connection_request import ConnectionRequest
from services.requests.introductions import store
from services.requests.introductions.commands import OnOne
from services.requests.introductions.domain import keeping
from services.requests.introductions.domain.introduction import Changed, Introduction
from services.requests.introductions.records import IntroductionRecord
from services.requests.people import store as people
from shared.contracts.events.base import Event
from shared.contracts.events.requests import SidesConnected
from shared.contracts.http.requests.connections import Closeness
from shared.messaging.member_copy import lock_pair
from shared.postgres.database import Tx
from shared.problems import NotFound

Loaded = tuple[IntroductionRecord, list[ConnectionRequest], bool, bool]


@dataclass(frozen=True)
class Kept:
    """The introduction, when the two were connected if they are now, and requests between them that this has answered."""

    intro: Introduction
    connected_at: datetime | None
    answered: tuple[ConnectionRequest, ...] = ()


@dataclass(frozen=True)
class Keep:
    """Say that I would like to keep her."""

    introduction_id: UUID
    closeness: Closeness

    async def load(self, tx: Tx, me: UUID) -> Loaded:
        """With what is open between the two, whether they are connected, and whether one of them removed that."""
        found = await store.find(tx, self.introduction_id)
        if found is None or not found.exists_for(me):
            raise NotFound
        await lock_pair(tx, *found.intro.side_ids)
        open_ = await connections.lock_open_between(tx, *found.intro.side_ids)
        record = await OnOne(self.introduction_id).load(tx, me)
        first, second = record.intro.side_ids
        connected = second in await people.sides_with(tx, first, (second,))
        return record, open_, connected, await people.removed_between(tx, first, second)

    def decide(self, loaded: Loaded, me: UUID, at: datetime) -> tuple[Kept, list[Event]]:
        record, open_, connected, removed = loaded
        intro, told = keeping.keep(record.intro, me, self.closeness, at, connected=connected, removed=removed, suspended=record.suspended)
        made = [event for event in told if isinstance(event, SidesConnected)]
        if not made:
            return Kept(intro, None), told
        return self._answering(intro, made[0], [request for request in open_ if request.may_be_accepted_at(at)], at)

    def _answering(
        self, intro: Introduction, made: SidesConnected, open_: list[ConnectionRequest], at: datetime
    ) -> tuple[Kept, list[Event]]:
        """What one of them had asked the other has its answer too, and that tells whoever had asked."""
        answered = [answering.accepted(request, intro.side(request.recipient_id).keeps or "met", at) for request in open_]
        if any(request.requester_id == made.told_id for request in open_):
            made = made.model_copy(update={"told_id": None})
        events = [event for _, told in answered for event in told]
        return Kept(intro, at, tuple(request for request, _ in answered)), [*events, made]

    async def save(self, tx: Tx, loaded: Loaded, kept: Kept) -> None:
        await store.save(tx, loaded[0].intro, kept.intro)
        for request in kept.answered:
            await connections.save(tx, request)
        if kept.connected_at:
            await people.connect(tx, keeping.connection(kept.intro, kept.connected_at))


class LetGo(OnOne):
    """Say that I would rather not keep her, after all."""

    def decide(self, record: IntroductionRecord, me: UUID, at: datetime) -> Changed:
        return keeping.let_go(record.intro, me, at)
