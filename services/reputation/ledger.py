"""Keeps the ledger, and what is derived from it: voices, sums and bands.

An event moves the voices between its three members alone, so that it costs the same for a woman with ten outcomes and
with ten thousand; `rebuild` derives everything from the ledger anew and must find the same bits.
"""

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from services.reputation import evidence, queries, trust
from services.reputation.evidence import Entry, Pair
from services.reputation.queries import Account, Vouch
from shared.contracts.events.reputation import BandChanged
from shared.contracts.events.requests import IntroductionConfirmed, OutcomesRevealed
from shared.messaging import outbox
from shared.postgres.database import Pool, Tx, transaction

BATCH = 500
K = TypeVar("K")
V = TypeVar("V")


async def keep_vouches(tx: Tx, events: Collection[IntroductionConfirmed | OutcomesRevealed]) -> None:
    """The vouches that came to introductions."""
    await queries.add_vouches(tx, [(one.voucher_id, Vouch(one.introduction_id, one.side_ids, one.confirmed_at)) for one in events])


async def keep_outcomes(tx: Tx, event: OutcomesRevealed, now: datetime, lives: trust.HalfLives) -> None:
    """What the sides said. Moves the voices between the three, and tells of bands that changed."""
    said = evidence.heard(event)
    if not said:
        return
    three = {event.voucher_id, *event.side_ids}
    await queries.lock_accounts(tx, three)
    await queries.add_evidence(tx, said)
    voiced = evidence.voices(await queries.said_among(tx, three))
    after = {pair: evidence.entry(voice, lives) for pair, voice in voiced.items() if three.issuperset(pair)}
    moved = await _move(tx, await queries.voices_among(tx, three), after)
    await read_bands(tx, moved, now, lives)


async def _move(tx: Tx, before: dict[Pair, Entry], after: dict[Pair, Entry]) -> set[UUID]:
    """Change voices and sums; the members whose sums moved."""
    moves = evidence.moves(before, after)
    if not moves:
        return set()
    await queries.put_voices(tx, {pair: entry for pair, entry in after.items() if before.get(pair) != entry}, before.keys() - after.keys())
    await queries.move_sums(tx, moves)
    return {member_id for member_id, _ in moves}


async def read_bands(tx: Tx, ids: Collection[UUID], now: datetime, lives: trust.HalfLives) -> None:
    """Read the bands of these members, whose accounts are locked, and tell of those that have really changed."""
    if not ids:
        return
    told, sums = await queries.accounts(tx, ids), await queries.sums_of(tx, ids)
    read = {member_id: trust.band(trust.weigh(sums[member_id], now, lives)) for member_id in sorted(ids)}
    kept = {one: Account(band, told[one].band_version + (band != told[one].band)) for one, band in read.items()}
    await queries.set_bands(tx, kept, now.date())
    changed = [one for one, account in kept.items() if account != told[one]]
    events = [BandChanged(aggregate_id=one, aggregate_version=kept[one].band_version, occurred_at=now, band=read[one]) for one in changed]
    await outbox.put(tx, *events)


async def read_faded(pool: Pool, now: datetime, lives: trust.HalfLives) -> int:
    """The nightly reading: every band that was not yet read on the day of `now`. Returns how many were.

    Several workers may do it at once, and one that is stopped in the middle goes on where it was.
    """
    read = 0
    while True:
        async with transaction(pool) as tx:
            due = await queries.lock_due(tx, now.date(), BATCH)
            await read_bands(tx, due, now, lives)
        read += len(due)
        if len(due) < BATCH:
            return read


async def check(tx: Tx, lives: trust.HalfLives) -> list[str]:
    """What differs between the sums and a replay of the ledger, one line each; empty where every bit is the same.

    `tx` must see one moment: a repeatable-read transaction.
    """
    replayed = _replay(await queries.all_said(tx), lives)
    voices, sums = await queries.all_voices(tx), await queries.all_sums(tx)
    found = [f"voice of {one.rater_id} about {one.member_id} differs" for one in _differing(voices, replayed)]
    found += [f"sum {bucket.kind}/{bucket.tier} of {one} differs" for one, bucket in _differing(sums, evidence.sums(replayed))]
    return found if await queries.scale(tx) == lives else [*found, "the half-lives differ from those the sums were made with"]


def _replay(said: list[evidence.Said], lives: trust.HalfLives) -> dict[Pair, Entry]:
    return {pair: evidence.entry(voice, lives) for pair, voice in evidence.voices(said).items()}


def _differing(held: dict[K, V], replayed: dict[K, V]) -> list[K]:
    return [key for key in {**held, **replayed} if held.get(key) != replayed.get(key)]


async def rebuild(tx: Tx, now: datetime, lives: trust.HalfLives) -> None:
    """Derive every voice, sum and band from the ledger anew, with these half-lives. Keeps handlers waiting until `tx` ends."""
    await queries.clear_derived(tx)
    entries = _replay(await queries.all_said(tx), lives)
    await queries.put_voices(tx, entries, ())
    await queries.move_sums(tx, evidence.sums(entries))
    await queries.set_scale(tx, lives)
    await read_bands(tx, await queries.all_accounts(tx), now, lives)


async def keep_scale(pool: Pool, now: datetime, lives: trust.HalfLives) -> None:
    """Rebuild where the sums were made with other half-lives than these."""
    async with transaction(pool) as tx:
        if await queries.scale(tx) != lives:
            await rebuild(tx, now, lives)
