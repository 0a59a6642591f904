"""Her own request to join, what the member says whom she named, and the moderators' queue."""

from fastapi import APIRouter, Depends

from services.members.joining import store
from services.members.joining.commands import Answer, Ask, Recommend
from services.members.profiles import store as profiles
from services.members.sessions.api import Policy
from services.members.visibility import takes_part
from shared.contracts.http.base import Page
from shared.contracts.http.members import joining as contract
from shared.contracts.http.members.joining import JoinRequestBody, JoinRequestRow, JoinRequestView
from shared.http.commands import Run, runs
from shared.http.routing import PagingOf, Pool_, serve
from shared.http.tokens import CurrentMember, moderator
from shared.postgres.database import transaction
from shared.problems import NotFound

router = APIRouter(dependencies=[Depends(takes_part)])
for_moderators = APIRouter(dependencies=[Depends(takes_part), Depends(moderator)])
routers = (router, for_moderators)


@serve(router, contract.MY_JOIN_REQUEST)
async def my_join_request(me: CurrentMember, pool: Pool_) -> JoinRequestView:
    """Raises NotFound if she has none."""
    async with transaction(pool) as tx:
        if found := await store.of(tx, me):
            return JoinRequestView(about=found.about, answer_by=found.answer_by, let_in=found.let_in)
    raise NotFound


@serve(router, contract.ASK_TO_JOIN)
async def ask_to_join(body: JoinRequestBody, run: Run, policy: Policy) -> None:
    """She asks moderators to let her in, who answer by a date that she reads. Raises CannotAskToJoin."""
    await run(Ask(body, policy.door.most, policy.test_domains))


@serve(for_moderators, contract.JOIN_REQUESTS)
async def join_requests(pool: Pool_, paging: PagingOf) -> Page[JoinRequestRow]:
    """The earliest first; of the member who was named only if she recommends her."""
    async with transaction(pool) as tx:
        found, after = paging.cut(await store.waiting(tx, paging), lambda request: request.id)
        cards = await profiles.cards(tx, {one.recommender_id for one in found if one.recommender_id and one.recommends})
    rows = [
        JoinRequestRow(
            id=one.id,
            name=one.name,
            about=one.about,
            asked_at=one.asked_at,
            answer_by=one.answer_by,
            recommended_by=cards.get(one.recommender_id) if one.recommender_id else None,
        )
        for one in found
    ]
    return Page(items=rows, next=after)


runs(router, contract.RECOMMEND, Recommend)
runs(for_moderators, contract.ANSWER_JOIN_REQUEST, Answer)
