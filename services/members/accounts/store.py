"""The rows of accounts and of the roles that go with them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import UniqueViolationError

from services.members.accounts.domain import Address
from services.members.addresses import store as addresses
from shared.contracts.http.members.signing_in import Role
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx
from shared.problems import NotFound


async def look_up(tx: Tx, address: Address) -> tuple[UUID | None, bool]:
    """The member with this address, None if there is none, and whether it is kept for a member who left it: then nobody joins with it.

    The one statement is the same for every address.
    """
    [row] = await tx.fetch(f"select {with_key('$1')} as member_id, {addresses.kept('$1')} as kept", address.key)
    return row["member_id"], row["kept"]


async def enter(tx: Tx, address: Address, new_id: UUID, at: datetime, *, join_open: bool) -> UUID | None:
    """The member with this address, kept from being erased until the transaction ends; None if she may not sign in.

    If there is none and anyone may join, a new account with `new_id`.
    """
    # The lock waits for whoever is leaving this address, so that the next statement finds it kept.
    hers: UUID | None = await tx.fetchval("select member_id from accounts where address_key = $1 for no key update", address.key)
    if hers or not join_open:
        return hers
    # The no-op update makes one statement return the row whoever added it.
    member_id: UUID | None = await tx.fetchval(
        f"insert into accounts (member_id, address, address_key, created_at) select $1, $2, $3, $4 where not {addresses.kept('$3')}"
        " on conflict (address_key) do update set address_key = excluded.address_key returning member_id",
        new_id,
        address.address,
        address.key,
        at,
    )
    return member_id


async def is_free(tx: Tx, address: Address) -> bool:
    """Whether it is nobody's, nor kept for anybody; the one statement is the same for every address."""
    return bool(await tx.fetchval(f"select {with_key('$1')} is null and not {addresses.kept('$1')}", address.key))


async def lock_addresses(tx: Tx, member_id: UUID) -> tuple[Address, int, str | None] | None:
    """Her address, its version, and what introductions pass on in its place, with her account locked until the transaction ends."""
    row = await tx.fetchrow(
        "select address, address_key, address_version, passed_on from accounts where member_id = $1 for update", member_id
    )
    return None if row is None else (Address(row["address"], row["address_key"]), row["address_version"], row["passed_on"])


async def move(tx: Tx, member_id: UUID, address: Address, version: int, passed_on: str | None) -> bool:
    """Keep her addresses, whose account this transaction has locked; False if the new one is another's by now."""
    try:
        async with tx.transaction():
            await tx.execute(
                "update accounts set address = $2, address_key = $3, address_version = $4, passed_on = $5 where member_id = $1",
                member_id,
                address.address,
                address.key,
                version,
                passed_on,
            )
    except UniqueViolationError:
        return False
    return True


async def addresses_of(tx: Tx, member_id: UUID) -> tuple[str, str | None] | None:
    """Her address, and what introductions pass on in its place; None if she has no account."""
    row = await tx.fetchrow("select address, passed_on from accounts where member_id = $1", member_id)
    return None if row is None else (row["address"], row["passed_on"])


async def passed_on_of(tx: Tx, member_id: UUID) -> str | None:
    """The address that introductions pass on; None if she has no account."""
    passed_on: str | None = await tx.fetchval("select coalesce(passed_on, address) from accounts where member_id = $1", member_id)
    return passed_on


async def lock(tx: Tx, member_id: UUID) -> tuple[str, int] | None:
    """Her address and its version, with her account locked until the transaction ends; None if she has no account."""
    row = await tx.fetchrow("select address, address_version from accounts where member_id = $1 for update", member_id)
    return None if row is None else (row["address"], row["address_version"])


async def address_keys_of(tx: Tx, member_id: UUID) -> list[str]:
    """By which her address is compared, and those that are kept for her; none if she has no account."""
    rows = await tx.fetch(f"select address_key from accounts where member_id = $1 union all {addresses.keys_left_by('$1')}", member_id)
    return [row["address_key"] for row in rows]


async def address_of(tx: Tx, member_id: UUID) -> str | None:
    """Her address; None if she has no account."""
    address: str | None = await tx.fetchval("select address from accounts where member_id = $1", member_id)
    return address


async def find(tx: Tx, address: Address) -> UUID | None:
    """The member with this address; None if it has no account."""
    member_id: UUID | None = await tx.fetchval("select member_id from accounts where address_key = $1", address.key)
    return member_id


async def about(tx: Tx, member_id: UUID) -> tuple[datetime, bool] | None:
    """Since when she has her account, and whether she is suspended; None if she has none."""
    row = await tx.fetchrow("select created_at, suspended from accounts where member_id = $1", member_id)
    return None if row is None else (row["created_at"], row["suspended"])


def taking_part(member: str) -> str:
    """SQL that is true if this member has an account and is neither suspended nor leaving; `member` is SQL, never a value."""
    return f"exists (select from accounts where accounts.member_id = {member} and not suspended and not leaving)"


async def standing(connection: Tx | Pool, member_id: UUID) -> tuple[bool, bool] | None:
    """Whether she is suspended, and whether she is leaving; None if she has no account."""
    row = await connection.fetchrow("select suspended, leaving from accounts where member_id = $1", member_id)
    return None if row is None else (row["suspended"], row["leaving"])


async def signed_in(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Remember when she last signed in."""
    await tx.execute("update accounts set signed_in_at = $2 where member_id = $1", member_id, at)


ASLEEP = "(select member_id, signed_in_at from accounts where signed_in_at <= $1)"
"""SQL: those who haven't signed in since `$1`."""


def with_key(key: str) -> str:
    """SQL for the id of the account with this key of an address, null if there is none; `key` is SQL, never a value."""
    return f"(select accounts.member_id from accounts where accounts.address_key = {key})"


async def offered_passkey(tx: Tx, member_id: UUID, at: datetime) -> bool:
    """Remember that she was offered a passkey; False if she was before."""
    done = await tx.execute(
        "update accounts set passkey_offered_at = $2 where member_id = $1 and passkey_offered_at is null", member_id, at
    )
    return bool(done == "UPDATE 1")


async def hold(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Those among `ids` who have an account, kept from being erased until the transaction ends."""
    rows = await tx.fetch("select member_id from accounts where member_id = any($1::uuid[]) order by member_id for key share", list(ids))
    return {row["member_id"] for row in rows}


async def lock_status(tx: Tx, member_id: UUID) -> tuple[int, bool, bool] | None:
    """The version of her status, whether she is suspended and whether she is leaving, with her account locked; None if she has none."""
    row = await tx.fetchrow("select status_version, suspended, leaving from accounts where member_id = $1 for update", member_id)
    return None if row is None else (row["status_version"], row["suspended"], row["leaving"])


async def statuses_after(tx: Tx, last: UUID | None, limit: int) -> list[tuple[UUID, int, bool, bool]]:
    """Whose status has changed since she came, the next after `last`: who, and as in `lock_status`; none is erased until `tx` ends."""
    rows = await tx.fetch(
        "select member_id, status_version, suspended, leaving from accounts"
        " where status_version > 0 and ($1::uuid is null or member_id > $1) order by member_id limit $2 for share",
        last,
        limit,
    )
    return [(row["member_id"], row["status_version"], row["suspended"], row["leaving"]) for row in rows]


async def save_status(tx: Tx, member_id: UUID, version: int, *, suspended: bool, leaving: bool) -> None:
    """Keep her status, whose account this transaction has locked."""
    await tx.execute(
        "update accounts set status_version = $2, suspended = $3, leaving = $4 where member_id = $1", member_id, version, suspended, leaving
    )


async def roles(connection: Tx | Pool, member_id: UUID) -> list[Role]:
    """Her roles, by name."""
    return [row["role"] for row in await connection.fetch("select role from roles where member_id = $1 order by role", member_id)]


async def in_charge(tx: Tx) -> dict[UUID, set[str]]:
    """Everyone with a role who takes part, with her roles: they are few."""
    rows = await tx.fetch(
        f"select member_id, array_agg(role) as roles from roles where {taking_part('roles.member_id')} group by member_id"
    )
    return {row["member_id"]: set(row["roles"]) for row in rows}


async def appoint(tx: Tx, member_id: UUID, role: Role, at: datetime) -> bool:
    """Give her a role; whether that changed anything. Raises NotFound if she has no account."""
    if not await hold(tx, [member_id]):
        raise NotFound
    done = await tx.execute("insert into roles (member_id, role, since) values ($1, $2, $3) on conflict do nothing", member_id, role, at)
    return bool(done == "INSERT 0 1")


async def dismiss(tx: Tx, member_id: UUID, role: Role, at: datetime) -> bool:
    """Take a role from her; whether that changed anything. Raises NotFound if she has no account."""
    if not await hold(tx, [member_id]):
        raise NotFound
    return bool(await tx.execute("delete from roles where member_id = $1 and role = $2", member_id, role) == "DELETE 1")


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her account and her roles."""
    return await found(
        tx,
        member_id,
        account="select address, passed_on, created_at, suspended from accounts where member_id = $1",
        roles="select role, since from roles where member_id = $1 order by role",
    )


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """An erased member's account, roles and address go; the address may join anew."""
    await tx.execute("delete from roles where member_id = $1", member_id)
    await tx.execute("delete from accounts where member_id = $1", member_id)


async def made(tx: Tx, begins_at: datetime, ends_at: datetime) -> int:
    """How many accounts were made in that time."""
    count: int = await tx.fetchval("select count(*) from accounts where created_at >= $1 and created_at < $2", begins_at, ends_at)
    return count
