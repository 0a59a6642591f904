"""Takes evidence in, and moves live words and buckets: an event moves only a few of them, however many there were before."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from services.reputation.ledger import store as ledger
from services.reputation.ledger.domain import COUNTING, Rating
from services.reputation.scores import domain, store
from services.reputation.scores.domain import Key, Words
from services.reputation.standing import store as standing
from services.reputation.trust import Evidence, Refused, Settings
from services.reputation.trust.evidence import check
from services.reputation.trust.sums import Voice
from shared.messaging.registry import CannotHandle, NotYetKnown
from shared.postgres.database import Tx


async def take_in(tx: Tx, ratings: Sequence[Rating], members: Collection[UUID], at: datetime) -> None:
    """Keep these ratings among these members, and let count what does. Raises CannotHandle or NotYetKnown before anything has moved."""
    try:
        for rating in ratings:
            check(rating.evidence, at)
    except Refused as error:
        raise CannotHandle(f"{error.code}: {error}") from error
    if await store.unknown(tx, members):
        raise NotYetKnown
    vouched = {rating.member_id for rating in ratings if rating.role in ("vouch", "report")}
    reported = {rating.member_id for rating in ratings if rating.role == "report"}
    await lock(tx, members, partial(_answering, tx, reported, vouched) if vouched else None)
    new = await ledger.add_ratings(tx, ratings)
    await _count(tx, new, vouched)


async def lock(tx: Tx, members: Collection[UUID], more: Callable[[], Awaitable[set[UUID]]] | None) -> None:
    """Lock the scores of these members, in one statement, and of `more`: who that is may change until all of them are locked."""
    wanted, locked = {*members}, set[UUID]()
    while True:
        wanted |= await more() if more else set()
        if wanted <= locked:
            return
        await store.lock(tx, wanted - locked)
        locked |= wanted


async def _answering(tx: Tx, reported: set[UUID], vouched: set[UUID]) -> set[UUID]:
    """Who may be charged for those of these members who are reported, now or before."""
    return await store.vouchers_of(tx, reported | await store.reported(tx, vouched))


async def _count(tx: Tx, ratings: Sequence[Rating], vouched: Collection[UUID]) -> None:
    heard: list[tuple[Key, Evidence]] = [(rating.evidence.cell, rating.evidence) for rating in ratings if rating.role in COUNTING]
    if not heard:
        return
    settings = await store.settings_to_move(tx)
    before = await store.words_in(tx, {cell for key, _ in heard for cell in domain.touched(key)})
    after = domain.with_newer(before, heard)
    await store.put_words(tx, before, after)
    if vouched and (reported := await store.reported(tx, vouched)):
        before, after = await _charge(tx, reported, before, after)
    await _move(tx, before, after, settings)


async def _charge(tx: Tx, reported: Collection[UUID], before: Words, after: Words) -> tuple[Words, Words]:
    """Charge those who answer for these members; who has left isn't charged, but has her share."""
    held, there = await store.charged_for(tx, reported), await store.vouchers_of(tx, reported)
    told = [rating.evidence for rating in await ledger.who_answers(tx, reported)]
    owed: Words = {key: charged for key, charged in domain.charges(told).items() if key.about in there}
    await store.put_words(tx, held, owed)
    return {**before, **held}, {**after, **owed}


async def _move(tx: Tx, before: Words, after: Words, settings: Settings) -> None:
    voices = await standing.in_force(tx, {key[1] for key in {*before, *after}}, settings)
    await store.move_sums(tx, domain.moves(before, after, voices, settings))


async def leave_out(tx: Tx, excluded: Sequence[Rating]) -> None:
    """Let these, which are excluded by now, count no more, and what they had replaced count again.

    The scores of whoever `concerned` names must be locked.
    """
    settings, cells = await store.settings_to_move(tx), {one.evidence.cell for one in excluded if one.role in COUNTING}
    before = await store.words_in(tx, {cell for key in cells for cell in domain.touched(key)})
    after = domain.with_newer({key: word for key, word in before.items() if key not in cells}, await ledger.last_in(tx, cells))
    await store.put_words(tx, before, after)
    if reported := {one.member_id for one in excluded if one.role in ("report", "vouch")}:
        before, after = await _charge(tx, reported, before, after)
    await _move(tx, before, after, settings)


async def concerned(tx: Tx, ratings: Collection[Rating]) -> set[UUID]:
    """Whose scores may move if some of these are excluded: of members, for a report's rater is none."""
    named = {id_ for one in ratings for id_ in (one.member_id, one.rater_id)}
    vouched = {one.member_id for one in ratings if one.role in ("report", "vouch")}
    return await store.present(tx, named) | await store.vouchers_of(tx, vouched)


async def count_as(tx: Tx, raters: Mapping[UUID, Voice]) -> None:
    """Let what these raters said count as these voices from now on."""
    await lock(tx, raters, partial(store.rated_by, tx, raters))
    settings = await store.settings_to_move(tx)
    words, before = await store.words_of(tx, raters), await standing.in_force(tx, raters, settings)
    await store.move_sums(tx, domain.recounted(words, before, raters, settings))
    await standing.applied(tx, raters)


async def erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Her score goes. Her words stay in others' scores, none of them mutual any more, and nobody is charged for her.

    The next snapshot takes that in.
    """
    await lock(tx, [member_id], partial(store.rated_by, tx, [member_id]))
    settings, words = await store.settings_to_move(tx), await store.words_of(tx, [member_id])
    held = {**words, **await store.charged_for(tx, [member_id])}
    voices = dict(await standing.in_force(tx, {*(key[1] for key in held), member_id}, settings))
    # An anchor's praise is counted by her own name, so that what she said moves to the new one.
    name = await standing.pseudonym(tx, member_id)
    voices[name], left = voices[member_id], domain.renamed({key: word for key, word in words.items() if key[0] != member_id}, name)
    moves = {key: amount for key, amount in domain.moves(held, left, voices, settings).items() if key[0] != member_id}
    await store.erase(tx, member_id)
    await store.move_sums(tx, moves)
