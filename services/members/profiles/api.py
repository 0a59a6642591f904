"""My account and profile, and other members' profiles."""

from uuid import UUID

from fastapi import APIRouter, Depends

from services.members.accounts import store as accounts
from services.members.community import agreements
from services.members.erasure import store as erasure
from services.members.invitations import store as invitations
from services.members.joining.commands import asks
from services.members.moderation import store as notices
from services.members.photos import store as photos
from services.members.profiles import store
from services.members.profiles.commands import WriteProfile
from services.members.profiles.views import view
from services.members.sessions.api import Policy
from services.members.visibility import takes_part
from shared.contracts.http.members.profiles import ME, PROFILE, WRITE_PROFILE, Me, ProfileBody, ProfileNeeded, ProfileView
from shared.http.commands import Run
from shared.http.routing import Pool_, serve
from shared.http.tokens import CurrentMember
from shared.postgres.database import transaction
from shared.postgres.together import LATER, together
from shared.problems import NotFound, NotSignedIn

router = APIRouter(dependencies=[Depends(takes_part)])
about_me = APIRouter()
"""Open to a suspended member, and to one in her last days; the answer itself is asked whether she has an account."""


@serve(about_me, ME)
async def my_account(me: CurrentMember, pool: Pool_, policy: Policy) -> Me:
    """Raises NotSignedIn if the account is gone."""
    async with transaction(pool) as tx:
        known, ((profile, version), photo), standing, notice_id, departure, terms = await together(
            tx,
            accounts.addresses_of(LATER, me),
            together(LATER, store.own(LATER, me), photos.tag(LATER, me)),
            accounts.standing(LATER, me),
            notices.unacknowledged(LATER, me),
            erasure.find(LATER, me),
            agreements.missing(LATER, me),
        )
        invited_as = None if profile else await invitations.invited_as(tx, me)
        asks_to_join = profile is None and await asks(tx, me, policy.door.most)
    if known is None or standing is None:
        raise NotSignedIn
    suspended, leaving = standing
    joined, ends_at = profile is not None, departure.ends_at if departure and leaving else None
    rest = {
        "profile": profile,
        "photo": photo,
        "version": version,
        "notice_id": notice_id,
        "invited_as": invited_as,
        "terms_to_agree": terms,
        "asks_to_join": asks_to_join,
    }
    return Me(id=me, email=known[0], passed_on=known[1], joined=joined, suspended=suspended, ends_at=ends_at, **rest)


@serve(router, WRITE_PROFILE)
async def write_profile(profile: ProfileBody, run: Run, policy: Policy) -> None:
    """The first one makes her a member."""
    await run(WriteProfile(profile, policy.door.most))


@serve(router, PROFILE)
async def read_profile(member_id: UUID, me: CurrentMember, pool: Pool_) -> ProfileView:
    """Raises ProfileNeeded if the reader hasn't joined, NotFound if there is no such member for her."""
    async with transaction(pool) as tx:
        reader_joined, profile, photo = await together(
            tx, store.joined(LATER, me), store.find(LATER, me, member_id), photos.tag(LATER, member_id)
        )
    if not reader_joined:
        raise ProfileNeeded
    if profile is None:
        raise NotFound
    return view(profile, member_id, me).model_copy(update={"photo": photo})
