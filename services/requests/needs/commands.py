"""What members can ask for: each command loads what its rule needs, and the rule decides.

Locks are taken in one order everywhere: the pair, what a member makes, what reaches a member, members, needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.introductions import known as introductions
from services.requests.introductions.domain.asking import too_many_open
from services.requests.introductions.domain.introduction import Introduction
from services.requests.introductions.domain.vouching import NeedAnswered, SaidToHaveSpoken
from services.requests.introductions.making import Propose, ToPropose
from services.requests.needs import domain, store
from services.requests.needs.domain import Changed, Need
from services.requests.people import store as people
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.http.requests.introduction_problems import CannotAsk, Suspended
from shared.contracts.http.requests.introductions import AskDays
from shared.ids import new_id
from shared.messaging.member_copy import lock_pair
from shared.postgres.database import Tx
from shared.problems import NotFound, Problem


@dataclass(frozen=True, slots=True)
class Way:
    """What is known of an asker and her voucher."""

    id: UUID
    suspended: bool
    """The asker is."""
    reaches_her: bool
    """The voucher is there for her, connected to her, and hears her asks."""
    known: Problem | None
    """What stands in the way and the asker knows."""


@dataclass(frozen=True)
class Ask:
    """Say whom I look for. Raises CannotAsk, whatever stands in the way, but for what I know already: OneNeedAtATime, TooManyOpenAsks,
    Suspended.

    Whatever the cause, the same statements have run.
    """

    voucher_id: UUID
    looking_for: str
    days: AskDays = 14

    async def load(self, tx: Tx, me: UUID) -> Way:
        if me == self.voucher_id:
            raise CannotAsk
        await lock_pair(tx, me, self.voucher_id)
        await members.take_turns(tx, me)
        await members.reach_one_by_one(tx, (self.voucher_id,))
        found, at = await members.lock(tx, (me, self.voucher_id)), clock.now()
        seen = await visibility.seen(tx, me, (self.voucher_id,))
        hers = (await people.sides_with(tx, self.voucher_id, (me,))).get(me)
        ends = await store.open_of(tx, me, at)
        known = domain.obstacle(min(ends, default=None)) or too_many_open(*await introductions.open_asks(tx, me, at))
        reaching = await introductions.reaching(tx, (self.voucher_id,), at)
        open_ = hers is not None and reaching.hears_asks(self.voucher_id, hers.open_to_asks, at)
        here = bool(seen) and members.take_part(found, self.voucher_id)
        return Way(new_id(), bool(found.get(me)), here and open_, known)

    def decide(self, way: Way, me: UUID, at: datetime) -> Changed:
        if way.suspended:
            raise Suspended
        if way.known:
            raise way.known
        if not way.reaches_her:
            raise CannotAsk
        return domain.ask(way.id, self.looking_for, at, asker=me, voucher=self.voucher_id, days=self.days)

    async def save(self, tx: Tx, way: Way, need: Need) -> None:
        await store.insert(tx, need)


@dataclass(frozen=True)
class _OnOne:
    """A command on one need of mine, with a member who exists for me."""

    need_id: UUID

    async def load(self, tx: Tx, me: UUID) -> Need:
        need = await store.lock(tx, me, self.need_id)
        if need is None:
            raise NotFound
        return need

    async def save(self, tx: Tx, before: Need, after: Need) -> None:
        if after != before:
            await store.save(tx, after)


class Decline(_OnOne):
    """Say that I know nobody, which doesn't show."""

    def decide(self, need: Need, me: UUID, at: datetime) -> Changed:
        return domain.decline(need, me, at)


class Withdraw(_OnOne):
    """Withdraw what I asked."""

    def decide(self, need: Need, me: UUID, at: datetime) -> Changed:
        return domain.withdraw(need, me, at)


@dataclass(frozen=True, slots=True)
class Answered:
    """A need, and the proposal that answers it."""

    need: Need
    intro: Introduction

    @property
    def id(self) -> UUID:
        return self.intro.id


@dataclass(frozen=True, slots=True)
class Proposing:
    """What an answer needs: the need, the command that proposes, and what that has loaded."""

    need: Need
    propose: Propose
    loaded: ToPropose


@dataclass(frozen=True)
class Answer:
    """Propose somebody to the asker, who learns of it once that woman has said yes. Raises what a proposal raises, and NeedIsOver."""

    need_id: UUID
    counterpart_id: UUID
    words_for: Mapping[UUID, str]
    last_spoke: SaidToHaveSpoken
    show_need: bool = False

    async def load(self, tx: Tx, me: UUID) -> Proposing:
        found = await store.find(tx, me, self.need_id)
        if found is None or found.voucher_id != me:
            raise NotFound
        answered = NeedAnswered(found.id, found.looking_for, found.asked_at, self.show_need)
        propose = Propose((found.asker_id, self.counterpart_id), self.words_for, self.last_spoke, answered)
        loaded = await propose.load(tx, me)
        return Proposing(await _OnOne(self.need_id).load(tx, me), propose, loaded)

    def decide(self, found: Proposing, me: UUID, at: datetime) -> tuple[Answered, list[Event]]:
        need = domain.answer(found.need, me, found.loaded[0].id, at)
        intro, events = found.propose.decide(found.loaded, me, at)
        return Answered(need, intro), events

    async def save(self, tx: Tx, found: Proposing, answered: Answered) -> None:
        await found.propose.save(tx, found.loaded, answered.intro)
        await store.save(tx, answered.need)
