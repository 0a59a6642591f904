"""Ends, questions and reveals, with the clock moved and the timers run."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.requests.introductions.domain import lifecycle
from shared.contracts.events.members import MemberErased, MemberReinstated, MemberSuspended
from shared.messaging import due
from shared.postgres.database import transaction
from tests.requests_service.introductions.circle import Circle
from tests.requests_service.introductions.examples import names
from tests.requests_service.world import START, ok, problem

pytestmark = pytest.mark.servers

END = START.replace(minute=0) + timedelta(days=14, hours=1)


async def test_an_ask_and_a_vouch_that_nobody_answers_end_at_the_full_hour_and_are_told_of_once(circle: Circle) -> None:
    asked, proposed = await circle.asked(), await circle.proposed()
    await circle.until(END - timedelta(seconds=1))
    assert await circle.told("IntroductionClosed") == []
    circle.world.clock.at = END
    assert ok(await circle.read(circle.ana, asked))["state"] == "closed", "reads don't wait for the batch"
    assert problem(await circle.vouch(asked)) == (409, "introduction_closed")
    assert problem(await circle.do(circle.ana, proposed, "confirm")) == (409, "introduction_closed")
    await circle.until(END + timedelta(seconds=2))
    await circle.pass_time()
    told = await circle.told("IntroductionClosed")
    assert {str(event.introduction_id) for event in told} == {asked, proposed}
    assert {(event.reason, event.shown_at, event.occurred_at) for event in told} == {("expired", END, END)}


async def test_what_is_said_after_a_quiet_no_is_told_once_and_never_again(circle: Circle) -> None:
    id_ = await circle.vouched()
    ok(await circle.do(circle.carla, id_, "pass"))
    circle.world.clock.move(days=1)
    ok(await circle.do(circle.ana, id_, "withdraw"))
    await circle.until(END + timedelta(days=1))
    assert [(event.reason, event.shown_at) for event in await circle.told("IntroductionClosed")] == [
        ("withdrawn", START + timedelta(days=1))
    ]


async def test_the_question_and_the_reveal_come_in_their_time(circle: Circle) -> None:
    id_ = await circle.confirmed()
    ok(await circle.say(circle.ana, id_, "worthwhile"))
    await circle.until(START + timedelta(days=21) - timedelta(seconds=1))
    assert await circle.told("RemindersDue", "OutcomesRevealed") == []
    await circle.until(START + timedelta(days=21))
    [asked] = await circle.told("RemindersDue")
    assert (asked.member_id, asked.about_id, str(asked.subject_id)) == (circle.carla, circle.ana, id_)
    await circle.until(START + timedelta(days=35) - timedelta(seconds=1))
    assert await circle.told("OutcomesRevealed") == []
    assert ok(await circle.read(circle.carla, id_))["state"] == "confirmed"
    circle.world.clock.at = START + timedelta(days=35)
    assert ok(await circle.read(circle.carla, id_))["state"] == "settled"
    await circle.pass_time()
    [revealed] = await circle.told("OutcomesRevealed")
    assert revealed.answers == {circle.ana: "worthwhile"}
    assert problem(await circle.say(circle.carla, id_, "not_as_described")) == (409, "only_worthwhile_now")
    ok(await circle.say(circle.carla, id_, "worthwhile", thank_you="Thank you, Vera."))
    assert (await circle.told("OutcomesRevealed"))[-1].answers == {circle.carla: "worthwhile"}
    veras = ok(await circle.read(circle.vera, id_))
    assert (veras["went_well"], [one["text"] for one in veras["thank_yous"]]) == (True, ["Thank you, Vera."])
    await circle.until(START + timedelta(days=400))
    assert len(await circle.told("RemindersDue", "OutcomesRevealed")) == 3


async def test_many_missed_days_are_made_up_for_in_order(circle: Circle) -> None:
    id_ = await circle.confirmed()
    ok(await circle.say(circle.carla, id_, "did_not_meet"))
    await circle.until(START + timedelta(days=100))
    told = await circle.told()
    assert names(told)[-2:] == ["RemindersDue", "OutcomesRevealed"]
    assert [event.occurred_at for event in told[-2:]] == [START + timedelta(days=21), START + timedelta(days=35)]


async def test_several_workers_announce_each_end_once(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "BATCH", 2)
    ids = [await circle.proposed() for _ in range(5)]
    circle.world.clock.at = END
    await asyncio.gather(*(circle.pass_time() for _ in range(3)))
    await circle.pass_time()
    told = await circle.told("IntroductionClosed")
    assert sorted(str(event.introduction_id) for event in told) == sorted(ids)


async def test_one_that_raises_holds_up_no_other(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = [await circle.proposed() for _ in range(3)]
    unspoilt = lifecycle.pass_time

    def spoilt(intro: Any, *args: Any, **kwargs: Any) -> Any:
        if str(intro.id) == second:
            raise KeyError(second)
        return unspoilt(intro, *args, **kwargs)

    monkeypatch.setattr(lifecycle, "pass_time", spoilt)
    await circle.until(END)
    assert {str(event.introduction_id) for event in await circle.told("IntroductionClosed")} == {first, third}
    monkeypatch.setattr(lifecycle, "pass_time", unspoilt)
    await circle.pass_time()
    assert {str(event.introduction_id) for event in await circle.told("IntroductionClosed")} == {first, second, third}


async def test_the_timers_pass_by_what_a_command_is_changing_and_come_back_to_it(circle: Circle) -> None:
    id_ = await circle.proposed()
    circle.world.clock.at = END
    async with transaction(circle.world.pool) as tx:
        await tx.execute("select from introductions where id = $1 for update", id_)
        await asyncio.wait_for(circle.pass_time(), 10)
        assert await circle.told("IntroductionClosed") == []
    await circle.pass_time()
    assert len(await circle.told("IntroductionClosed")) == 1


async def test_misconduct_is_reported_at_once_with_its_words_and_nobody_sees_it(circle: Circle) -> None:
    id_ = await circle.confirmed()
    refused = await circle.say(circle.ana, id_, "misconduct")
    assert (problem(refused), refused.json()["fields"][0]["field"]) == ((422, "invalid"), "report")
    ok(await circle.say(circle.ana, id_, "misconduct", report="She asked for money."))
    [report] = await circle.told("MisconductReported")
    assert (report.by_id, report.about_id, report.words) == (circle.ana, circle.carla, "She asked for money.")
    ok(await circle.say(circle.carla, id_, "worthwhile", thank_you="Lovely."))
    [revealed] = await circle.told("OutcomesRevealed")
    assert revealed.answers == {circle.ana: "misconduct", circle.carla: "worthwhile"}
    for member in (circle.vera, circle.carla):
        shown = (await circle.read(member, id_)).text
        assert "misconduct" not in shown
        assert "money" not in shown
        assert "Lovely" not in shown
    assert "money" not in (await circle.read(circle.ana, id_)).text


async def test_an_answer_stays_as_given(circle: Circle) -> None:
    id_ = await circle.confirmed()
    ok(await circle.say(circle.ana, id_, "worthwhile"))
    first = ok(await circle.read(circle.ana, id_))
    ok(await circle.say(circle.ana, id_, "worthwhile"))
    assert problem(await circle.say(circle.ana, id_, "worthwhile", thank_you="Too late.")) == (409, "already_answered")
    assert ok(await circle.read(circle.ana, id_)) == first
    assert problem(await circle.say(circle.ana, id_, "did_not_meet")) == (409, "already_answered")
    assert problem(await circle.say(circle.vera, id_, "worthwhile")) == (403, "not_yours")


@pytest.mark.parametrize("what", ["block", "leave", "suspend"])
async def test_a_block_a_leaving_and_a_suspension_stop_later_questions(circle: Circle, what: str) -> None:
    id_ = await circle.confirmed()
    if what == "block":
        await circle.world.block(circle.ana, circle.carla)
    else:
        await circle.world.status(MemberErased if what == "leave" else MemberSuspended, circle.carla)
    await circle.until(START + timedelta(days=22))
    assert await circle.told("RemindersDue") == []
    assert len(await circle.told("IntroductionClosed")) == 0
    if what == "block":
        assert problem(await circle.read(circle.ana, id_)) == problem(await circle.read(circle.carla, id_)) == (404, "not_found")
        assert ok(await circle.read(circle.vera, id_))["state"] == "confirmed"
        await circle.world.unblock(circle.ana, circle.carla)
        assert ok(await circle.read(circle.carla, id_))["state"] == "confirmed"


async def test_while_one_is_suspended_yeses_are_kept_and_reinstating_her_confirms(circle: Circle) -> None:
    id_ = await circle.proposed()
    await circle.world.status(MemberSuspended, circle.vera)
    for side in (circle.ana, circle.carla):
        ok(await circle.do(side, id_, "confirm"))
        shown = ok(await circle.read(side, id_))
        assert (shown["state"], shown["my_answer"]) == ("vouched", "confirmed")
    assert await circle.told("IntroductionConfirmed") == []
    circle.world.clock.move(days=3)
    await circle.world.status(MemberReinstated, circle.vera)
    [told] = await circle.told("IntroductionConfirmed")
    assert told.confirmed_at == START + timedelta(days=3)


async def words_in(circle: Circle, id_: str) -> list[str]:
    """What stands in its row of what was written."""
    row = await circle.world.pool.fetchrow(
        "select why_her, a_words, b_words, a_thank_you, b_thank_you from introductions where id = $1", id_
    )
    return [words for words in row or () if words]


async def test_a_kept_card_is_forgotten_with_the_end(circle: Circle) -> None:
    id_ = await circle.vouched()
    await circle.world.status(MemberErased, circle.carla)
    kept = "select name from departed_cards where member_id = $1"
    assert await circle.world.pool.fetchval(kept, circle.carla) == "Carla"
    await circle.until(END - timedelta(seconds=1))
    assert ok(await circle.read(circle.ana, id_))["sides"][1]["name"] == "Carla"
    assert len(await words_in(circle, id_)) >= 2
    await circle.until(END + timedelta(hours=2))
    assert await circle.world.pool.fetchval(kept, circle.carla) is None
    assert await words_in(circle, id_) == [], "and with it what was written"
    assert problem(await circle.read(circle.ana, id_)) == (404, "not_found")


async def test_of_a_member_without_anything_open_no_card_is_kept(circle: Circle) -> None:
    id_ = await circle.confirmed()
    assert len(await words_in(circle, id_)) == 3
    await circle.world.status(MemberErased, circle.carla)
    assert await words_in(circle, id_) == [], "it exists for nobody any more"
    assert await circle.world.pool.fetchval("select count(*) from departed_cards where member_id = $1", circle.carla) == 0
