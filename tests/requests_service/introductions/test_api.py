"""Introductions over HTTP on a real database: both ways in, what each is answered, and what is told."""

from typing import Any
from uuid import uuid4

import pytest

from tests.requests_service.introductions.circle import ROOT, WORDS, Circle, statements
from tests.requests_service.introductions.examples import WHY, names
from tests.requests_service.world import ok, problem

pytestmark = pytest.mark.servers


async def test_an_ask_from_the_ask_to_both_outcomes(circle: Circle) -> None:
    id_ = await circle.asked()
    asked = ok(await circle.read(circle.ana, id_))
    assert (asked["state"], asked["my_role"], asked["my_answer"], asked["actions"]) == ("asked", "asker", "confirmed", ["withdraw"])
    assert (asked["why_her"], asked["asker_id"], asked["voucher"]["name"]) == (WHY, str(circle.ana), "Vera")
    assert [card["name"] for card in asked["sides"]] == ["Ana", "Carla"]
    assert asked["expires_at"] == "2026-03-16T10:00:00Z"
    hers = ok(await circle.read(circle.vera, id_))
    assert (hers["my_role"], hers["actions"], hers["cannot_vouch"]) == ("voucher", ["vouch", "decline", "decline_kindly"], None)
    assert hers["connection_with_asker"] == {"how_met": "event", "where_we_met": "At the open day of the harbour museum"}
    assert problem(await circle.read(circle.carla, id_)) == (404, "not_found")
    ok(await circle.vouch(id_, show=True))
    vouched = ok(await circle.read(circle.vera, id_))
    assert (vouched["state"], set(vouched["words_for"])) == ("vouched", {str(circle.ana), str(circle.carla)})
    carlas = ok(await circle.read(circle.carla, id_))
    assert (carlas["state"], carlas["my_role"], carlas["actions"]) == ("vouched", "counterpart", ["confirm", "pass", "ask_correction"])
    assert (carlas["why_her"], carlas["words_for"]) == (WHY, dict.fromkeys(map(str, (circle.carla, circle.ana)), WORDS))
    ok(await circle.do(circle.carla, id_, "confirm"))
    both = ok(await circle.read(circle.carla, id_))
    assert (both["state"], both["my_answer"], both["actions"]) == ("confirmed", "confirmed", ["say_outcome"])
    ok(await circle.say(circle.ana, id_, "worthwhile", thank_you="Thank you, Vera."))
    ok(await circle.say(circle.carla, id_, "worthwhile"))
    veras = ok(await circle.read(circle.vera, id_))
    assert (veras["state"], veras["went_well"]) == ("settled", True)
    assert [(one["from"]["name"], one["text"]) for one in veras["thank_yous"]] == [("Ana", "Thank you, Vera.")]
    assert names(await circle.told()) == ["IntroductionAsked", "IntroductionVouched", "IntroductionConfirmed", "OutcomesRevealed"]
    assert {event.correlation_id for event in await circle.told()} == {"test-correlation"}


async def test_a_proposal_needs_both(circle: Circle) -> None:
    made = ok(await circle.read(circle.vera, await circle.proposed()))
    assert (made["state"], made["origin"], made["my_role"], made["asker_id"], made["asked_at"]) == (
        "vouched",
        "proposed",
        "voucher",
        None,
        None,
    )
    for member in (circle.ana, circle.carla):
        assert ok(await circle.read(member, made["id"]))["my_role"] == "side"
    ok(await circle.do(circle.carla, made["id"], "confirm"))
    once = ok(await circle.read(circle.carla, made["id"]))
    assert (once["state"], once["my_answer"]) == ("vouched", "confirmed")
    ok(await circle.do(circle.ana, made["id"], "confirm"))
    assert ok(await circle.read(circle.ana, made["id"]))["state"] == "confirmed"
    assert names(await circle.told()) == ["IntroductionVouched", "IntroductionConfirmed"]


@pytest.mark.parametrize("command", ["confirm", "pass", "decline", "withdraw", "withdraw-vouch"])
async def test_a_stranger_and_an_unknown_id_find_nothing(circle: Circle, command: str) -> None:
    id_ = await circle.vouched()
    [dora] = await circle.world.join("Dora")
    for unknown in (await circle.do(dora, id_, command), await circle.do(dora, str(uuid4()), command)):
        assert problem(unknown) == (404, "not_found")
    assert problem(await circle.read(dora, id_)) == problem(await circle.read(dora, str(uuid4()))) == (404, "not_found")
    assert problem(await circle.say(dora, id_, "worthwhile")) == (404, "not_found")
    assert problem(await circle.vouch(id_, by=dora)) == (404, "not_found")
    assert ok(await circle.world.get(dora, ROOT)) == {"items": [], "next": None}


async def test_lists_hold_what_each_may_see_newest_first(circle: Circle) -> None:
    first = await circle.vouched()
    circle.world.clock.move(days=1)
    second = await circle.proposed()
    assert [one["id"] for one in ok(await circle.world.get(circle.ana, ROOT))["items"]] == [second, first]
    await circle.world.join("Dora")
    circle.world.clock.move(days=1)
    assert problem(await circle.ask()) == (409, "cannot_ask")
    carlas = ok(await circle.world.get(circle.carla, ROOT))["items"]
    assert [one["words_for"] for one in carlas] == [dict.fromkeys(map(str, (circle.carla, circle.ana)), WORDS)] * 2


async def test_what_waits_for_each(circle: Circle) -> None:
    async def waits(who: Any) -> tuple[list[str], list[str]]:
        waiting = ok(await circle.world.get(who, "/v1/todo"))
        return [one["id"] for one in waiting["introductions"]["items"]], [one["id"] for one in waiting["outcomes"]["items"]]

    id_ = await circle.asked()
    assert [await waits(who) for who in circle.three] == [([], []), ([id_], []), ([], [])]
    ok(await circle.vouch(id_))
    assert [await waits(who) for who in circle.three] == [([], []), ([], []), ([id_], [])]
    ok(await circle.do(circle.carla, id_, "confirm"))
    for minutes, asked in ((-1, []), (1, [id_])):
        circle.world.clock.move(days=21 if minutes < 0 else 0, minutes=minutes)
        assert [await waits(who) for who in circle.three] == [([], asked), ([], []), ([], asked)]
    ok(await circle.say(circle.ana, id_, "worthwhile"))
    assert [await waits(who) for who in circle.three] == [([], []), ([], []), ([], [id_])]


async def test_a_repeated_command_gets_its_first_answer_and_is_done_once(circle: Circle) -> None:
    id_ = await circle.proposed()
    key = str(uuid4())
    first = await circle.do(circle.ana, id_, "confirm", key)
    ok(await circle.do(circle.carla, id_, "confirm"))
    again = await circle.do(circle.ana, id_, "confirm", key)
    assert (again.status_code, again.content) == (first.status_code, first.content) == (204, b"")
    assert len(await circle.told("IntroductionConfirmed")) == 1
    assert problem(await circle.do(circle.ana, id_, "pass", key)) == (422, "idempotency_key_reused")
    key = str(uuid4())
    circle.world.clock.move(days=366)
    one = await circle.vouched()
    await circle.do(circle.carla, one, "pass", key)
    ok(await circle.do(circle.carla, one, "pass", key))
    assert ok(await circle.read(circle.carla, one))["my_answer"] == "passed"


async def test_a_repeated_ask_makes_one(circle: Circle) -> None:
    body = {"voucher_id": str(circle.vera), "counterpart_id": str(circle.carla), "why_her": WHY}
    key = str(uuid4())
    first = ok(await circle.world.post(circle.ana, f"{ROOT}/asks", body, key=key), 201)
    assert ok(await circle.world.post(circle.ana, f"{ROOT}/asks", body, key=key), 201) == first
    assert len(ok(await circle.world.get(circle.ana, ROOT))["items"]) == 1
    assert len(await circle.told("IntroductionAsked")) == 1


async def test_a_command_without_a_key_is_refused(circle: Circle) -> None:
    id_ = await circle.vouched()
    headers = circle.world.headers(circle.carla)
    del headers["Idempotency-Key"]
    assert problem(await circle.world.http.post(f"{ROOT}/{id_}/confirm", json={}, headers=headers)) == (422, "invalid")
    assert problem(await circle.world.http.get(ROOT)) == (401, "not_signed_in")


@pytest.mark.parametrize(
    ("text", "code"), [("x" * 39, "too_short"), ("x" * 1001, "too_long"), ("x" * 50 + "\u202e", "bidirectional_override")]
)
async def test_words_have_their_lengths_and_no_tricks(circle: Circle, text: str, code: str) -> None:
    ask = {"voucher_id": str(circle.vera), "counterpart_id": str(circle.carla), "why_her": text}
    refused = await circle.world.post(circle.ana, f"{ROOT}/asks", ask)
    assert [(one["field"], one["code"]) for one in refused.json()["fields"]] == [("why_her", code)]
    id_ = await circle.asked()
    words = {str(circle.ana): text, str(circle.carla): WORDS}
    refused = await circle.world.post(circle.vera, f"{ROOT}/{id_}/vouch", {"words_for": words})
    assert [(one["field"], one["code"]) for one in refused.json()["fields"]] == [(f"words_for.{circle.ana}", code)]
    assert ok(await circle.read(circle.vera, id_))["state"] == "asked"


async def test_words_for_only_one_of_the_two_are_refused(circle: Circle) -> None:
    id_ = await circle.asked()
    refused = await circle.vouch(id_, sides=(circle.ana,))
    assert (problem(refused), refused.json()["fields"][0]["field"]) == ((422, "invalid"), "words_for")


async def test_the_row_itself_refuses_to_be_confirmed_by_less_than_both(circle: Circle) -> None:
    import asyncpg  # noqa: PLC0415  (pure tests shouldn't pay for it)

    id_ = await circle.vouched()
    with pytest.raises(asyncpg.CheckViolationError):
        await circle.world.pool.execute("update introductions set confirmed_at = now() where id = $1", id_)


async def test_a_yes_costs_few_statements(circle: Circle) -> None:
    """The hot path: that she is here, the key, the row with its three members, the row's changes, the event."""
    first_of_two = ["select", "insert", "select", "update"]
    for id_, expected in ((await circle.proposed(), first_of_two), (await circle.vouched(), [*first_of_two, "insert"])):
        async with statements(circle.world) as ran:
            ok(await circle.do(circle.carla, id_, "confirm"))
        words = [statement.split()[0] for statement in ran]
        assert words == ["BEGIN;", *expected, "COMMIT;"]


async def test_what_she_said_no_to_does_not_wait_for_her(circle: Circle) -> None:
    asked, proposed = await circle.asked(), await circle.proposed()
    ok(await circle.do(circle.vera, asked, "decline"))
    ok(await circle.do(circle.carla, proposed, "pass"))
    for member in (circle.vera, circle.carla):
        assert ok(await circle.world.get(member, "/v1/todo"))["introductions"]["items"] == []
