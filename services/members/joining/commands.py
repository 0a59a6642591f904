"""Asking to join, recommending who does, and answering her."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.members.accounts import store as accounts
from services.members.accounts.domain import parse_address
from services.members.community import store as community
from services.members.invitations import entering
from services.members.invitations import store as invitations
from services.members.joining import domain, store
from services.members.joining.domain import Changed, JoinRequest
from services.members.moderation import store as moderation
from services.members.profiles import store as profiles
from shared.contracts.http.members.community import Join
from shared.contracts.http.members.joining import CannotAskToJoin, JoinRequestBody
from shared.ids import new_id
from shared.postgres.database import Tx
from shared.problems import Field, Invalid, NotFound, NotSignedIn


@dataclass(frozen=True)
class Known:
    """Her address, whether she may ask, the terms' version, the member whom she named, and the request's id."""

    address: str
    may_ask: bool
    terms: int
    recommender_id: UUID | None
    request_id: UUID


@dataclass(frozen=True)
class Ask:
    """She would like to join. Whether a member has the address that she named changes nothing that she sees."""

    body: JoinRequestBody
    most: Join
    test_domains: bool

    async def load(self, tx: Tx, me: UUID) -> Known:
        """With her account locked, so that she asks once. Raises NotSignedIn, Invalid."""
        account, key = await accounts.lock(tx, me), self._recommender_key()
        if account is None:
            raise NotSignedIn
        able = await asks(tx, me, self.most) and not await store.of(tx, me) and not await profiles.joined(tx, me)
        terms = await community.version(tx, "terms")
        return Known(account[0], able, terms, await profiles.with_address(tx, me, key), new_id())

    def _recommender_key(self) -> str:
        try:
            return parse_address(self.body.recommender, test_domains=self.test_domains).key if self.body.recommender.strip() else ""
        except Invalid as error:
            raise Invalid(fields=[Field("recommender", "not_an_address")]) from error

    def decide(self, loaded: Known, me: UUID, at: datetime) -> Changed:
        """Raises CannotAskToJoin; Invalid unless she is of age and agrees to the terms."""
        if not loaded.may_ask:
            raise CannotAskToJoin
        unsaid = [("adult", "not_adult", self.body.adult), ("terms", "not_agreed", self.body.terms == loaded.terms)]
        if wrong := [Field(name, code) for name, code, said in unsaid if not said]:
            raise Invalid(fields=wrong)
        return domain.ask((loaded.request_id, me), loaded.address, self.body, loaded.recommender_id, at)

    async def save(self, tx: Tx, loaded: Known, row: JoinRequest) -> None:
        await store.save(tx, row)
        await community.agree(tx, row.member_id, "terms", loaded.terms, row.asked_at)


async def asks(tx: Tx, me: UUID, most: Join) -> bool:
    """Whether nobody has let her in yet, and she has asked, or may ask."""
    if await invitations.place(tx, me):
        return False
    return await store.of(tx, me) is not None or await entering.who_may_join(tx, most) == "by_request"


@dataclass(frozen=True)
class Recommend:
    """The member whom she named says whether she would have her here; until it is answered she may say otherwise."""

    join_request_id: UUID
    recommends: bool

    async def load(self, tx: Tx, me: UUID) -> JoinRequest:
        """Raises NotFound unless she was named."""
        if (found := await store.lock(tx, self.join_request_id)) and found.recommender_id == me:
            return found
        raise NotFound

    def decide(self, loaded: JoinRequest, me: UUID, at: datetime) -> Changed:
        return loaded.recommend(self.recommends), []

    async def save(self, tx: Tx, loaded: JoinRequest, row: JoinRequest) -> None:
        await store.save(tx, row)


@dataclass(frozen=True)
class Answer:
    """A moderator's: yes, or not now."""

    join_request_id: UUID
    let_in: bool

    async def load(self, tx: Tx, me: UUID) -> tuple[JoinRequest, str, UUID]:
        """With her address, and who answers. Raises NotFound."""
        found = await store.lock(tx, self.join_request_id)
        address = found and await accounts.address_of(tx, found.member_id)
        if found is None or not address:
            raise NotFound
        return found, address, me

    def decide(self, loaded: tuple[JoinRequest, str, UUID], me: UUID, at: datetime) -> Changed:
        return loaded[0].answer(loaded[1], self.let_in, at)

    async def save(self, tx: Tx, loaded: tuple[JoinRequest, str, UUID], row: JoinRequest) -> None:
        await keep_answer(tx, row, loaded[2])


async def keep_answer(tx: Tx, answered: JoinRequest, by_id: UUID | None) -> None:
    """Keep it as answered, with a line of the log; who is let in comes in below the member who recommended her."""
    assert answered.answered_at  # noqa: S101  (for the types)
    await store.save(tx, answered)
    await moderation.log(tx, answered.id, by_id, "let_in" if answered.let_in else "not_now", answered.answered_at)
    if answered.let_in:
        sponsor = answered.recommender_id if answered.recommends else None
        await entering.let_in(tx, answered.member_id, sponsor, answered.answered_at)
