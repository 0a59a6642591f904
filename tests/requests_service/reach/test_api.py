"""What she allows, her pause and her exclusions, as she sets and reads them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.events.members import MemberErased, MemberSuspended, ProfileChanged
from tests.requests_service.world import World, ok, problem

pytestmark = pytest.mark.servers

SAID: dict[str, Any] = {
    "bar": "anyone",
    "question": "Which of my talks brought you here?",
    "suggestible": True,
    "open_to_asks": False,
    "reachable": True,
    "introductions_in_30_days": 0,
    "asks_in_30_days": 30,
}
NEVER_ASKED: dict[str, Any] = {
    "bar": "met",
    "question": "",
    "suggestible": False,
    "open_to_asks": False,
    "reachable": False,
    "introductions_in_30_days": 2,
    "asks_in_30_days": 3,
    "version": 0,
    "paused_from": None,
    "paused_until": None,
    "exclusions": [],
}


async def mine(world: World, member: UUID) -> Any:
    return ok(await world.get(member, "/v1/reach"))


async def test_who_was_never_asked_allows_nothing(world: World) -> None:
    assert await mine(world, uuid4()) == NEVER_ASKED


async def test_what_she_says_holds_and_two_forms_do_not_overwrite_each_other(world: World) -> None:
    ana = uuid4()
    ok(await world.put(ana, "/v1/reach", {**SAID, "version": 0}))
    ok(await world.post(ana, "/v1/reach/pause", {"how_long": "month"}))
    now = await mine(world, ana)
    assert {name: now[name] for name in SAID} == SAID
    assert problem(await world.put(ana, "/v1/reach", {**SAID, "bar": "introduced", "version": 0})) == (409, "reach_changed")
    ok(await world.put(ana, "/v1/reach", {**SAID, "version": 0}))  # what she wants is there already
    ok(await world.put(ana, "/v1/reach", {**SAID, "question": "", "version": (await mine(world, ana))["version"]}))
    after = await mine(world, ana)
    assert (after["question"], after["paused_until"]) == ("", now["paused_until"])
    ok(await world.put(ana, "/v1/reach", {**SAID, "bar": "introduced"}))
    assert (await mine(world, ana))["bar"] == "introduced"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"bar": "nobody"}, "bar"),
        ({"question": "x" * 141}, "question"),
        ({"introductions_in_30_days": 31}, "introductions_in_30_days"),
        ({"asks_in_30_days": -1}, "asks_in_30_days"),
    ],
)
async def test_what_is_not_among_the_choices_is_refused(world: World, changes: Any, wrong: str) -> None:
    answer = await world.put(uuid4(), "/v1/reach", {**SAID, **changes})
    assert problem(answer) == (422, "invalid") and [field["field"] for field in answer.json()["fields"]] == [wrong]


async def test_she_sees_her_pause_until_it_is_over(world: World) -> None:
    ana = uuid4()
    ok(await world.post(ana, "/v1/reach/pause", {"how_long": "two_weeks", "until": "", "starting": ""}))
    found = await mine(world, ana)
    assert (found["paused_from"], found["paused_until"]) == ("2026-03-03T00:00:00Z", "2026-03-17T00:00:00Z")
    world.clock.move(days=15)
    assert (await mine(world, ana))["paused_until"] is None
    answer = await world.post(ana, "/v1/reach/pause", {"how_long": "date", "until": "someday"})
    assert [(field["field"], field["code"]) for field in answer.json()["fields"]] == [("until", "not_a_day")]
    ok(await world.post(ana, "/v1/reach/pause", {"how_long": "month"}))
    ok(await world.post(ana, "/v1/reach/pause/end"))
    assert (await mine(world, ana))["paused_until"] is None


async def test_an_exclusion_is_hers_alone_and_made_once(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    first = ok(await world.post(ana, "/v1/reach/exclusions", {"member_id": str(bea)}), 201)
    world.clock.move(hours=1)
    works = ok(await world.post(ana, "/v1/reach/exclusions", {"organisation": "Estudio Río, S.L."}), 201)
    assert ok(await world.post(ana, "/v1/reach/exclusions", {"member_id": str(bea)}), 201) == first
    assert ok(await world.post(ana, "/v1/reach/exclusions", {"organisation": "ESTUDIO RIO"}), 201) == works
    shown = (await mine(world, ana))["exclusions"]
    assert [(one["organisation"], one["member"] and one["member"]["name"]) for one in shown] == [("Estudio Río, S.L.", None), ("", "Bea")]
    assert (await mine(world, bea))["exclusions"] == []
    remove = f"/v1/reach/exclusions/{first['id']}/remove"
    assert problem(await world.post(bea, remove)) == (404, "not_found")
    ok(await world.post(ana, remove))
    assert problem(await world.post(ana, remove)) == (404, "not_found")
    assert [one["id"] for one in (await mine(world, ana))["exclusions"]] == [works["id"]]


@pytest.mark.parametrize(("organisation", "code"), [("", "empty"), ("—", "no_letter"), ("x" * 121, "too_long")])
async def test_an_organisation_has_a_name(world: World, organisation: str, code: str) -> None:
    answer = await world.post(uuid4(), "/v1/reach/exclusions", {"organisation": organisation})
    assert [(field["field"], field["code"]) for field in answer.json()["fields"]] == [("organisation", code)]


async def test_who_does_not_exist_for_her_is_neither_excluded_nor_listed_nor_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, bea, carla, dora = await world.join("Ana", "Bea", "Carla", "Dora")
    monkeypatch.setattr("services.requests.reach.commands.MOST_EXCLUSIONS", 2)
    ids = [ok(await world.post(ana, "/v1/reach/exclusions", {"member_id": str(her)}), 201)["id"] for her in (bea, carla)]
    assert problem(await world.post(ana, "/v1/reach/exclusions", {"member_id": str(dora)})) == (409, "too_many_exclusions")
    await world.block(bea, ana)
    await world.status(MemberSuspended, carla)
    assert (await mine(world, ana))["exclusions"] == []
    gone = [await world.post(ana, f"/v1/reach/exclusions/{id_}/remove") for id_ in (*ids, uuid4())]
    absent = [await world.post(ana, "/v1/reach/exclusions", {"member_id": str(her)}) for her in (bea, carla, uuid4(), ana)]
    assert {(*problem(answer), answer.content) for answer in (*gone, *absent)} == {(404, "not_found", gone[0].content)}
    ok(await world.post(ana, "/v1/reach/exclusions", {"member_id": str(dora)}), 201)


async def test_a_departure_takes_what_she_allowed_and_every_exclusion_of_and_by_her(world: World) -> None:
    ana, bea = await world.join("Ana", "Bea")
    for one, other in ((ana, bea), (bea, ana)):
        ok(await world.post(one, "/v1/reach/exclusions", {"member_id": str(other)}), 201)
    await world.status(MemberErased, ana)
    assert await world.pool.fetchval("select count(*) from exclusions") == 0
    assert await world.pool.fetchval("select array_agg(member_id) from reach") == [bea]


async def test_the_copy_keeps_where_she_works_and_its_key(world: World) -> None:
    (ana,) = await world.join("Ana")
    profile = {"name": "Ana", "headline": "", "language": "en", "time_zone": "UTC", "organisation": "Nubank México, S.A. de C.V."}
    await world.hear(ProfileChanged(aggregate_id=ana, aggregate_version=2, occurred_at=world.clock.at + timedelta(days=1), **profile))
    row = await world.pool.fetchrow("select organisation, organisation_key from members where member_id = $1", ana)
    assert tuple(row or ()) == ("Nubank México, S.A. de C.V.", "nubank mexico")
    await world.status(MemberErased, ana)
    assert await world.pool.fetchval("select organisation || organisation_key from members where member_id = $1", ana) == ""
