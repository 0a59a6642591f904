"""She contests a line, and a moderator decides. Each is a line of the log."""

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from services.reputation.contests import domain, store
from services.reputation.contests.domain import Behind, Contest, Moderator, Words
from services.reputation.ledger import exclusions
from services.reputation.ledger import store as ledger
from services.reputation.ledger.domain import Exclusion, Rating
from services.reputation.scores import commands as scores
from services.reputation.scores import store as scored
from services.reputation.snapshot import store as snapshots
from services.reputation.snapshot.views import ledger_of
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.http.contests import ContestDecisionBody, ContestedLine
from shared.ids import new_id
from shared.messaging import member_copy
from shared.messaging.registry import NotYetKnown
from shared.postgres.database import Tx
from shared.problems import NotFound, Unavailable
from shared.telemetry.logs import log


@dataclass(frozen=True)
class ContestLine:
    """She speaks against a line of hers."""

    line: ContestedLine
    objection: str

    async def load(self, tx: Tx, me: UUID) -> tuple[UUID, list[str], list[Contest]]:
        """An id, the lines of her page, and her contests; her score is locked, so that she makes them one by one."""
        await scored.lock(tx, [me])
        lines = (await ledger_of(tx, me)).lines
        return new_id(), [line.kind for line in lines], await store.since(tx, me, clock.now() - domain.WITHIN)

    def decide(self, loaded: tuple[UUID, list[str], list[Contest]], me: UUID, at: datetime) -> tuple[Contest, list[Event]]:
        """Raises NoSuchLine, AlreadyContested, TooManyContests."""
        contest_id, lines, earlier = loaded
        return domain.contest(Contest(contest_id, me, self.line, self.objection, at), lines, earlier), []

    async def save(self, tx: Tx, loaded: object, row: Contest) -> None:
        await store.add(tx, row)
        await store.log(tx, row.id, None, "contested", row.contested_at)


async def behind(tx: Tx, contest: Contest) -> Behind:
    """What is behind its line as the ledger knows it now."""
    me, hers = contest.member_id, await snapshots.hers(tx, contest.member_id)
    at = clock.now()
    moments = (hers["shown_at"] or at if hers else at, at)
    returned = [(await ledger.praised_by(tx, [me], moment)).get(me, frozenset()) for moment in moments]
    words = domain.behind(contest.line, me, await ledger.heard(tx, me), returned)
    sides = (await ledger.sides_of(tx, [me])).get(me, {})
    parties = domain.parties(me, words, sides)
    names = {id_: card.name for id_, card in (await member_copy.cards(tx, parties)).items()}
    her_name = names.pop(me, "")
    return Behind(words, parties, list(names.values()), her_name)


async def moderator(tx: Tx, me: UUID, roles: Collection[str]) -> Moderator:
    """Who would decide."""
    return Moderator(me, roles, await member_copy.blocks_between(tx, me) | await ledger.introduced_with(tx, me))


async def excluded(tx: Tx, words: Words) -> dict[int, Exclusion]:
    """Which of these are excluded by now."""
    known = await exclusions.about(tx, {one.member_id for one in words.values()})
    return {place: known[one.member_id][one.key] for place, one in words.items() if one.key in known.get(one.member_id, {})}


@dataclass(frozen=True)
class Loaded:
    """A contest, what is behind it, and which of that is excluded already."""

    contest: Contest
    behind: Behind
    excluded: Set[int]


@dataclass(frozen=True)
class DecideContest:
    """Leave words out or leave them in, and tell her."""

    contest_id: UUID
    body: ContestDecisionBody
    roles: tuple[str, ...]

    async def load(self, tx: Tx, me: UUID) -> Loaded:
        """With the scores that may move locked. Raises NotFound unless it is hers to know of."""
        contest = await store.find(tx, self.contest_id)
        if contest is None:
            raise NotFound
        await scores.lock(tx, [contest.member_id], partial(self._concerned, tx, contest))
        contest = await store.lock(tx, self.contest_id)
        found = await behind(tx, contest) if contest else None
        who = await moderator(tx, me, self.roles)
        if contest is None or found is None or not domain.may_decide(contest, who, found.parties, clock.now()):
            raise NotFound
        return Loaded(contest, found, (await excluded(tx, found.words)).keys())

    async def _concerned(self, tx: Tx, contest: Contest) -> set[UUID]:
        words = (await behind(tx, contest)).words
        return await scores.concerned(tx, [one for place, one in words.items() if place in self.body.exclude])

    def decide(self, loaded: Loaded, me: UUID, at: datetime) -> tuple[tuple[Contest, list[Rating], UUID], list[Event]]:
        """Raises ContestDecided, Invalid; and `save` Unavailable, if another release makes the sums just now."""
        return (*domain.decide(loaded.contest, self.body, loaded.behind, loaded.excluded, at), me), []

    async def save(self, tx: Tx, loaded: Loaded, row: tuple[Contest, list[Rating], UUID]) -> None:
        contest, words, me = row
        try:
            await exclude(tx, contest, me, self.body.why_excluded, words)
        except NotYetKnown as error:
            raise Unavailable from error
        await store.decide(tx, contest)
        await store.log(tx, contest.id, me, "decided", contest.decided_at or contest.contested_at)
        log.info("contest.decided", contest=str(contest.id), excluded=len(words))


async def exclude(tx: Tx, decided: Contest, me: UUID, reason: str, words: Sequence[Rating]) -> None:
    """From now on these count nowhere. The scores of all `concerned` must be locked."""
    await exclusions.add(tx, domain.exclusions(decided, me, reason, words, await ledger.answers_of(tx, words)))
    await scores.leave_out(tx, words)
