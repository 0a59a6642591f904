"""The rows of invitations, and of the places where members came in."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from services.members import visibility
from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.invitations.domain import LETTERS_WITHIN, Budget, Invitation, Place
from services.members.profiles import store as profiles
from services.members.safety import store as safety
from shared.contracts.http.members.joining import MOST_INVITED, Invited
from shared.contracts.http.members.profiles import InvitedAs
from shared.messaging.feature import Sections, found
from shared.postgres.database import Pool, Tx

KEPT = timedelta(days=30)
"""How long an invitation stays that was never used."""

_OPEN = "(used_at is null and withdrawn_at is null and expires_at > {at})"
_INVITATION = "invitation_id as id, sponsor_id, made_at, expires_at, founder"
_THEIRS = accounts.with_key("$2")
_PLACE = "member_id, branch, founder, sponsor_id, invitation_id"


async def find(tx: Tx, invitation_id: UUID, address: Address, at: datetime, *, lock: bool = False) -> Invitation | None:
    """The invitation that lets whoever has this address in: the one in her hand, or one that is for her address.

    None if it is used, taken back or expired, or its sponsor is no longer here. The one statement is the same for all.
    """
    row = await tx.fetchrow(
        f"select {_INVITATION} from invitations where ((invitation_id = $1 and address_key is null) or address_key = $2)"
        f" and {_OPEN.format(at='$3')} and (sponsor_id is null or {visibility.visible(_THEIRS, 'sponsor_id')})"
        f" order by address_key limit 1{' for update' if lock else ''}",
        invitation_id,
        address.key,
        at,
    )
    return None if row is None else Invitation(**row)


async def inviting(tx: Tx, invitation_id: UUID, at: datetime) -> str | None:
    """The name of her whose open invitation it is, empty if it is the community's own; None if it lets nobody in."""
    name: str | None = await tx.fetchval(
        f"select coalesce({profiles.named('sponsor_id')}, '') from invitations"
        f" where invitation_id = $1 and {_OPEN.format(at='$2')} and (sponsor_id is null or {accounts.taking_part('sponsor_id')})",
        invitation_id,
        at,
    )
    return name


async def open_of(tx: Tx, member_id: UUID, at: datetime) -> Sequence[Invitation]:
    """Those of hers that nobody has used yet, the latest first."""
    rows = await tx.fetch(
        f"select {_INVITATION} from invitations where sponsor_id = $1 and {_OPEN.format(at='$2')} order by made_at desc", member_id, at
    )
    return [Invitation(**row) for row in rows]


async def budget(tx: Tx, member_id: UUID, at: datetime) -> Budget:
    """What decides on how many more she may make."""
    used = await tx.fetch("select used_at from invitations where sponsor_id = $1 and used_at is not null", member_id)
    return Budget(len(await open_of(tx, member_id, at)), [row["used_at"] for row in used])


async def add(tx: Tx, invitation: Invitation) -> None:
    """Keep a member's new one."""
    await tx.execute(
        "insert into invitations (invitation_id, sponsor_id, made_at, expires_at) values ($1, $2, $3, $4)",
        invitation.id,
        invitation.sponsor_id,
        invitation.made_at,
        invitation.expires_at,
    )


async def take_turns(tx: Tx, address_mac: bytes) -> None:
    """Let letters to that address be asked for one by one until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"invited {address_mac.hex()}")


async def letters(tx: Tx, sponsor_id: UUID, address_mac: bytes, since: datetime) -> tuple[int, bool]:
    """How many of hers were asked for since then, and whether one left to that address."""
    row = await tx.fetchrow(
        "select count(*) filter (where sponsor_id = $1) as hers, bool_or(address_mac = $2 and sent) as written from invitation_letters"
        " where (sponsor_id = $1 or address_mac = $2) and asked_at > $3",
        sponsor_id,
        address_mac,
        since,
    )
    return (row["hers"], bool(row["written"])) if row else (0, False)


async def keep_letter(tx: Tx, invitation: Invitation, address_mac: bytes, *, sent: bool) -> None:
    """One more was asked for."""
    await tx.execute(
        "insert into invitation_letters (invitation_id, sponsor_id, address_mac, asked_at, sent) values ($1, $2, $3, $4, $5)",
        invitation.id,
        invitation.sponsor_id,
        address_mac,
        invitation.made_at,
        sent,
    )


async def let_in(tx: Tx, invitation: Invitation, address: Address, known: InvitedAs) -> None:
    """Those who run the community invite whoever has this address; again, if an earlier invitation ran out."""
    await tx.execute(
        "insert into invitations (invitation_id, founder, address_key, prefill, made_at, expires_at)"
        " values ($1, $2, $3, $4::text::jsonb, $5, $6)"
        " on conflict (address_key) do update set founder = excluded.founder, prefill = excluded.prefill, made_at = excluded.made_at,"
        " expires_at = excluded.expires_at where invitations.used_at is null",
        invitation.id,
        invitation.founder,
        address.key,
        known.model_dump_json(exclude_defaults=True),
        invitation.made_at,
        invitation.expires_at,
    )


async def known(tx: Tx, keys: Sequence[str], at: datetime) -> dict[str, str]:
    """What is known of those of these addresses that need no invitation: by key, in words."""
    rows = await tx.fetch(
        f"select key, {accounts.with_key('key')} is not null as has_account from unnest($1::text[]) as key"
        f" where {accounts.with_key('key')} is not null"
        f" or exists (select from invitations where address_key = key and {_OPEN.format(at='$2')})",
        list(keys),
        at,
    )
    return {row["key"]: "has an account" if row["has_account"] else "is invited already" for row in rows}


async def invited_as(tx: Tx, member_id: UUID) -> InvitedAs | None:
    """What was known of her when the community invited her, until she has joined."""
    known = await tx.fetchval(
        "select prefill from invitations where invitation_id = (select invitation_id from places where member_id = $1)", member_id
    )
    return None if known is None else InvitedAs.model_validate(known)


async def withdraw(tx: Tx, invitation_id: UUID, at: datetime) -> None:
    """She takes it back."""
    await tx.execute("update invitations set withdrawn_at = $2 where invitation_id = $1", invitation_id, at)


async def lock_open(tx: Tx, invitation_id: UUID, sponsor_id: UUID, at: datetime) -> bool:
    """Whether this is an open invitation of hers, with it locked until the transaction ends."""
    return bool(
        await tx.fetchval(
            f"select true from invitations where invitation_id = $1 and sponsor_id = $2 and {_OPEN.format(at='$3')} for update",
            invitation_id,
            sponsor_id,
            at,
        )
    )


async def use(tx: Tx, place: Place, at: datetime) -> None:
    """Let her in by the invitation of that place, unless she came in before."""
    new = await tx.fetchval(
        f"insert into places ({_PLACE}) select $1::uuid, $2, $3, $4, $5 where {profiles.named('$1')} is null"
        " on conflict do nothing returning true",
        place.member_id,
        place.branch,
        place.founder,
        place.sponsor_id,
        place.invitation_id,
    )
    if new:
        await tx.execute("update invitations set used_at = $2 where invitation_id = $1", place.invitation_id, at)


async def place(tx: Tx, member_id: UUID | None) -> Place | None:
    """Where she came in; None if nobody let her in yet."""
    row = await tx.fetchrow(f"select {_PLACE} from places where member_id = $1", member_id)
    return None if row is None else Place(**row)


async def joined(tx: Tx, member_id: UUID, branch: UUID, on: date) -> None:
    """She has joined: her branch stands for good, and what was written down about her before she came goes."""
    await tx.execute(
        "insert into places (member_id, branch, joined_on) values ($1, $2, $3)"
        " on conflict (member_id) do update set joined_on = excluded.joined_on",
        member_id,
        branch,
        on,
    )
    await _forget_prefill(tx, member_id)


async def invited_by(tx: Tx, sponsor_id: UUID) -> Sequence[Invited]:
    """Who joined by her invitations, as far as they exist for her, and those of whom she was told that moderators had to act."""
    rows = await tx.fetch(
        f"select member_id as id, {profiles.named('p.member_id')} as name, sanctioned_at is not null as sanctioned"
        " from places p where sponsor_id = $1 and joined_on is not null"
        f" and ({visibility.visible('$1', 'p.member_id')} or (sanctioned_at is not null and {safety.unblocked('$1', 'p.member_id')}))"
        " order by joined_on desc, member_id limit $2",
        sponsor_id,
        MOST_INVITED,
    )
    return [Invited(**row) for row in rows]


async def sponsor_of(tx: Tx, member_id: UUID) -> UUID | None:
    """Who invited her; None if nobody did, or her sponsor has released herself or left."""
    sponsor_id: UUID | None = await tx.fetchval("select sponsor_id from places where member_id = $1", member_id)
    return sponsor_id


async def sanction(tx: Tx, member_id: UUID, at: datetime) -> tuple[UUID, int] | None:
    """Moderators had to act on her: her sponsor and how often that was; None if nobody is to hear of it."""
    row = await tx.fetchrow(
        "update places set sanctions = sanctions + 1, sanctioned_at = $2 where member_id = $1"
        f" and {visibility.visible('$1', 'sponsor_id')} returning sponsor_id, sanctions",
        member_id,
        at,
    )
    return None if row is None else (row["sponsor_id"], row["sanctions"])


async def release(tx: Tx, sponsor_id: UUID, member_id: UUID) -> bool:
    """She is her sponsor no longer; whether she was. The branch stays."""
    released = await tx.fetchval(
        "update places set sponsor_id = null where member_id = $1 and sponsor_id = $2 returning true", member_id, sponsor_id
    )
    return bool(released)


async def unplaced(tx: Tx, branch: UUID, most: int) -> Sequence[tuple[UUID, date]]:
    """Give that branch to members who joined before branches were kept: who they are, and when they joined."""
    rows = await tx.fetch(
        f"insert into places (member_id, branch, joined_on) select member_id, $1, joined_on from {profiles.JOINED} as them"
        " where not exists (select from places where places.member_id = them.member_id) limit $2"
        " on conflict do nothing returning member_id, joined_on",
        branch,
        most,
    )
    return [(row["member_id"], row["joined_on"]) for row in rows]


async def clean(pool: Pool, at: datetime) -> None:
    """Forget invitations that nobody used in time, and letters that no limit counts any more."""
    await pool.execute("delete from invitation_letters where asked_at < $1", at - LETTERS_WITHIN)
    await pool.execute("delete from invitations where used_at is null and expires_at < $1", at - KEPT)


async def forget(tx: Tx, member_id: UUID, at: datetime) -> None:
    """Of an erased member go her invitations, her place and what was known before she came; others' branches stay."""
    await _forget_prefill(tx, member_id)
    await tx.execute("update invitation_letters set sponsor_id = null where sponsor_id = $1", member_id)
    await tx.execute("delete from invitations where sponsor_id = $1", member_id)
    await tx.execute("update places set sponsor_id = null where sponsor_id = $1", member_id)
    await tx.execute("delete from places where member_id = $1", member_id)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her invitations, by when she made them and what became of them."""
    return await found(
        tx,
        member_id,
        invitations="select made_at, expires_at, withdrawn_at, used_at from invitations where sponsor_id = $1 order by made_at",
    )


async def _forget_prefill(tx: Tx, member_id: UUID) -> None:
    await tx.execute(
        "update invitations set address_key = null, prefill = null"
        " where invitation_id = (select invitation_id from places where member_id = $1)",
        member_id,
    )


async def made(tx: Tx, begins_at: datetime, ends_at: datetime) -> int:
    """How many invitations were made in that time."""
    count: int = await tx.fetchval("select count(*) from invitations where made_at >= $1 and made_at < $2", begins_at, ends_at)
    return count
