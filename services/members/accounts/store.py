"""The rows of accounts."""

from datetime import datetime
from uuid import UUID

from services.members.accounts.domain import Address
from shared.postgres.database import Tx


async def may_sign_in(tx: Tx, address: Address, *, join_open: bool) -> bool:
    """Whether whoever has this address may sign in: not if she is suspended and, without an account, only if anyone may join.

    The one statement is the same for every address.
    """
    suspended: bool | None = await tx.fetchval("select suspended from accounts where address_key = $1", address.key)
    return join_open if suspended is None else not suspended


async def enter(tx: Tx, address: Address, new_id: UUID, at: datetime, *, join_open: bool) -> UUID | None:
    """The member with this address, kept from being suspended or erased until the transaction ends; None if she may not sign in.

    If there is none and anyone may join, a new account with `new_id`.
    """
    # The no-op update makes one statement return the row whoever added it; it returns none of a suspended member.
    member_id: UUID | None = await tx.fetchval(
        "insert into accounts (member_id, address, address_key, created_at) select $1, $2, $3, $4"
        " where $5 or exists (select from accounts where address_key = $3)"
        " on conflict (address_key) do update set address_key = excluded.address_key where not accounts.suspended returning member_id",
        new_id,
        address.address,
        address.key,
        at,
        join_open,
    )
    return member_id


async def lock(tx: Tx, member_id: UUID) -> tuple[str, int] | None:
    """Her address and its version, with her account locked until the transaction ends; None if she has no account."""
    row = await tx.fetchrow("select address, address_version from accounts where member_id = $1 for update", member_id)
    return None if row is None else (row["address"], row["address_version"])


async def address_of(tx: Tx, member_id: UUID) -> str | None:
    """Her address; None if she has no account."""
    address: str | None = await tx.fetchval("select address from accounts where member_id = $1", member_id)
    return address
