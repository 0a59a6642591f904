"""The commands at the edge of a transaction: load with locks, ask the domain, save rows and events, answer as she may see it.

Locks are taken in one order everywhere: pairs of members, a voucher's vouches, members, introductions.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.introductions import outcomes, queries, reads
from services.requests.introductions.domain import Introduction
from services.requests.introductions.problems import CannotAsk, CannotPropose, Suspended
from services.requests.introductions.queries import Loaded
from services.requests.introductions.shape import Outcome
from services.requests.introductions.views import IntroductionView, is_there
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.requests import Answer
from shared.ids import new_id
from shared.messaging import outbox
from shared.postgres.database import Tx
from shared.problems import NotFound

Changed = tuple[Introduction, list[Event]]
Command = Callable[[Loaded, datetime], Changed]


async def ask(tx: Tx, me: UUID, voucher: UUID, counterpart: UUID, why_her: str) -> IntroductionView:
    """Ask the voucher to introduce me. Raises CannotAsk, whatever stands in the way; Suspended, where that is me.

    Whatever the cause, the same statements have run.
    """
    if len({me, voucher, counterpart}) < 3:
        raise CannotAsk
    await visibility.lock_pairs(tx, (me, voucher, counterpart))
    people = await members.lock(tx, (me, voucher, counterpart))
    seen = await queries.existing(tx, me, (voucher, counterpart))
    estranged = counterpart not in await queries.existing(tx, voucher, (counterpart,))
    ties = await queries.ties(tx, me, (voucher,))
    last = await queries.latest_ask(tx, me, counterpart)
    at = clock.now()
    if me in people and people[me].suspended:
        raise Suspended
    can = (
        len(seen) == 2
        and len(people) == 3
        and not any(who.suspended for who in people.values())
        and voucher in ties
        and (last is None or last.may_ask_again(at))
    )
    if not can:
        raise CannotAsk
    made = Introduction.ask(new_id(), asker=me, voucher=voucher, counterpart=counterpart, why_her=why_her, at=at, estranged=estranged)
    return await _made(tx, me, made, people, at)


async def propose(tx: Tx, me: UUID, side_ids: tuple[UUID, UUID], words_for: Mapping[UUID, str]) -> IntroductionView:
    """Propose an introduction of two of my connections. Raises CannotPropose, KnowBothBetter, TooManyOpenVouches, Suspended."""
    one, other = side_ids
    if len({me, one, other}) < 3:
        raise CannotPropose
    await visibility.lock_pairs(tx, (me, one, other))
    await queries.lock_vouches(tx, me)
    people = await members.lock(tx, (me, one, other))
    seen = await queries.existing(tx, me, (one, other))
    estranged = other not in await queries.existing(tx, one, (other,))
    at = clock.now()
    her = await reads.voucher(tx, me, side_ids, at)
    if me in people and people[me].suspended:
        raise Suspended
    if len(seen) < 2 or len(people) < 3 or any(who.suspended for who in people.values()) or len(her.ties) < 2:
        raise CannotPropose
    made = Introduction.propose(
        new_id(), voucher=me, side_ids=side_ids, words_for=words_for, at=at, grounds=her.grounds(side_ids), estranged=estranged
    )
    return await _made(tx, me, made, people, at)


async def vouch(tx: Tx, me: UUID, introduction_id: UUID, words_for: Mapping[UUID, str], *, show_why_her: bool) -> IntroductionView:
    """Vouch for it. Raises NotFound, and what `Introduction.vouch` raises."""
    await queries.lock_vouches(tx, me)
    loaded = await _mine(tx, me, introduction_id)
    at = clock.now()
    her = await reads.voucher(tx, me, loaded.intro.side_ids, at)
    grounds = her.grounds(loaded.intro.side_ids)
    changed = loaded.intro.vouch(me, words_for, at, grounds, show_why_her=show_why_her, suspended=loaded.suspended)
    return await _answer(tx, me, loaded, changed, at)


async def confirm(tx: Tx, me: UUID, introduction_id: UUID) -> IntroductionView:
    """Say yes. Raises NotFound, and what `Introduction.confirm` raises."""
    return await _do(tx, me, introduction_id, lambda it, at: it.intro.confirm(me, at, suspended=it.suspended))


async def pass_(tx: Tx, me: UUID, introduction_id: UUID) -> IntroductionView:
    """Say no, quietly. Raises NotFound, and what `Introduction.pass_` raises."""
    return await _do(tx, me, introduction_id, lambda it, at: it.intro.pass_(me, at))


async def decline(tx: Tx, me: UUID, introduction_id: UUID) -> IntroductionView:
    """Not vouch, quietly. Raises NotFound, and what `Introduction.decline` raises."""
    return await _do(tx, me, introduction_id, lambda it, at: it.intro.decline(me, at))


async def withdraw(tx: Tx, me: UUID, introduction_id: UUID) -> IntroductionView:
    """Take my ask back. Raises NotFound, and what `Introduction.withdraw` raises."""
    return await _do(tx, me, introduction_id, lambda it, at: it.intro.withdraw(me, at))


async def withdraw_vouch(tx: Tx, me: UUID, introduction_id: UUID) -> IntroductionView:
    """Take my vouch back. Raises NotFound, and what `Introduction.withdraw_vouch` raises."""
    return await _do(tx, me, introduction_id, lambda it, at: it.intro.withdraw_vouch(me, at))


async def say_outcome(
    tx: Tx, me: UUID, introduction_id: UUID, answer: Answer, *, thank_you: str | None, words: str | None
) -> IntroductionView:
    """Say how it went. Raises NotFound, and what `outcomes.say` raises."""

    def say(it: Loaded, at: datetime) -> Changed:
        return outcomes.say(it.intro, me, Outcome(answer, at, thank_you, words), suspended=it.suspended, unasked=it.unasked)

    return await _do(tx, me, introduction_id, say)


async def _do(tx: Tx, me: UUID, introduction_id: UUID, command: Command) -> IntroductionView:
    loaded = await _mine(tx, me, introduction_id)
    at = clock.now()
    return await _answer(tx, me, loaded, command(loaded, at), at)


async def _mine(tx: Tx, me: UUID, introduction_id: UUID) -> Loaded:
    loaded = await queries.lock(tx, introduction_id)
    if loaded is None or not is_there(loaded.intro, me, loaded.cards, loaded.strangers):
        raise NotFound
    if loaded.suspended:
        # She may have been reinstated while this waited for the row; then nobody but this command would confirm it.
        return replace(loaded, suspended=await queries.suspended(tx, loaded.intro.participants))
    return loaded


async def _answer(tx: Tx, me: UUID, loaded: Loaded, changed: Changed, at: datetime) -> IntroductionView:
    after, events = changed
    await queries.save(tx, loaded.intro, after)
    await outbox.put(tx, *events)
    return await reads.view_of(tx, me, replace(loaded, intro=after), at)


async def _made(tx: Tx, me: UUID, changed: Changed, people: Mapping[UUID, members.Member], at: datetime) -> IntroductionView:
    made, events = changed
    await queries.insert(tx, made)
    await outbox.put(tx, *events)
    cards = {id_: one.card for id_, one in people.items()}
    return await reads.view_of(tx, me, Loaded(made, cards, frozenset(), frozenset()), at)
