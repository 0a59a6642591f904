"""Keeps the own copies of members and blocks from events, in whatever order these come.

Profile, status, band and each block carry versions of their own: what is older than applied changes nothing, and a
status or a band may come before the profile (the member is absent until that is here). An erased member stays erased.
"""

from uuid import UUID

from services.requests import visibility
from services.requests.consumers import before_erasure, consumers, on_block, on_erasure, on_reinstatement
from shared import clock
from shared.contracts.events.members import (
    MemberBlocked,
    MemberErased,
    MemberJoined,
    MemberReinstated,
    MemberSuspended,
    MemberUnblocked,
    ProfileChanged,
)
from shared.contracts.events.reputation import BandChanged
from shared.postgres.database import Tx


@consumers.consumes(MemberJoined)
async def joined(event: MemberJoined, tx: Tx) -> None:
    await _keep_profile(tx, event)


@consumers.consumes(ProfileChanged)
async def profile_changed(event: ProfileChanged, tx: Tx) -> None:
    await _keep_profile(tx, event)


@consumers.consumes(MemberSuspended)
async def suspended(event: MemberSuspended, tx: Tx) -> None:
    await _keep_status(tx, event.member_id, event.aggregate_version, suspended=True)


@consumers.consumes(MemberReinstated)
async def reinstated(event: MemberReinstated, tx: Tx) -> None:
    if await _keep_status(tx, event.member_id, event.aggregate_version, suspended=False):
        for work in on_reinstatement:
            await work(tx, event.member_id, clock.now())


@consumers.consumes(MemberErased)
async def erased(event: MemberErased, tx: Tx) -> None:
    """Blank her copy, whatever has been heard of her before or comes later, and let each feature end what is open."""
    for work in before_erasure:
        await work(tx, event.member_id, clock.now())
    newly = await tx.fetchval(
        "insert into members (member_id, status_version, erased) values ($1, $2, true)"
        " on conflict (member_id) do update set status_version = greatest(members.status_version, excluded.status_version),"
        " erased = true, name = null, headline = null, language = null, time_zone = null, visibility = null"
        " where not members.erased returning true",
        event.member_id,
        event.aggregate_version,
    )
    if newly:
        for work in on_erasure:
            await work(tx, event.member_id, clock.now())


@consumers.consumes(MemberBlocked)
async def blocked(event: MemberBlocked, tx: Tx) -> None:
    if await _keep_block(tx, event, active=True):
        for work in on_block:
            await work(tx, event.blocker_id, event.blocked_id, clock.now())


@consumers.consumes(MemberUnblocked)
async def unblocked(event: MemberUnblocked, tx: Tx) -> None:
    await _keep_block(tx, event, active=False)


@consumers.consumes(BandChanged)
async def band_changed(event: BandChanged, tx: Tx) -> None:
    await tx.execute(
        "insert into members (member_id, band, band_version) values ($1, $2, $3)"
        " on conflict (member_id) do update set band = excluded.band, band_version = excluded.band_version"
        " where members.band_version < excluded.band_version",
        event.member_id,
        event.band,
        event.aggregate_version,
    )


async def _keep_profile(tx: Tx, event: MemberJoined | ProfileChanged) -> None:
    await tx.execute(
        "insert into members (member_id, name, headline, language, time_zone, visibility, profile_version)"
        " values ($1, $2, $3, $4, $5, $6, $7)"
        " on conflict (member_id) do update set name = excluded.name, headline = excluded.headline, language = excluded.language,"
        " time_zone = excluded.time_zone, visibility = excluded.visibility, profile_version = excluded.profile_version"
        " where members.profile_version < excluded.profile_version and not members.erased",
        event.member_id,
        event.name,
        event.headline,
        event.language,
        event.time_zone,
        event.visibility,
        event.aggregate_version,
    )


async def _keep_status(tx: Tx, member_id: UUID, version: int, *, suspended: bool) -> bool:
    kept = await tx.fetchval(
        "insert into members (member_id, status_version, suspended) values ($1, $2, $3)"
        " on conflict (member_id) do update set suspended = excluded.suspended, status_version = excluded.status_version"
        " where members.status_version < excluded.status_version and not members.erased returning true",
        member_id,
        version,
        suspended,
    )
    return bool(kept)


async def _keep_block(tx: Tx, event: MemberBlocked | MemberUnblocked, *, active: bool) -> bool:
    await visibility.lock_pair(tx, event.blocker_id, event.blocked_id)
    kept = await tx.fetchval(
        "insert into blocks (blocker_id, blocked_id, version, active) values ($1, $2, $3, $4)"
        " on conflict (blocker_id, blocked_id) do update set version = excluded.version, active = excluded.active"
        " where blocks.version < excluded.version returning true",
        event.blocker_id,
        event.blocked_id,
        event.aggregate_version,
        active,
    )
    return bool(kept)
