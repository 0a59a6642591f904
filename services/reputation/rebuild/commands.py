"""Replays the ledger: to compare every bit of the scores in use, or to put the replay in their place."""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from services.reputation.contests import store as contests
from services.reputation.ledger import exclusions
from services.reputation.ledger import store as ledger
from services.reputation.rebuild import store
from services.reputation.scores import domain
from services.reputation.scores import store as scores
from services.reputation.snapshot import store as snapshot
from services.reputation.standing import commands as nights
from services.reputation.standing import store as standing
from services.reputation.trust import Settings
from services.reputation.trust.sums import Sum
from shared import clock
from shared.postgres import database
from shared.postgres.database import Pool, Tx

Progress = Callable[[int, int], None]
"""`progress(done, of)`: how many words are summed."""
FIRST = 10
"""How many differences are named."""


def silent(done: int, of: int) -> None:
    """Nobody watches."""


async def check(tx: Tx, progress: Progress = silent) -> tuple[int, list[str]]:
    """How many words and buckets differ from a replay of the ledger, and the first ten. `tx` must see one moment: repeatable read."""
    await _replay(tx, await scores.settings(tx), progress)
    found = await store.differing(tx, FIRST)
    await store.clear(tx)
    return found


async def rebuild(tx: Tx, settings: Settings, progress: Progress = silent) -> None:
    """Make every word and bucket anew, with these settings, and let the snapshot be drawn again. Keeps handlers waiting until `tx` ends."""
    await scores.lock_all(tx)
    await _replay(tx, settings, progress)
    await store.swap(tx)
    await store.caught_up(tx)
    await store.clear(tx)
    await scores.set_settings(tx, settings)
    await scores.add_missing_bands(tx)
    await snapshot.again(tx)


async def with_settings(pool: Pool, settings: Settings) -> None:
    """Rebuild if the sums were made with other settings than these, or older code has left something behind.

    Before the first night ever it is this day's that counts.
    """
    async with database.transaction(pool) as tx:
        if await scores.made_with(tx, settings) and not await store.left_behind(tx):
            return
        await scores.lock_all(tx)
        await ledger.forget_erased(tx)
        await exclusions.forget_erased(tx)
        await contests.forget_erased(tx)
        await standing.forget_erased(tx)
        if await standing.last_night(tx) is None:
            await nights.settle(tx, clock.now(), settings, applied=True)
        await rebuild(tx, settings)


async def _replay(tx: Tx, settings: Settings, progress: Progress) -> None:
    await store.clear(tx)
    await store.fill_words(tx)
    told = [rating.evidence for rating in await ledger.who_answers(tx, await store.reported(tx))]
    owed = domain.charges(told)
    there = await scores.present(tx, {key.about for key in owed})
    await store.add(tx, "words", [scores.row(key, one) for key, one in owed.items() if key.about in there])
    await _sum(tx, settings, progress)


async def _sum(tx: Tx, settings: Settings, progress: Progress) -> None:
    """Never more than a few members' sums are in memory."""
    all_of_them, done, last = await store.count(tx), 0, None
    held = Counter[tuple[UUID, Sum]]()
    async for row in store.words(tx):
        if row["member_id"] != last and len(held) > store.AT_ONCE:
            await store.add(tx, "buckets", scores.sum_rows(held))
            held.clear()
            progress(done, all_of_them)
        last, (_, word) = row["member_id"], scores.word(row)
        for bucket, amount in domain.entries(word, standing.voice(row, settings), row["mutual"], settings):
            held[last, bucket] += amount
        done += 1
    await store.add(tx, "buckets", scores.sum_rows(held))
    progress(done, all_of_them)
