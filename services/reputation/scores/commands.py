"""Moves voices, sums and bands.

An outcome moves only the voices among its three members, so it costs the same for a member with ten outcomes as for one
with ten thousand.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from services.reputation.ledger import store as ledger
from services.reputation.scores import domain, store
from services.reputation.scores.domain import Entry, Pair
from services.reputation.trust import HalfLives
from shared.messaging import outbox
from shared.postgres.database import Tx


async def count_ratings_among(tx: Tx, ids: Collection[UUID], at: datetime) -> None:
    """Derive the voices among these members, who are locked, from the ledger, and publish the bands that changed."""
    ratings, lives = await ledger.ratings_among(tx, ids), await store.half_lives(tx)
    after = {pair: entry for pair, entry in domain.entries(ratings, lives).items() if {*pair} <= {*ids}}
    moved = await _move(tx, await store.voices_among(tx, ids), after)
    await read_bands(tx, moved, lives, at)


async def _move(tx: Tx, before: dict[Pair, Entry], after: dict[Pair, Entry]) -> set[UUID]:
    """Change voices and sums. Returns the members whose sums moved."""
    moves = domain.moves(before, after)
    if moves:
        changed = {pair: entry for pair, entry in after.items() if before.get(pair) != entry}
        await store.put_voices(tx, changed, before.keys() - after.keys())
        await store.move_sums(tx, moves)
    return {member_id for member_id, _ in moves}


async def read_bands(tx: Tx, ids: Collection[UUID], lives: HalfLives, at: datetime) -> None:
    """Read the bands of these members, who are locked, and publish those that have really changed."""
    if not ids:
        return
    after, events = domain.read_bands(await store.bands_of(tx, ids), await store.sums_of(tx, ids), lives, at)
    await store.save_bands(tx, after, at.date())
    await outbox.put(tx, *events)


async def erase(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Her score goes. Her voices in others' scores stay, none of them mutual any more: the next night's reading takes that in."""
    await store.lock(tx, [member_id])
    hers = await store.voices_of_rater(tx, member_id)
    await _move(tx, hers, {pair: domain.not_mutual(entry) for pair, entry in hers.items()})
    await store.erase(tx, member_id)
