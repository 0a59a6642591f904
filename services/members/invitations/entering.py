"""What an invitation does at the door, in the transaction of whoever signs in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.members.accounts.domain import Address
from services.members.community import domain as community
from services.members.community import store as community_store
from services.members.invitations import domain, store
from services.members.invitations.domain import DoorPolicy, Invitation
from shared import clock
from shared.contracts.http.members.community import Join
from shared.postgres.database import Tx


@dataclass(frozen=True)
class Welcome:
    """Whether whoever has an address without an account may sign in, and the invitation that she brings, if it is good."""

    may_enter: bool
    invitation: Invitation | None


async def who_may_join(tx: Tx, most: Join) -> Join:
    """As many as the operator allows, or fewer, if the steward says so."""
    return community.who_may_join(await community_store.who_may_join(tx), most)


async def welcome(tx: Tx, door: DoorPolicy, address: Address, token: str, *, lock: bool = False) -> Welcome:
    """By the same statements for every address and token; with `lock` the invitation is hers until the transaction ends."""
    found = await store.find(tx, domain.id_in(door.key, token), address, clock.now(), lock=lock)
    join = await who_may_join(tx, door.most)
    return Welcome(found is not None or join == "open", found)


async def enter(tx: Tx, welcomed: Welcome, member_id: UUID, at: datetime) -> None:
    """She is signed in, with the invitation that she brought: it is used, if she had not come in before."""
    if welcomed.invitation is None:
        return
    sponsor = await store.place(tx, welcomed.invitation.sponsor_id)
    await store.use(tx, domain.place(welcomed.invitation, member_id, sponsor, uuid4()), at)
