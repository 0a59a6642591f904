"""What an invitation does at the door, in the transaction of whoever signs in."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.community import domain as community
from services.members.community import store as community_store
from services.members.invitations import domain, store
from services.members.invitations.domain import DoorPolicy, Invitation
from services.members.joining import store as join_requests
from shared import clock
from shared.contracts.events.base import NIL
from shared.contracts.http.members.community import Join
from shared.postgres.database import Tx
from shared.postgres.together import LATER, together


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
    find = store.find(LATER, domain.id_in(door.key, token), address, clock.now(), lock=lock)
    found, join = await together(tx, find, who_may_join(LATER, door.most))
    # Who asks to join has an account before she is let in; without a place it makes her no member.
    return Welcome(found is not None or join != "invited", found)


async def enter(tx: Tx, welcomed: Welcome, member_id: UUID, at: datetime) -> None:
    """She is signed in, with the invitation that she brought: it is used, if she had not come in before."""
    if welcomed.invitation is None:
        return
    sponsor = await store.place(tx, welcomed.invitation.sponsor_id)
    await store.use(tx, domain.place(welcomed.invitation, member_id, sponsor, uuid4()), at)
    await join_requests.drop(tx, member_id)


async def let_in(tx: Tx, member_id: UUID, recommender_id: UUID | None, at: datetime) -> None:
    """Moderators let her in: below the member who recommended her, if she still takes part."""
    here = recommender_id and await accounts.standing(tx, recommender_id) == (False, False)
    sponsor = await store.place(tx, recommender_id) if here else None
    place = domain.place(Invitation(NIL, sponsor.member_id if sponsor else None, at, at), member_id, sponsor, uuid4())
    await store.use(tx, replace(place, invitation_id=None), at)
