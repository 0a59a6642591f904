"""Asking to join: who may, who hears of it, who answers, and that time answers for whoever doesn't."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.members.erasure.commands import erase
from services.members.invitations.domain import WITHOUT_SPONSOR
from services.members.joining import domain, timers
from services.members.joining.domain import ANSWERED_WITHIN, KEPT, WARNED_BEFORE
from services.members.safety import commands as safety
from shared import clock
from shared.contracts.events.members_private import JoinAnswered, JoinRequested, JoinWaits
from shared.contracts.http.members.joining import JoinRequestBody
from shared.postgres.database import transaction
from shared.problems import NotFound
from tests.members.conftest import Members, running
from tests.members.test_invitations import branches, invitations, invite

ANA, MIA = "ana@example.com", "mia@example.com"
ABOUT = "I repair harbour cranes, and three of the women whom I learnt it from are here."
ASK: dict[str, Any] = {"name": "Mia Sol", "about": ABOUT, "recommender": "", "language": "es", "adult": True, "terms": 1}


@pytest.fixture
async def members(database: str) -> AsyncIterator[Members]:
    async with running(database, join="by_request") as api:
        yield api


@pytest.fixture
async def ana(members: Members, database: str) -> tuple[str, str]:
    """A member and moderator, who came while joining was open; her session and her id."""
    async with running(database) as opened:
        session, ana = await opened.join(ANA)
    await members.pool.execute("insert into roles values ($1, 'moderator', now())", UUID(ana))
    await members.shows_passkey(session)
    return session, ana


async def call(members: Members, session: str, method: str, path: str, body: object = None) -> tuple[int, Any]:
    answer = await members.client.request(method, path, json=body, headers=await members.headers(session))
    return answer.status_code, answer.json() if answer.content else None


async def ask(members: Members, email: str = MIA, **said: Any) -> str:
    """Her session, once she has asked."""
    session = await members.sign_in(email)
    assert await call(members, session, "PUT", "/v1/me/join-request", {**ASK, **said}) == (204, None)
    return session


async def queue(members: Members, session: str) -> list[dict[str, Any]]:
    status, page = await call(members, session, "GET", "/v1/moderation/join-requests")
    assert status == 200
    return list(page["items"])


async def answer(members: Members, session: str, let_in: bool) -> None:
    [waits] = await queue(members, session)
    path = f"/v1/moderation/join-requests/{waits['id']}/answer"
    assert await call(members, session, "POST", path, {"let_in": let_in}) == (204, None)
    assert (await call(members, session, "POST", path, {"let_in": not let_in}))[0] == 404


async def hers(members: Members, session: str) -> Any:
    status, request = await call(members, session, "GET", "/v1/me/join-request")
    return request if status == 200 else status


async def days_later(members: Members, days: float) -> None:
    """So many days pass, as far as requests to join know."""
    for column in ("asked_at", "answer_by", "due_at", "answered_at"):
        await members.pool.execute(f"update join_requests set {column} = {column} - $1::interval", timedelta(days=days))
    await timers.let_time_pass(members.pool)


pytestmark = pytest.mark.servers


async def test_who_asks_has_an_account_and_is_no_member_before_she_is_let_in(members: Members, ana: tuple[str, str]) -> None:
    session = await members.sign_in(MIA)
    assert (await members.me(session))["asks_to_join"]
    assert (await members.write(session)).json()["code"] == "not_let_in"
    assert await hers(members, session) == 404
    assert await call(members, session, "PUT", "/v1/me/join-request", ASK) == (204, None)
    assert (await members.write(session)).json()["code"] == "not_let_in"
    waits = await hers(members, session)
    assert (waits["about"], waits["let_in"]) == (ABOUT, None)
    until = datetime.fromisoformat(waits["answer_by"]) - clock.now()
    assert timedelta(days=13.9) < until <= timedelta(days=14)
    [asked] = await members.events("join_requested")
    assert isinstance(asked, JoinRequested)
    assert (asked.address, asked.name, asked.recommender_id, asked.private) == (MIA, "Mia Sol", None, True)
    await answer(members, ana[0], True)
    assert not (await members.me(session))["asks_to_join"]
    assert (await members.write(session)).status_code == 204
    assert (await branches(members))[(await members.me(session))["id"]] == WITHOUT_SPONSOR
    assert await members.pool.fetchval("select count(*) from join_requests") == 0
    [answered] = await members.events("join_answered")
    assert isinstance(answered, JoinAnswered)
    assert answered.let_in


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"adult": False}, {"adult": "not_adult"}),
        ({"terms": None}, {"terms": "not_agreed"}),
        ({"recommender": "nobody"}, {"recommender": "not_an_address"}),
        ({"about": "Hello"}, {"about": "too_short"}),
        ({"name": ""}, {"name": "empty"}),
    ],
)
async def test_what_she_has_to_say(members: Members, said: dict[str, Any], wrong: dict[str, str]) -> None:
    session = await members.sign_in(MIA)
    status, problem = await call(members, session, "PUT", "/v1/me/join-request", {**ASK, **said})
    assert (status, {field["field"]: field["code"] for field in problem["fields"]}) == (422, wrong)
    assert await members.pool.fetchval("select count(*) from join_requests") == 0


async def test_she_asks_once_and_only_where_joining_is_by_request(members: Members, database: str, ana: tuple[str, str]) -> None:
    session = await ask(members)
    for who in (session, ana[0]):
        status, problem = await call(members, who, "PUT", "/v1/me/join-request", ASK)
        assert (status, problem["code"]) == (409, "cannot_ask_to_join")
    eva = await members.sign_in("eva@example.com")
    for join in ("open", "invited"):
        async with running(database, join=join) as other:
            assert (await call(other, eva, "PUT", "/v1/me/join-request", ASK))[1]["code"] == "cannot_ask_to_join"
            assert not (await other.me(eva))["asks_to_join"]
            # Who has asked reads her answer all the same.
            assert (await hers(other, session))["let_in"] is None
    assert await members.pool.fetchval("select version from agreements where member_id = $1", UUID((await members.me(session))["id"])) == 1


async def not_there(members: Members, eva: UUID, mia: UUID) -> str:
    return "nobody@example.com"


async def suspended(members: Members, eva: UUID, mia: UUID) -> str:
    async with transaction(members.pool) as tx:
        await safety.suspend(tx, eva, clock.now())
    return "eva@example.com"


async def blocked(members: Members, eva: UUID, mia: UUID) -> str:
    async with transaction(members.pool) as tx:
        await safety.block(tx, eva, mia, clock.now())
    return "eva@example.com"


async def no_member(members: Members, eva: UUID, mia: UUID) -> str:
    await members.sign_in("ida@example.com")
    return "ida@example.com"


async def herself(members: Members, eva: UUID, mia: UUID) -> str:
    return MIA


@pytest.mark.parametrize("who", [not_there, suspended, blocked, no_member, herself])
async def test_whom_she_names_is_told_to_nobody_unless_it_is_a_member(
    members: Members, database: str, ana: tuple[str, str], who: Any
) -> None:
    async with running(database) as opened:
        eva = (await opened.join("eva@example.com"))[1]
    mia = UUID((await members.me(await members.sign_in(MIA)))["id"])
    named = await who(members, UUID(eva), mia)
    session = await ask(members, recommender=named)
    seen = await hers(members, session)
    assert await members.pool.fetchval("select recommender_id from join_requests") is None
    assert [event.recommender_id for event in await members.events("join_requested") if isinstance(event, JoinRequested)] == [None]
    await members.pool.execute("delete from join_requests")
    other = await hers(members, await ask(members, recommender=ANA))
    assert await members.pool.fetchval("select recommender_id from join_requests") == UUID(ana[1])
    assert set(seen) == set(other) == {"about", "answer_by", "let_in"}


async def test_the_member_she_names_may_recommend_her_and_then_she_comes_in_below_her(members: Members, ana: tuple[str, str]) -> None:
    founder = uuid4()
    await members.pool.execute("update places set founder = true, branch = $1", founder)
    session = await ask(members, recommender="Ana@Example.com")
    [named] = (await invitations(members, ana[0]))["named_by"]
    assert (named["name"], named["about"], named["recommends"]) == ("Mia Sol", ABOUT, None)
    path = f"/v1/join-requests/{named['id']}/recommendation"
    assert (await call(members, session, "POST", path, {"recommends": True}))[0] == 404
    before = await hers(members, session)
    assert (await queue(members, ana[0]))[0]["recommended_by"] is None
    for recommends in (False, True):
        assert (await call(members, ana[0], "POST", path, {"recommends": recommends}))[0] == 204
        assert bool((await queue(members, ana[0]))[0]["recommended_by"]) is recommends
        assert await hers(members, session) == before, "she isn't told"
    await answer(members, ana[0], True)
    assert (await call(members, ana[0], "POST", path, {"recommends": False}))[0] == 404
    assert (await invitations(members, ana[0]))["named_by"] == []
    assert (await members.write(session)).status_code == 204
    mia = UUID((await members.me(session))["id"])
    assert await members.pool.fetchval("select sponsor_id from places where member_id = $1", mia) == UUID(ana[1])
    assert (await branches(members))[str(mia)] not in {founder, WITHOUT_SPONSOR}


@pytest.mark.parametrize("said", [None, False])
async def test_without_a_recommendation_nobody_is_her_sponsor(members: Members, ana: tuple[str, str], said: bool | None) -> None:
    await ask(members, recommender=ANA)
    await members.pool.execute("update join_requests set recommends = $1", said)
    assert (await queue(members, ana[0]))[0]["recommended_by"] is None
    await answer(members, ana[0], True)
    assert await members.pool.fetchval("select count(*) from places where sponsor_id is not null") == 0


async def test_a_recommender_who_is_suspended_by_then_sponsors_nobody(members: Members, database: str, ana: tuple[str, str]) -> None:
    async with running(database) as opened:
        eva = (await opened.join("eva@example.com"))[1]
    await ask(members, recommender="eva@example.com")
    await members.pool.execute("update join_requests set recommends = true")
    async with transaction(members.pool) as tx:
        await safety.suspend(tx, UUID(eva), clock.now())
    await answer(members, ana[0], True)
    assert await members.pool.fetchval("select count(*) from places where sponsor_id is not null") == 0


async def test_the_queue_isnt_there_for_who_is_no_moderator(members: Members, database: str, ana: tuple[str, str]) -> None:
    session = await ask(members)
    [waits] = await queue(members, ana[0])
    await members.pool.execute("delete from roles")
    for who in (session, ana[0]):
        assert (await call(members, who, "GET", "/v1/moderation/join-requests"))[0] == 404
        assert (await call(members, who, "POST", f"/v1/moderation/join-requests/{waits['id']}/answer", {"let_in": True}))[0] == 404


async def test_nobody_is_left_without_an_answer_and_moderators_are_told_before(members: Members, ana: tuple[str, str]) -> None:
    session = await ask(members)
    await days_later(members, 10.9)
    assert await members.events("join_waits") == []
    for _ in range(2):
        await days_later(members, 0.2)
    [told] = await members.events("join_waits")
    assert isinstance(told, JoinWaits)
    assert told.moderator_ids == (UUID(ana[1]),)
    assert (await hers(members, session))["let_in"] is None
    await days_later(members, 2.8)
    assert (await hers(members, session))["let_in"] is False
    assert await queue(members, ana[0]) == []
    [answered] = await members.events("join_answered")
    assert isinstance(answered, JoinAnswered)
    assert (answered.let_in, answered.address) == (False, MIA)
    log = [(row["action"], row["by_id"]) for row in await members.pool.fetch("select action, by_id from moderation_log")]
    assert log == [("not_now", None)]


async def test_thirty_days_after_the_answer_the_request_is_gone_and_the_account_with_it(members: Members, ana: tuple[str, str]) -> None:
    session = await ask(members)
    await answer(members, ana[0], False)
    refused = await hers(members, session)
    log = [(row["action"], row["by_id"]) for row in await members.pool.fetch("select action, by_id from moderation_log")]
    assert (refused["let_in"], log) == (False, [("not_now", UUID(ana[1]))])
    await days_later(members, 29.9)
    assert (await hers(members, session))["let_in"] is False
    await days_later(members, 0.2)
    assert await members.pool.fetchval("select count(*) from join_requests") == 0
    assert await members.pool.fetchval("select count(*) from accounts") == 1
    await ask(members)


async def test_who_was_let_in_keeps_her_account_when_her_request_is_gone(members: Members, ana: tuple[str, str]) -> None:
    session = await ask(members)
    await answer(members, ana[0], True)
    await days_later(members, 31)
    assert await members.pool.fetchval("select count(*) from join_requests") == 0
    assert (await members.write(session)).status_code == 204


async def test_an_invitation_lets_her_in_at_once_and_nobody_has_to_answer_any_more(members: Members, ana: tuple[str, str]) -> None:
    await ask(members)
    token = (await invite(members, ana[0]))["token"]
    browser = {"browser": uuid4().hex, "ip": "2001:db8::7", "invitation": token}
    challenge = (await members.open("/v1/sign-in", email=MIA, language="en", **browser)).json()["challenge_id"]
    came = await members.open(f"/v1/sign-in/{challenge}", code=await members.code_of(challenge), **browser)
    assert await queue(members, ana[0]) == []
    assert (await members.write(came.json()["session"])).status_code == 204


async def test_with_either_of_the_two_goes_what_is_theirs(members: Members, ana: tuple[str, str]) -> None:
    session = await ask(members, recommender=ANA)
    mia = UUID((await members.me(session))["id"])
    await members.pool.execute("update join_requests set recommends = true")
    async with transaction(members.pool) as tx:
        await erase(tx, UUID(ana[1]), clock.now())
    row = await members.pool.fetchrow("select recommender_id, recommends from join_requests")
    assert row is not None
    assert (row["recommender_id"], row["recommends"]) == (None, None)
    async with transaction(members.pool) as tx:
        await erase(tx, mia, clock.now())
    assert await members.pool.fetchval("select count(*) from join_requests") == 0


class Requests(RuleBasedStateMachine):
    """One request in any order of what the member she named, moderators and time can do."""

    def __init__(self) -> None:
        super().__init__()
        self.at = datetime(2026, 3, 1, tzinfo=UTC)
        self.asked_at, body = self.at, JoinRequestBody.model_validate(ASK)
        self.request, self.events = domain.ask((uuid4(), uuid4()), MIA, body, uuid4(), self.at)
        self.answered_at: datetime | None = None

    @rule(recommends=st.booleans())
    def recommend(self, recommends: bool) -> None:
        try:
            self.request = self.request.recommend(recommends)
        except NotFound:
            assert self.answered_at
        else:
            assert not self.answered_at

    @rule(let_in=st.booleans())
    def answer(self, let_in: bool) -> None:
        try:
            self.request, events = self.request.answer(MIA, let_in, self.at)
        except NotFound:
            assert self.answered_at
        else:
            assert not self.answered_at
            self.answered_at = self.at
            self.events += events

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        self.request, events = self.request.pass_time(MIA, (), self.at)
        self.events += events
        if not self.answered_at and self.at >= self.asked_at + ANSWERED_WITHIN:
            self.answered_at = self.at
            assert self.request.let_in is False, "time alone lets nobody in"

    @invariant()
    def she_is_answered_once_by_her_day(self) -> None:
        answers = [event for event in self.events if isinstance(event, JoinAnswered)]
        assert len(answers) == bool(self.answered_at)
        assert self.request.open == (self.answered_at is None)
        assert not self.request.open or self.at < self.asked_at + ANSWERED_WITHIN
        assert [event.let_in for event in answers] == [self.request.let_in] * len(answers)

    @invariant()
    def moderators_are_told_once_if_it_waits(self) -> None:
        told = [event for event in self.events if isinstance(event, JoinWaits)]
        assert len(told) <= 1
        near = self.asked_at + ANSWERED_WITHIN - WARNED_BEFORE
        assert all(event.occurred_at >= near for event in told)
        if self.request.open and self.at >= near:
            assert told

    @precondition(lambda self: self.answered_at)
    @invariant()
    def it_is_kept_for_thirty_days(self) -> None:
        assert self.answered_at
        assert self.request.is_over(self.at) == (self.at >= self.answered_at + KEPT)


TestAnyOrder = Requests.TestCase
