"""Keeps the own copies of members and blocks from events, in whatever order these come."""

from services.notify import members, queue
from services.notify.mime import UnfitAddress, ascii_address
from shared.contracts.events.members import (
    AddressSet,
    MemberBlocked,
    MemberErased,
    MemberJoined,
    MemberReinstated,
    MemberSuspended,
    MemberUnblocked,
    ProfileChanged,
)
from shared.messaging.registry import CannotHandle, Handlers
from shared.postgres.database import Tx


def register(found: Handlers) -> None:
    """Register these handlers."""
    found.consumes(MemberJoined)(profile)
    found.consumes(ProfileChanged)(profile)
    found.consumes(AddressSet)(address)
    found.consumes(MemberBlocked)(block)
    found.consumes(MemberUnblocked)(block)
    found.consumes(MemberSuspended)(status)
    found.consumes(MemberReinstated)(status)
    found.consumes(MemberErased)(erased)


async def profile(event: MemberJoined | ProfileChanged, tx: Tx) -> None:
    """Her card as it is now."""
    await members.keep_profile(tx, event)


async def address(event: AddressSet, tx: Tx) -> None:
    """Where her letters go; one that no letter could carry is a dead letter."""
    try:
        fit = ascii_address(event.address)
    except UnfitAddress as error:
        raise CannotHandle(f"unfit_address: {error}") from None
    await members.keep_address(tx, event.member_id, event.aggregate_version, fit)


async def block(event: MemberBlocked | MemberUnblocked, tx: Tx) -> None:
    """Whether the one blocks the other now."""
    active = isinstance(event, MemberBlocked)
    await members.keep_block(tx, event.blocker_id, event.blocked_id, event.aggregate_version, active=active)


async def status(event: MemberSuspended | MemberReinstated, tx: Tx) -> None:
    """Whether she may take part now."""
    suspended = isinstance(event, MemberSuspended)
    await members.keep_status(tx, event.member_id, event.aggregate_version, suspended=suspended)


async def erased(event: MemberErased, tx: Tx) -> None:
    """Forget her, and what is still to leave to her or about her."""
    await members.erase(tx, event.member_id, event.aggregate_version)
    await queue.drop_all_of(tx, event.member_id)
