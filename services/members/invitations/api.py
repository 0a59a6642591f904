"""Her invitations, and who invites whoever opens one."""

from fastapi import APIRouter, Depends

from services.members.accounts.domain import parse_address
from services.members.invitations import domain, store
from services.members.invitations.commands import Invite, InviteByLetter, Release, TakeBack
from services.members.joining import store as join_requests
from services.members.profiles import store as profiles
from services.members.sessions.api import Policy, from_web
from services.members.visibility import takes_part
from shared import clock
from shared.contracts.http.base import Created
from shared.contracts.http.members import joining as contract
from shared.contracts.http.members.joining import (
    InvitationBody,
    InvitationFrom,
    InvitationGone,
    InvitationLetterBody,
    Invitations,
    OpenInvitation,
    Recommended,
)
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.http.commands import Run, runs
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction
from shared.problems import NotFound

router = APIRouter(dependencies=[Depends(takes_part)])
door = APIRouter(dependencies=[Depends(from_web)])
routers = (router, door)


@serve(router, contract.INVITATIONS)
async def my_invitations(me: CurrentMember, pool: Pool_, policy: Policy) -> Invitations:
    """Raises ProfileNeeded if she hasn't joined."""
    at = clock.now()
    async with transaction(pool) as tx:
        if not await profiles.joined(tx, me):
            raise ProfileNeeded
        found, budget, invited = await store.open_of(tx, me, at), await store.budget(tx, me, at), await store.invited_by(tx, me)
        asked = await join_requests.for_recommender(tx, me)
    left, next_at = budget.left(at)
    open_ = [OpenInvitation(id=one.id, token=domain.token_of(policy.code_key, one.id), expires_at=one.expires_at) for one in found]
    named_by = [Recommended(id=one.id, name=one.name, about=one.about, answer_by=one.answer_by, recommends=one.recommends) for one in asked]
    return Invitations(open=open_, left=left, next_at=next_at, invited=list(invited), named_by=named_by, by_letter=policy.door.letters)


runs(router, contract.INVITE, Invite)


@serve(router, contract.INVITE_BY_LETTER)
async def invite_by_letter(body: InvitationLetterBody, run: Run, policy: Policy) -> Created:
    """One more invitation, which goes by email to whom it is for.

    Raises NotFound unless the operator allows it; and Invalid, NoInvitationLeft, TooManyInvitationLetters, whatever the address is.
    """
    if not policy.door.letters:
        raise NotFound
    address = parse_address(body.email, test_domains=policy.test_domains)
    return await run.create(InviteByLetter(address, body.language, policy.code_key))


runs(router, contract.TAKE_BACK, TakeBack)
runs(router, contract.RELEASE, Release)


@serve(door, contract.OPEN_INVITATION)
async def open_invitation(body: InvitationBody, pool: Pool_, policy: Policy) -> InvitationFrom:
    """Raises InvitationGone, whatever the cause."""
    async with transaction(pool) as tx:
        name = await store.inviting(tx, domain.id_in(policy.code_key, body.invitation), clock.now())
    if name is None:
        raise InvitationGone
    return InvitationFrom(name=name)
