"""The rows of accounts."""

from datetime import datetime
from uuid import UUID

from services.members.accounts.domain import Address
from shared.postgres.database import Tx


async def exists(tx: Tx, address: Address) -> bool:
    """Whether the address has an account."""
    return bool(await tx.fetchval("select exists (select from accounts where address_key = $1)", address.key))


async def find_or_add(tx: Tx, address: Address, new_id: UUID, at: datetime) -> UUID:
    """The member with this address; a new account with `new_id` if there is none."""
    # The no-op update makes one statement return the row whoever added it.
    member_id: UUID = await tx.fetchval(
        "insert into accounts (member_id, address, address_key, created_at) values ($1, $2, $3, $4)"
        " on conflict (address_key) do update set address_key = excluded.address_key returning member_id",
        new_id,
        address.address,
        address.key,
        at,
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
