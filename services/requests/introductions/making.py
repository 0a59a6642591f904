"""The two commands that make an introduction: an ask, and a proposal. Each loads what its rule needs, and the rule decides.

Locks are taken in the order of commands.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.introductions import known, store
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
from shared.postgres.together import LATER, together


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


Others = tuple[UUID, UUID]


async def _lock(tx: Tx, me: UUID, others: Others) -> None:
    """Keep what is counted and who is there as it is until the transaction ends."""
    await visibility.lock_pairs(tx, (me, *others))
    await members.take_turns(tx, me)
    await members.reach_one_by_one(tx, others)
    await members.lock(tx, (me, *others))


async def _new(tx: Tx, me: UUID, pairs: Sequence[Others]) -> dict[Others, NewIntroduction]:
    """One by me and each of these pairs."""
    ids = {id_ for pair in pairs for id_ in pair}
    suspended, seen, there = await together(
        tx, members.present(LATER, {me, *ids}), visibility.seen(LATER, me, ids), visibility.seen_pairs(LATER, pairs)
    )
    return {
        pair: NewIntroduction(
            new_id(),
            {id_: suspended[id_] for id_ in (me, *pair) if id_ in suspended},
            all_seen=seen.keys() >= set(pair),
            others_blocked=pair not in there,
        )
        for pair in pairs
    }


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
        others = (self.voucher_id, self.counterpart_id)
        await _lock(tx, me, others)
        at = clock.now()
        new, hers, reaching, (her, _) = await together(
            tx,
            _new(LATER, me, [others]),
            people.sides_with(LATER, self.voucher_id, (me,)),
            known.reaching(LATER, (me, *others), at),
            known.asker(LATER, me, self.counterpart_id, at),
        )
        return new[others], Way(hers.get(me), reaching), her

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


ToPropose = tuple[NewIntroduction, VoucherRecord, IntroductionRecord | None]
"""With what is known of a voucher, and the introduction by which the two were introduced within the past year."""


async def to_propose(tx: Tx, me: UUID, pairs: Sequence[Others], at: datetime) -> dict[Others, ToPropose]:
    """What decides whether I can propose each of these pairs; to propose one, `_lock` first."""
    new, her, found = await together(
        tx,
        _new(LATER, me, pairs),
        known.voucher(LATER, me, sorted({id_ for pair in pairs for id_ in pair}), at),
        store.between(LATER, pairs, at),
    )
    return {
        pair: (new[pair], her, known.introduced([record for record in found if set(record.intro.side_ids) == set(pair)], at))
        for pair in pairs
    }


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

    async def load(self, tx: Tx, me: UUID) -> ToPropose:
        await _lock(tx, me, self.side_ids)
        return (await to_propose(tx, me, [self.side_ids], clock.now()))[self.side_ids]

    def decide(self, loaded: ToPropose, me: UUID, at: datetime) -> Changed:
        new, her, made = loaded
        if len({me, *self.side_ids}) < 3:
            raise CannotPropose
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
