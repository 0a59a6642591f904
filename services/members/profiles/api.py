"""My profile, and other members'."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.members.accounts import queries as accounts
from services.members.profiles import queries
from services.members.profiles.domain import Profile, PublicProfile, shown_to
from services.members.sessions.domain import ProfileNeeded
from shared.clock import now
from shared.http.app import Pool_
from shared.http.idempotency import Idempotent, answer_once
from shared.http.tokens import CurrentMember
from shared.messaging import outbox
from shared.postgres.database import transaction
from shared.problems import NotFound, NotSignedIn

routes = APIRouter(prefix="/v1")


class Me(BaseModel):
    """What she sees of her own account."""

    id: UUID
    email: str
    joined: bool
    profile: Profile | None


@routes.get("/me")
async def me(member_id: CurrentMember, pool: Pool_) -> Me:
    """Her account. Raises NotSignedIn where it is gone."""
    async with transaction(pool) as tx:
        address = await accounts.address_of(tx, member_id)
        profile = await queries.find(tx, member_id)
    if address is None:
        raise NotSignedIn
    return Me(id=member_id, email=address, joined=profile is not None, profile=profile)


@routes.put("/me/profile")
async def write_profile(member_id: CurrentMember, key: Idempotent, profile: Profile, pool: Pool_) -> Response:
    """Her profile as it is from now on; the first one makes her a member."""
    async with transaction(pool) as tx:

        async def work() -> Profile:
            member = await queries.lock(tx, member_id)
            if member is None:
                raise NotSignedIn
            at = now()
            after, events = member.write(profile, at)
            if events:
                await queries.save(tx, after, profile, at)
                await outbox.put(tx, *events)
            return profile

        return await answer_once(tx, member_id, key, profile, work)


@routes.get("/profiles/{wanted}")
async def read_profile(wanted: UUID, member_id: CurrentMember, pool: Pool_) -> PublicProfile:
    """A member's profile. Raises ProfileNeeded where the reader hasn't joined, NotFound where there is no such member."""
    async with transaction(pool) as tx:
        joined = await queries.exists(tx, member_id)
        profile = await queries.find(tx, wanted)
    if not joined:
        raise ProfileNeeded
    if profile is None:
        raise NotFound
    return shown_to(member_id, wanted, profile)
