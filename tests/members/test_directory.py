"""Who is found, by what, by whom, and how often one may look."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.members.directory import commands, store
from services.members.directory.domain import PLACES, Candidate, found_by, place_of, ranked, sought
from services.members.features import FEATURES
from shared import clock
from shared.contracts.http.base import Card
from shared.contracts.http.members.profiles import OwnProfile
from shared.postgres.database import transaction
from tests.members.conftest import PROFILE, Members

pytestmark = pytest.mark.servers

LUCIA = {
    **PROFILE,
    "name": "Lucía Peñalver Gómez",
    "organisation": "Hospital del Turia",
    "place": "Valencia",
    "languages": ["es", "eu"],
    "help_with": "Clinical data, ethics",
    "findable": True,
}


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> dict[str, timedelta]:
    """Machine time, ahead by so much."""
    ahead = {"by": timedelta()}
    monkeypatch.setattr(commands, "machine_now", lambda: clock.machine_now() + ahead["by"])
    return ahead


async def find(members: Members, session: str, text: str) -> list[str]:
    answer = await members.client.post("/v1/directory", json={"sought": text}, headers=await members.headers(session))
    assert answer.status_code == 200, answer.text
    return [card["name"] for card in answer.json()["members"]]


async def reader(members: Members, email: str = "reader@example.com") -> tuple[str, str]:
    return await members.join(email, name="Reader")


@pytest.mark.parametrize(
    "text",
    [
        "lucia penalver",
        "PEÑALVER Lucía",
        "gomez lucía",
        "Lucía la del Turia",
        "hospital turia",
        "valencia",
        "euskera",
        "Basque Valencia",
        "espanol",
        "clinical data",
        "Penalber",
        "luica",
        "lucia gomes",
        "hopital turia",
        "etics valensia",
    ],
)
async def test_she_is_found_by_what_may_be_read_of_her(members: Members, text: str) -> None:
    await members.join("lucia@example.com", **LUCIA)
    session, _ = await reader(members)
    assert await find(members, session, text) == [LUCIA["name"]]


@pytest.mark.parametrize("text", ["lucia madrid", "turia xyzzy", "%%", "lu%", "__", "de la", "bridges", "a b"])
async def test_who_lacks_a_word_is_not_found_and_no_sign_stands_for_any(members: Members, text: str) -> None:
    await members.join("lucia@example.com", **LUCIA)
    session, _ = await reader(members)
    assert await find(members, session, text) == []


@pytest.mark.parametrize("text", ["", "x", "y" * 81, "one\nother", "\u202elucia"])
async def test_what_is_too_little_or_too_much_is_refused(members: Members, text: str) -> None:
    session, _ = await reader(members)
    answer = await members.client.post("/v1/directory", json={"sought": text}, headers=await members.headers(session))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_who_does_not_allow_it_is_never_found(members: Members) -> None:
    hers, _ = await members.join("lucia@example.com", **{**LUCIA, "findable": False})
    session, _ = await reader(members)
    assert await find(members, session, "lucia") == []
    await members.write(hers, **LUCIA)
    assert await find(members, session, "lucia") == [LUCIA["name"]]
    await members.write(hers, **{**LUCIA, "findable": False})
    assert await find(members, session, "lucia") == []
    assert await members.pool.fetchval("select count(*) from directory_entries") == 0
    assert await members.pool.fetchval("select count(*) from directory_words") == 0, "nor does a word stay that she alone had"


async def test_by_what_is_not_to_be_read_she_is_not_found(members: Members) -> None:
    await members.join("lucia@example.com", **{**LUCIA, "visibility": "connections"})
    session, _ = await reader(members)
    for text in ("turia", "valencia", "euskera", "clinical", "lucia valencia", "ethics"):
        assert await find(members, session, text) == [], text
    assert await find(members, session, "penalver") == [LUCIA["name"]]


async def test_she_is_found_by_what_she_says_now(members: Members) -> None:
    hers, _ = await members.join("lucia@example.com", **LUCIA)
    await members.join("eva@example.com", **{**LUCIA, "name": "Eva Turia", "place": "Cuenca"})
    session, _ = await reader(members)
    await members.write(hers, **{**LUCIA, "place": "Toledo"})
    assert await find(members, session, "valencia") == []
    assert await find(members, session, "toledo") == [LUCIA["name"]]
    rows = await members.pool.fetch("select word, members from directory_words where word in ('turia', 'toledo', 'valencia')")
    assert {row["word"]: row["members"] for row in rows} == {"turia": 2, "toledo": 1}


@pytest.mark.parametrize("why", ["blocks", "blocked", "suspended", "erased"])
async def test_whom_she_may_not_see_is_never_found_by_the_same_statements(members: Members, why: str) -> None:
    _, lucia = await members.join("lucia@example.com", **LUCIA)
    session, me = await reader(members)
    assert await find(members, session, "lucia turia") == [LUCIA["name"]]
    async with transaction(members.pool) as tx:
        pair = (UUID(lucia), UUID(me)) if why == "blocked" else (UUID(me), UUID(lucia))
        if why in ("blocks", "blocked"):
            await tx.execute("insert into blocks (blocker_id, blocked_id, version, active) values ($1, $2, 1, true)", *pair)
        elif why == "suspended":
            await tx.execute("update accounts set suspended = true where member_id = $1", UUID(lucia))
        else:
            for feature in FEATURES:
                if feature.on_erase:
                    await feature.on_erase(tx, UUID(lucia), clock.now())
    for text in ("lucia turia", "lucia", "luciia"):
        assert await find(members, session, text) == []
    if why == "erased":
        for table in ("directory_words", "directory_entries", "directory_members"):
            assert await members.pool.fetchval(f"select count(*) from {table}") == 0, table


async def test_nobody_finds_herself_and_only_members_look(members: Members) -> None:
    session, _ = await members.join("lucia@example.com", **LUCIA)
    assert await find(members, session, "lucia") == []
    newcomer = await members.headers(await members.sign_in("without@example.com"))
    answer = await members.client.post("/v1/directory", json={"sought": "lucia"}, headers=newcomer)
    assert (answer.status_code, answer.json()["code"]) == (409, "profile_needed")


async def test_thirty_an_hour_whatever_comes_of_them(members: Members, later: dict[str, timedelta]) -> None:
    session, me = await reader(members)
    headers = await members.headers(session)

    async def look(text: str) -> Any:
        return await members.client.post("/v1/directory", json={"sought": text}, headers=headers)

    first = clock.machine_now()
    assert [(await look("nobody")).status_code for _ in range(26)] == [200] * 26
    at_once = await asyncio.gather(*(look("nobody") for _ in range(8)))
    assert sorted(answer.status_code for answer in at_once) == [200] * 4 + [409] * 4
    refused = await look("nobody")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_searches")
    assert abs(datetime.fromisoformat(refused.json()["again_at"]) - first - timedelta(hours=1)) < timedelta(seconds=30)
    assert await members.pool.fetchval("select count(*) from searches where member_id = $1", UUID(me)) == 30
    other, _ = await reader(members, "other@example.com")
    assert await find(members, other, "nobody") == [], "the count is hers alone"
    later["by"] = timedelta(hours=1, seconds=1)
    assert (await look("nobody")).status_code == 200


async def test_of_many_who_fit_each_reader_is_shown_twenty_of_her_own_in_the_same_order(members: Members) -> None:
    named = {uuid4(): f"García {number}" for number in range(60)}
    async with transaction(members.pool) as tx:
        for number, (member_id, name) in enumerate(named.items()):
            await tx.execute(
                "insert into accounts (member_id, address, address_key, created_at) values ($1, $2, $2, now())",
                member_id,
                f"{number}@a.test",
            )
            await tx.execute(
                "insert into profiles (member_id, version, name, headline, organisation, place, languages, language, time_zone, visibility,"
                " joined_at, changed_at) values ($1, 1, $2, '', '', '', '{}', 'es', 'UTC', 'members', now(), now())",
                member_id,
                name,
            )
            await store.keep(tx, member_id, frozenset({"garcia", str(number)}))
    for email in ("one@example.com", "other@example.com"):
        session, her = await reader(members, email)
        onwards = sorted(named, key=lambda one: (place_of(one) - place_of(UUID(her))) % PLACES)
        assert await find(members, session, "garcia") == await find(members, session, "García") == [named[one] for one in onwards[:20]]


def candidate(name: str, *words: str, place: int = 0) -> Candidate:
    return Candidate(Card(id=uuid4(), name=name, headline=""), place, frozenset(words))


def test_the_nearest_comes_first_then_whose_name_it_is_then_the_ring() -> None:
    near = [{"rosa": 1.0, "rosas": 0.7}]
    stiftung, rosa, later, rosas = (
        candidate("Ana", "ana", "rosa", place=1),
        candidate("Rosa", "rosa", place=9),
        candidate("Rosa", "rosa", place=4),
        candidate("Rosas", "rosas", place=0),
    )
    assert ranked([rosas, stiftung, later, rosa], near, 5) == [rosa, later, stiftung, rosas]


def test_words_that_say_nothing_find_nobody_and_words_are_few() -> None:
    assert sought("de la Cruz, María y de los Ángeles") == ["cruz", "maria", "angeles"]
    assert len(sought(" ".join(f"word{number}" for number in range(30)))) == 6
    profile = OwnProfile.model_validate({**LUCIA, "help_with": " ".join(f"w{number}" for number in range(60))})
    assert len(found_by(profile)) <= 60
    assert 0 <= place_of(uuid4()) < 2**31


@pytest.mark.parametrize("read", [0, 10])
async def test_with_words_spelt_nearly_so_each_has_to_be_hers_however_that_is_asked(
    members: Members, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "READ_FOR_ONE_ASKED", read)
    names = ["Lucia Penalver", "Luciana Penalvero", "Lucia Robles", "Luciana Robles", "Marta Penalvero"]
    for number, name in enumerate(names):
        await members.join(f"one{number}@example.com", **{**PROFILE, "name": name, "findable": True})
    session, _ = await reader(members)
    assert await find(members, session, "Lucía Peñalver") == names[:2]
