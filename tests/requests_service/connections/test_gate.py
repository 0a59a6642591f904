"""The note gate in its place: what is refused, what is nudged once, and what she hears of it before she sends."""

import pytest

from tests.requests_service.world import World, asking, ok, problem, why

pytestmark = pytest.mark.servers

REQUESTS = "/v1/connection-requests"
STOCK = "I came across your profile and was impressed. I would love to connect and stay in touch with you!"
VAGUE = "There is something that I have wanted to talk to you about for quite some time now."
LOOKS = "You looked so beautiful that I have to ask whether you are single, and I still think of your smile."


@pytest.mark.parametrize(("why_now", "code"), [(STOCK, "stock_phrases"), (VAGUE, "nothing_specific"), (LOOKS, "remarks_on_looks")])
async def test_a_note_that_says_nothing_is_refused_or_nudged_once(world: World, why_now: str, code: str) -> None:
    ana, bea = await world.join("Ana", "Bea")
    note = {"where_we_met": "We met at some event a while ago.", "why_now": why_now}
    refused = code == "stock_phrases"
    answer = await world.ask(ana, bea, **note)
    assert problem(answer) == (422, "invalid" if refused else "nudge")
    (field,) = answer.json()["fields"]
    assert (field["field"], field["code"]) == ("why_now", code)
    assert ok(await world.post(ana, f"{REQUESTS}/check", note), 200) == {
        "why": {**field, "minimum": None, "maximum": None, "count": None},
        "refused": refused,
    }
    assert not await world.told()
    # Once she knows, what was only nudged is hers to send.
    assert (await world.ask(ana, bea, **note, nudged=True)).status_code == (422 if refused else 201)


async def test_a_note_that_says_something_is_fine(world: World) -> None:
    (ana,) = await world.join("Ana")
    note = {name: text for name, text in asking(ana).items() if name in ("where_we_met", "why_now")}
    assert ok(await world.post(ana, f"{REQUESTS}/check", note), 200) == {"why": None, "refused": False}


async def test_her_own_note_is_not_sent_again_within_90_days_whatever_became_of_it(world: World) -> None:
    ana, bea, cleo, dora = await world.join("Ana", "Bea", "Cleo", "Dora")
    words = {"why_now": why(ana)}
    ok(await world.answer(bea, ok(await world.ask(ana, bea, **words), 201)["id"], "decline"))
    again = await world.ask(ana, cleo, why_now=f"Dear Cleo, {why(ana)}", nudged=True)
    (field,) = again.json()["fields"]
    assert (problem(again), field["code"], "count" in field) == ((422, "invalid"), "copied", False)
    ok(await world.ask(ana, cleo), 201)
    await world.pool.execute("update connection_requests set why_now = $1", why(ana))
    (field,) = (await world.ask(ana, dora, **words)).json()["fields"]
    assert (field["code"], field["count"]) == ("copied_more", 2)
    assert "2 times" in field["detail"]
    # Another may write as she does, and so may she once more after 90 days.
    ok(await world.ask(cleo, dora, **words), 201)
    world.clock.move(days=90, minutes=1)
    ok(await world.ask(ana, dora, **words), 201)


async def test_an_answer_to_her_request_needs_no_note(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    ok(await world.ask(ana, bea), 201)
    ok(await world.ask(bea, ana, why_now=STOCK), 201)


async def test_what_she_is_about_to_write_is_checked_as_what_she_sends(world: World) -> None:
    (ana,) = await world.join("Ana")
    answer = await world.post(ana, f"{REQUESTS}/check", {"where_we_met": "Short", "why_now": VAGUE})
    assert problem(answer) == (422, "invalid")
    assert [field["field"] for field in answer.json()["fields"]] == ["where_we_met"]
