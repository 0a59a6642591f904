"""The two commands that make an introduction: an ask, and a proposal. Each loads what its rule needs, and the rule decides.

Locks are taken in the order of commands.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.introductions import store
from services.requests.introductions.domain import asking, vouching
from services.requests.introductions.domain.asking import AskerRecord
from services.requests.introductions.domain.introduction import Changed, Introduction
from services.requests.introductions.domain.vouching import NeedAnswered, SaidToHaveSpoken, VoucherRecord
from services.requests.introductions.records import IntroductionRecord
from services.requests.people import store as people
from services.requests.people.domain.connection import ConnectionSide
from services.requests.reach.domain import Reaching
from shared import clock
from shared.contracts.http.requests.introduction_problems import CannotAsk, CannotPropose, IntroducedThem, NotConnectedToBoth, Suspended
from shared.contracts.http.requests.introductions import AskDays
from shared.ids import new_id
from shared.postgres.database import Tx


@dataclass(frozen=True, slots=True)
class NewIntroduction:
    """The id of an introduction to be made, and what is known of its three members."""

    id: UUID
    suspended: Mapping[UUID, bool]
    """Of those of the three who are present, whether each is."""
    all_seen: bool
    """The member who makes it can see both of the others."""
    others_blocked: bool
    """The two others don't exist for each other."""

    def check(self, me: UUID, problem: type[CannotAsk] | type[CannotPropose]) -> None:
        """Raises Suspended if I am, and `problem` if anything about the others stands in the way."""
        if self.suspended.get(me):
            raise Suspended
        if not self.all_seen or len(self.suspended) < 3 or any(self.suspended.values()):
            raise problem


async def _load_new(tx: Tx, me: UUID, first: UUID, second: UUID) -> NewIntroduction:
    await members.reach_one_by_one(tx, (first, second))
    suspended = await members.lock(tx, (me, first, second))
    seen = await visibility.seen(tx, me, (first, second))
    others_blocked = second not in await visibility.seen(tx, first, (second,))
    return NewIntroduction(new_id(), suspended, len(seen) == 2, others_blocked)


@dataclass(frozen=True, slots=True)
class Way:
    """The voucher's side of her connection with the asker, None if there is none, and whom an ask may reach."""

    hers: ConnectionSide | None
    reaching: Reaching


class _Makes:
    """A command that makes an introduction."""

    async def save(self, tx: Tx, loaded: object, intro: Introduction) -> None:
        await store.insert(tx, intro)


@dataclass(frozen=True)
class Ask(_Makes):
    """Ask the voucher to introduce me. Raises CannotAsk, whatever stands in the way, but for what I know already:
    AlreadyIntroduced, TooManyOpenAsks, Suspended.

    Whatever the cause, the same statements have run.
    """

    voucher_id: UUID
    counterpart_id: UUID
    why_her: str
    days: AskDays = 14

    async def load(self, tx: Tx, me: UUID) -> tuple[NewIntroduction, Way, AskerRecord]:
        """With whether it may reach the two others, and what is known of me and the counterpart."""
        if len({me, self.voucher_id, self.counterpart_id}) < 3:
            raise CannotAsk
        await visibility.lock_pairs(tx, (me, self.voucher_id, self.counterpart_id))
        await members.take_turns(tx, me)
        new = await _load_new(tx, me, self.voucher_id, self.counterpart_id)
        at = clock.now()
        hers = (await people.sides_with(tx, self.voucher_id, (me,))).get(me)
        way = Way(hers, await store.reaching(tx, (me, self.voucher_id, self.counterpart_id), at))
        her, _ = await store.asker(tx, me, self.counterpart_id, at)
        return new, way, her

    def decide(self, loaded: tuple[NewIntroduction, Way, AskerRecord], me: UUID, at: datetime) -> Changed:
        new, way, her = loaded
        new.check(me, CannotAsk)
        if not (way.hers and way.reaching.may_ask(me, self.voucher_id, self.counterpart_id, way.hers.open_to_asks, at)):
            raise CannotAsk
        if obstacle := her.obstacle(at):
            raise obstacle
        return asking.ask(
            new.id,
            asker=me,
            voucher=self.voucher_id,
            counterpart=self.counterpart_id,
            why_her=self.why_her,
            at=at,
            days=self.days,
            sides_blocked=new.others_blocked,
        )


@dataclass(frozen=True)
class Propose(_Makes):
    """Propose an introduction of two of my connections.

    Raises CannotPropose, IntroducedThem, KnowBothBetter, TooManyOpenVouches, Suspended.
    """

    side_ids: tuple[UUID, UUID]
    words_for: Mapping[UUID, str]
    last_spoke: SaidToHaveSpoken = field(default_factory=dict)
    need: NeedAnswered | None = None
    """The ask by need of the first side's that it answers."""

    async def load(self, tx: Tx, me: UUID) -> tuple[NewIntroduction, VoucherRecord, IntroductionRecord | None]:
        """With what is known of me, and the introduction by which the two were introduced within the past year."""
        if len({me, *self.side_ids}) < 3:
            raise CannotPropose
        await visibility.lock_pairs(tx, (me, *self.side_ids))
        await members.take_turns(tx, me)
        new, at = await _load_new(tx, me, *self.side_ids), clock.now()
        made = store.introduced(await store.between(tx, *self.side_ids, at), at)
        return new, await store.voucher(tx, me, self.side_ids, at), made

    def decide(self, loaded: tuple[NewIntroduction, VoucherRecord, IntroductionRecord | None], me: UUID, at: datetime) -> Changed:
        new, her, made = loaded
        new.check(me, CannotPropose)
        if her.obstacle(self.side_ids) is NotConnectedToBoth:
            raise CannotPropose
        if made:
            # That another has introduced them isn't hers to know.
            raise IntroducedThem if made.intro.voucher_id == me else CannotPropose
        return vouching.propose(
            new.id,
            voucher=me,
            side_ids=self.side_ids,
            words_for=self.words_for,
            last_spoke=self.last_spoke,
            at=at,
            her=her,
            sides_blocked=new.others_blocked,
            need=self.need,
        )
