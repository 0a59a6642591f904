"""Who may ask her: her bar and her own question, which apply to every request that doesn't answer hers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.requests.connections.domain import bar
from services.requests.connections.domain.limits import Sent
from services.requests.reach.domain import Reach
from shared.contracts.events.members import MemberSuspended
from shared.contracts.events.requests import ConnectionRequested, QuestionReported
from shared.contracts.http.requests.connection_problems import OnlyWomenSheHasMet, QuestionChanged
from shared.contracts.http.requests.reach import Bar
from shared.problems import NotFound, Problem
from tests.requests_service.connections.examples import ANA, AT, BEA, WORDS
from tests.requests_service.world import World, asking, joined, ok, problem

servers = pytest.mark.servers
QUESTION = "Which boat would you save first?"
ANSWER = "The pilot's cutter, for her planks are still sound."
LOCKED: dict[Bar, str] = {"met": "not_yet", "introduced": "event"}
"""How a request says they met that the bar doesn't let through."""


@pytest.mark.parametrize(
    ("set_", "how_met", "answered", "refusal"),
    [
        ("anyone", "not_yet", None, None),
        ("met", "not_yet", None, OnlyWomenSheHasMet),
        ("met", "online", None, None),
        ("met", "through_someone", None, None),
        ("anyone", "event", "Another?", QuestionChanged),
    ],
)
def test_what_her_bar_lets_through(set_: Bar, how_met: Any, answered: str | None, refusal: type[Problem] | None) -> None:
    words = replace(WORDS, how_met=how_met, recipient_question=answered)
    if refusal is None:
        bar.let_through(Reach(set_), words)
    else:
        with pytest.raises(refusal):
            bar.let_through(Reach(set_), words)


@pytest.mark.parametrize(("asked", "answered"), [(QUESTION, None), (QUESTION, "Which boat?"), (None, QUESTION)])
def test_only_the_question_that_she_asks_is_answered(asked: str | None, answered: str | None) -> None:
    with pytest.raises(QuestionChanged):
        bar.let_through(Reach("anyone", asked), replace(WORDS, recipient_question=answered))
    bar.let_through(Reach("anyone", asked), replace(WORDS, recipient_question=asked))


def test_moderators_are_told_once_of_one_question() -> None:
    hers = Reach(question=QUESTION)
    first, again = bar.report(hers, QUESTION, ANA, BEA, AT), bar.report(hers, QUESTION, ANA, BEA, AT + timedelta(days=1))
    assert first.id == again.id
    assert bar.report(Reach(question="Why?"), "Why?", ANA, BEA, AT).id != first.id
    assert bar.report(hers, QUESTION, uuid4(), BEA, AT).id != first.id


@pytest.mark.parametrize(
    ("hers", "seen", "by", "refusal"),
    [(None, QUESTION, ANA, NotFound), (QUESTION, "Why?", ANA, QuestionChanged), (QUESTION, QUESTION, BEA, NotFound)],
)
def test_only_a_question_that_is_there_can_be_reported(hers: str | None, seen: str, by: UUID, refusal: type[Problem]) -> None:
    with pytest.raises(refusal):
        bar.report(Reach(question=hers), seen, by, BEA, AT)


@pytest.mark.parametrize(
    ("sent", "joined_days_ago", "left"),
    [
        (6, 60, None),
        (7, 60, 3),
        (9, 60, 1),
        (10, 60, None),
        (1, 3, None),
        (2, 3, 1),
        (3, 3, None),
        (7, 14, 3),
        (2, 14, None),
    ],
)
def test_she_is_told_in_time_how_many_requests_are_left_today(sent: int, joined_days_ago: int | None, left: int | None) -> None:
    joined_at = None if joined_days_ago is None else AT - timedelta(days=joined_days_ago)
    latest = [AT - timedelta(hours=1)] * sent
    assert Sent(latest=latest, joined_at=joined_at).few_left(AT) == left
    assert Sent(latest=latest, joined_at=joined_at).few_left(AT + timedelta(hours=23)) is None, "a day later it begins anew"


async def member(world: World, reader: UUID, other: UUID) -> Any:
    return ok(await world.get(reader, f"/v1/members/{other}"))


@servers
async def test_who_was_never_asked_is_asked_by_women_she_has_met(world: World) -> None:
    (ana,) = await world.join("Ana")
    bea = uuid4()
    await world.hear(joined(bea, "Bea", world.clock.at))
    assert (await member(world, ana, bea))["bar"] == "met"
    refused = await world.ask(ana, bea, how_met="not_yet")
    assert problem(refused) == (409, "only_women_she_has_met")
    assert [(wrong["field"], wrong["code"]) for wrong in refused.json()["fields"]] == [("how_met", "only_met")]
    await world.asked(ana, bea)


@servers
async def test_her_page_says_to_everyone_alike_that_she_is_only_introduced(world: World) -> None:
    ana, bea, eva = await world.join("Ana", "Bea", "Eva")
    await world.open(bea, bar="introduced", question=QUESTION)
    seen = await member(world, ana, bea)
    assert (seen["can_request"], seen["cannot_request"]) == (False, {"code": "only_through_introduction", "again_at": None})
    assert {**seen, "member": None} == {**await member(world, eva, bea), "member": None}
    answers = [await world.ask(who, bea, recipient_question=QUESTION, requester_answer=ANSWER) for who in (ana, eva)]
    assert [problem(answer) for answer in answers] == [(409, "only_through_introduction")] * 2
    assert not await world.told()


@servers
@pytest.mark.parametrize("set_", LOCKED)
async def test_her_own_open_request_may_always_be_answered(world: World, set_: Bar) -> None:
    """By a request, with her no to it taken back as well; what her own bar and question say by then stands in nobody's way."""
    ana, bea = await world.join("Ana", "Bea")
    hers = await world.asked(bea, ana)
    ok(await world.answer(ana, hers, "decline"))
    await world.open(bea, bar=set_, question=QUESTION)
    seen = await member(world, ana, bea)
    assert (seen["can_request"], seen["bar"], seen["question"]) == (True, None, None)
    assert ok(await world.ask(ana, bea, how_met=LOCKED[set_]), 201)["id"] == hers
    assert (await member(world, ana, bea))["relation"] == "connected"


@servers
async def test_a_bar_changes_nothing_for_what_is_open(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    before = ok(await world.get(ana, f"/v1/connection-requests/{request_id}")), await member(world, ana, bea)
    await world.open(bea, bar="introduced", question=QUESTION)
    assert before == (ok(await world.get(ana, f"/v1/connection-requests/{request_id}")), await member(world, ana, bea))
    ok(await world.answer(bea, request_id, "accept"))


@servers
async def test_who_rests_or_is_suspended_is_told_of_the_bar_no_more_than_others(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = await world.asked(ana, bea)
    ok(await world.answer(ana, request_id, "withdraw"))
    await world.open(bea, bar="introduced")
    assert (await member(world, ana, bea))["cannot_request"]["code"] == problem(await world.ask(ana, bea))[1] == "only_through_introduction"
    await world.open(bea, bar="met")
    assert (await member(world, ana, bea))["cannot_request"]["code"] == problem(await world.ask(ana, bea, how_met="not_yet"))[1]
    await world.status(MemberSuspended, ana)
    await world.open(bea, bar="introduced")
    assert problem(await world.ask(ana, bea)) == (409, "cannot_request")


@servers
async def test_her_question_and_the_answer_are_read_by_both_and_stay_as_they_were(world: World) -> None:
    ana, bea, eva = await world.join("Ana", "Bea", "Eva")
    await world.open(bea, question=QUESTION)
    assert (await member(world, ana, bea))["question"] == QUESTION
    request_id = ok(await world.ask(ana, bea, recipient_question=QUESTION, requester_answer=ANSWER), 201)["id"]
    await world.open(bea, question="Another one?")
    for reader in (ana, bea):
        seen = ok(await world.get(reader, f"/v1/connection-requests/{request_id}"))
        assert (seen["recipient_question"], seen["requester_answer"]) == (QUESTION, ANSWER)
    (event,) = await world.told()
    assert isinstance(event, ConnectionRequested)
    assert (event.recipient_question, event.requester_answer) == (QUESTION, ANSWER)
    late = await world.ask(eva, bea, recipient_question=QUESTION, requester_answer=ANSWER)
    assert problem(late) == (409, "question_changed")
    assert [wrong["field"] for wrong in late.json()["fields"]] == ["requester_answer"]
    assert problem(await world.ask(eva, bea)) == (409, "question_changed")


@servers
@pytest.mark.parametrize("answer", [None, "", "Too short", "x" * 301])
async def test_her_question_needs_an_answer(world: World, answer: str | None) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.open(bea, question=QUESTION)
    refused = await world.ask(ana, bea, recipient_question=QUESTION, requester_answer=answer)
    assert problem(refused) == (422, "invalid")
    assert [wrong["field"] for wrong in refused.json()["fields"]] == ["requester_answer"]


@servers
async def test_an_answer_without_a_question_is_nowhere_kept(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    request_id = ok(await world.ask(ana, bea, requester_answer=ANSWER), 201)["id"]
    seen = ok(await world.get(bea, f"/v1/connection-requests/{request_id}"))
    assert (seen["recipient_question"], seen["requester_answer"]) == (None, None)


@servers
async def test_a_question_is_reported_to_moderators_and_nobody_else_is_told(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    await world.open(bea, question=QUESTION)
    path, before = f"/v1/members/{bea}/question/report", ok(await world.get(bea, "/v1/todo"))
    ok(await world.post(ana, path, {"question": QUESTION}, key="one-key-of-hers"))
    ok(await world.post(ana, path, {"question": QUESTION}, key="one-key-of-hers"))
    ok(await world.post(ana, path, {"question": QUESTION}))
    (event,) = await world.told()
    assert isinstance(event, QuestionReported)
    assert (event.by_id, event.about_id, event.question) == (ana, bea, QUESTION)
    assert ok(await world.get(bea, "/v1/todo")) == before
    await world.open(bea, question="Another one?")
    assert problem(await world.post(ana, path, {"question": QUESTION})) == (409, "question_changed")
    await world.open(bea, question=None)
    assert problem(await world.post(ana, path, {"question": QUESTION})) == (404, "not_found")


@servers
async def test_how_many_are_left_is_hers_to_see_alone_and_only_when_few_are(world: World) -> None:
    ana, *others = await world.join("Ana", *(f"Other {number}" for number in range(11)))
    for number, other in enumerate(others[:-1]):
        seen = await member(world, ana, others[-1])
        assert seen["left_today"] == (10 - number if number >= 7 else None)
        assert (await member(world, other, ana))["left_today"] is None
        ok(await world.post(ana, "/v1/connection-requests", asking(other)), 201)
    assert (await member(world, ana, others[-1]))["left_today"] is None
