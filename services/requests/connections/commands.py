"""What members can ask for: each command loads what its rule needs, and the rule decides.

Locks are taken in one order everywhere: the pair, members, requests.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.connections import store
from services.requests.connections.domain import answering, asking, bar, clarifying, ending
from services.requests.connections.domain.connection_request import Changed, ConnectionRequest, RequestWords
from services.requests.connections.domain.limits import Sent
from services.requests.connections.domain.notes import Writer
from services.requests.connections.domain.pair import Pair
from services.requests.people import store as people
from services.requests.people.domain.keeping import spoke
from services.requests.reach import store as reach
from services.requests.reach.domain import Reach
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.http.requests.connection_problems import CannotRequest, OnlyThroughIntroduction
from shared.contracts.http.requests.connections import Closeness, LastSpoke
from shared.contracts.kind_answers import KindAnswer
from shared.ids import new_id
from shared.messaging.member_copy import lock_pair
from shared.postgres.database import Tx
from shared.problems import NotFound


@dataclass(frozen=True)
class Asked:
    """The request that was made or answered, and an older one whose end was announced."""

    request: ConnectionRequest
    ended: ConnectionRequest | None = None

    @property
    def id(self) -> UUID:
        return self.request.id


@dataclass(frozen=True)
class Ask:
    """Ask her, or answer her own open request with a yes.

    Raises NotFound if she doesn't exist for me, CannotRequest, OnlyThroughIntroduction, OnlyWomenSheHasMet, QuestionChanged,
    TooManyOpenRequests, TooManyRequestsToday; Invalid and Nudge of its note, which an answer doesn't need.
    """

    recipient_id: UUID
    words: RequestWords
    nudged: bool = False

    async def load(self, tx: Tx, me: UUID) -> tuple[UUID, Pair, Sent, Writer]:
        """The id for a new request, the pair, and what I have sent and written."""
        await lock_pair(tx, me, self.recipient_id)
        await members.take_turns(tx, me)
        found = await members.lock(tx, [me, self.recipient_id])
        if self.recipient_id not in await visibility.seen(tx, me, [self.recipient_id]):
            raise NotFound
        await store.lock_between(tx, me, self.recipient_id)
        suspended = not members.take_part(found, me, self.recipient_id)
        pair = await store.pair(tx, me, self.recipient_id, suspended=suspended)
        now = clock.now()
        return new_id(), pair, await store.sent(tx, me, now), await store.writer(tx, me, now)

    def decide(self, loaded: tuple[UUID, Pair, Sent, Writer], me: UUID, at: datetime) -> tuple[Asked, list[Event]]:
        request_id, pair, sent, writer = loaded
        if me == self.recipient_id:
            raise CannotRequest
        if pair.only_introduced(at):
            raise OnlyThroughIntroduction
        if not pair.may_ask(at):
            raise CannotRequest
        if crossing := pair.crossing(at):
            request, events = answering.accepted(crossing, self.words.closeness, at)
            return Asked(request), events
        bar.let_through(pair.her_reach, self.words)
        if limit := sent.obstacle(at):
            raise limit
        if obstacle := writer.judge(self.words.where_we_met, self.words.why_now).obstacle(nudged=self.nudged):
            raise obstacle
        request, events = asking.ask(request_id, me, self.recipient_id, self.words, at)
        if pair.from_me is None or pair.from_me.announced:
            return Asked(request), events
        # My last request has long expired, but if no timer ran since (or time travelled) its end is yet to be announced.
        ended, announced = ending.announce(pair.from_me, at)
        return Asked(request, ended), [*announced, *events]

    async def save(self, tx: Tx, loaded: object, asked: Asked) -> None:
        if asked.ended:
            await store.save(tx, asked.ended)
        if asked.request.state == "accepted":
            await store.save(tx, asked.request)
            await people.connect(tx, asked.request.sides(self.words))
        else:
            await store.insert(tx, asked.request)


@dataclass(frozen=True)
class ReportQuestion:
    """Tell moderators of the question that she asks of whoever asks her. Raises NotFound, QuestionChanged."""

    member_id: UUID
    question: str

    async def load(self, tx: Tx, me: UUID) -> Reach:
        if self.member_id not in await visibility.seen(tx, me, [self.member_id]):
            raise NotFound
        return (await reach.of(tx, [self.member_id]))[self.member_id]

    def decide(self, hers: Reach, me: UUID, at: datetime) -> tuple[None, list[Event]]:
        return None, [bar.report(hers, self.question, me, self.member_id, at)]

    async def save(self, tx: Tx, hers: Reach, nothing: None) -> None:
        """The event is all there is."""


@dataclass(frozen=True)
class _OnOne:
    """A command on one request of mine, with a member who exists for me."""

    request_id: UUID

    async def load(self, tx: Tx, me: UUID) -> ConnectionRequest:
        request = await store.lock(tx, me, self.request_id)
        if request is None:
            raise NotFound
        return request

    async def save(self, tx: Tx, before: ConnectionRequest, after: ConnectionRequest) -> None:
        if after != before:
            await store.save(tx, after)


@dataclass(frozen=True)
class Decline(_OnOne):
    """Say no, which doesn't show; also that I don't know her."""

    unknown: bool

    def decide(self, request: ConnectionRequest, me: UUID, at: datetime) -> Changed:
        return answering.decline(request, me, at, unknown=self.unknown)


class Withdraw(_OnOne):
    """Withdraw my request."""

    def decide(self, request: ConnectionRequest, me: UUID, at: datetime) -> Changed:
        return ending.withdraw(request, me, at)


@dataclass(frozen=True)
class _HeardAtOnce:
    """As `_OnOne`, and the other hears of it: loaded with whether either of the two is suspended."""

    request_id: UUID

    async def load(self, tx: Tx, me: UUID) -> tuple[ConnectionRequest, bool]:
        request = await _OnOne(self.request_id).load(tx, me)
        both = (request.requester_id, request.recipient_id)
        return request, not members.take_part(await members.present(tx, both), *both)

    async def save(self, tx: Tx, loaded: tuple[ConnectionRequest, bool], after: ConnectionRequest) -> None:
        if after != loaded[0]:
            await store.save(tx, after)


@dataclass(frozen=True)
class DeclineKindly(_HeardAtOnce):
    """Say no in a sentence that she reads at once."""

    kind_answer: KindAnswer

    def decide(self, loaded: tuple[ConnectionRequest, bool], me: UUID, at: datetime) -> Changed:
        request, suspended = loaded
        return answering.decline_kindly(request, me, self.kind_answer, at, suspended=suspended)


@dataclass(frozen=True)
class AskBack(_HeardAtOnce):
    """Ask her one question before I decide."""

    question: str

    def decide(self, loaded: tuple[ConnectionRequest, bool], me: UUID, at: datetime) -> Changed:
        request, suspended = loaded
        return clarifying.ask_back(request, me, self.question, at, suspended=suspended)


@dataclass(frozen=True)
class AnswerBack(_HeardAtOnce):
    """Answer the question of the woman whom I asked to connect."""

    answer: str

    def decide(self, loaded: tuple[ConnectionRequest, bool], me: UUID, at: datetime) -> Changed:
        request, suspended = loaded
        return clarifying.answer_back(request, me, self.answer, at, suspended=suspended)


@dataclass(frozen=True)
class Accept(_HeardAtOnce):
    """Say yes, and how well I know her; if I like, when we last spoke."""

    closeness: Closeness
    last_spoke: LastSpoke | None = None

    def decide(self, loaded: tuple[ConnectionRequest, bool], me: UUID, at: datetime) -> Changed:
        request, suspended = loaded
        return answering.accept(request, me, self.closeness, at, suspended=suspended)

    async def save(self, tx: Tx, loaded: tuple[ConnectionRequest, bool], after: ConnectionRequest) -> None:
        await super().save(tx, loaded, after)
        if after != loaded[0]:
            hers, mine = after.sides()
            await people.connect(tx, (hers, spoke(mine, self.last_spoke, mine.since)))
