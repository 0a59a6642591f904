"""A profile makes a member; others hear of it once, in order, and read what she lets them."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.members.profiles.domain import Member
from services.members.profiles.views import view
from shared import clock
from shared.contracts.events.members import AddressSet, MemberJoined, MemberPlaced, ProfileChanged
from shared.contracts.http.members.profiles import OwnProfile
from shared.http import tokens
from shared.http.tokens import TokenSigner
from tests.members.conftest import AGREED, KEY, PROFILE, Members

pytestmark = pytest.mark.servers


async def fields(answer: httpx.Response) -> dict[str, str]:
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
    return {field["field"]: field["code"] for field in answer.json()["fields"]}


async def test_the_first_profile_joins_and_says_so_with_her_address(members: Members) -> None:
    session = await members.sign_in()
    answer = await members.write(session)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await members.me(session))["profile"] == PROFILE
    [placed] = await members.events("member_placed")
    address, joined = [event for event in await members.events() if not event.type.endswith("code_issued")]
    assert isinstance(address, AddressSet)
    assert isinstance(joined, MemberJoined)
    assert address.member_id == joined.member_id == UUID((await members.token(session)).json()["member_id"])
    assert (address.address, address.aggregate_version, joined.aggregate_version) == ("ana@example.com", 1, 1)
    assert (joined.name, joined.headline, joined.language, joined.time_zone, joined.visibility) == (
        "Ana Ruiz",
        "Designs bridges",
        "es",
        "Europe/Madrid",
        "members",
    )
    assert (joined.organisation, joined.organisation_key) == ("Puentes", "puentes")
    assert isinstance(placed, MemberPlaced)
    assert placed.joined_on == joined.occurred_at.date()
    assert joined.correlation_id == answer.headers["x-correlation-id"]


async def test_later_ones_change_it_with_rising_versions(members: Members) -> None:
    session, _ = await members.join()
    for name in ("Ana R.", "Ana Ruiz Vega"):
        assert (await members.write(session, name=name)).status_code == 204
        assert (await members.me(session))["profile"] == {**PROFILE, "name": name}
    changes = [event for event in await members.events("profile_changed") if isinstance(event, ProfileChanged)]
    assert [(event.name, event.aggregate_version) for event in changes] == [("Ana R.", 2), ("Ana Ruiz Vega", 3)]
    assert len(await members.events("member_joined")) == len(await members.events("address_set")) == 1


async def test_twenty_changes_an_hour(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    start = clock.now()
    session, _ = await members.join()
    for number in range(20):
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(minutes=number + 1))  # noqa: B023  (called before the next turn)  (asked within the round)
        assert (await members.write(session, name=f"Ana {number}")).status_code == 204
    refused = await members.write(session, name="Ana Vega")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_profile_changes")
    again_at = datetime.fromisoformat(refused.json()["again_at"])
    assert again_at == start + timedelta(minutes=61)
    assert (await members.write(session, name="Ana 19")).status_code == 204, "what changes nothing is no change"
    for moment, status in ((again_at - timedelta(milliseconds=1), 409), (again_at, 204), (again_at, 409)):
        monkeypatch.setattr(clock, "now", lambda: moment)  # noqa: B023
        assert (await members.write(session, name=f"Ana {status} {moment}"[:40])).status_code == status
    assert len(await members.events("profile_changed")) == 21


async def test_the_same_profile_again_says_nothing(members: Members) -> None:
    session, _ = await members.join()
    before = len(await members.events())
    assert (await members.write(session)).status_code == 204
    assert len(await members.events()) == before


async def test_two_first_profiles_at_once_join_once(members: Members) -> None:
    session = await members.sign_in()
    answers = await asyncio.gather(*(members.write(session, name=f"Ana {number}") for number in range(6)))
    assert {answer.status_code for answer in answers} == {204}
    assert len(await members.events("member_joined")) == 1
    assert [event.aggregate_version for event in await members.events("profile_changed")] == [2, 3, 4, 5, 6]


async def test_what_she_did_not_see_is_not_written_over(members: Members) -> None:
    session = await members.sign_in()
    assert (await members.me(session))["version"] == 0
    for seen, name, status in [
        (1, "Ana", 409),
        (0, "Ana", 204),
        (0, "Eva", 409),
        (1, "Eva", 204),
        (1, "Ana", 409),
        (1, "Eva", 204),
        (None, "Ana", 204),
    ]:
        answer = await members.write(session, name=name, version=seen)
        assert answer.status_code == status, (seen, name)
        if status == 409:
            assert answer.json()["code"] == "profile_changed"
    assert (await members.me(session))["version"] == 3


async def test_of_two_changes_to_the_same_profile_at_once_one_is_told(members: Members) -> None:
    session, _ = await members.join()
    answers = await asyncio.gather(*(members.write(session, name=f"Ana {number}", version=1) for number in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409]


async def test_who_may_read_and_find_it_stays_unless_she_changes_it(members: Members) -> None:
    session, _ = await members.join(visibility="connections", findable=True)
    await members.write(session, name="Ana", visibility=None, findable=None)
    assert (await members.me(session))["profile"] == {**PROFILE, "name": "Ana", "visibility": "connections", "findable": True}


async def test_what_she_does_not_say_is_not_allowed(members: Members) -> None:
    session, _ = await members.join(visibility=None, findable=None)
    assert (await members.me(session))["profile"] == {**PROFILE, "visibility": "connections", "findable": False}


async def test_that_she_is_discreet_stays_unless_she_changes_it_and_is_told(members: Members) -> None:
    session, _ = await members.join(discreet=True)
    await members.write(session, name="Ana", discreet=None)
    assert (await members.me(session))["profile"]["discreet"] is True
    assert [event.discreet for event in await members.events("profile_changed") if isinstance(event, ProfileChanged)] == [True]
    await members.write(session, name="Ana", discreet=False)
    assert (await members.me(session))["profile"]["discreet"] is False


async def test_a_repeated_command_is_one(members: Members) -> None:
    session = await members.sign_in()
    headers = await members.headers(session)
    answers = [await members.client.put("/v1/me/profile", json={**PROFILE, **AGREED}, headers=headers) for _ in range(3)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 3
    assert (await members.me(session))["profile"] == PROFILE
    assert [event.type for event in await members.events() if isinstance(event, (MemberJoined, ProfileChanged))] == [MemberJoined.type]
    other = await members.client.put("/v1/me/profile", json={**PROFILE, **AGREED, "name": "Eva"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_joining_happens_in_business_time(members: Members, tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    clock.set_offset(path, timedelta(days=-60))
    clock.configure(path)
    try:
        await members.join()
    finally:
        clock.configure(None)
    (joined,) = await members.events("member_joined")
    assert abs(joined.occurred_at - clock.machine_now() + timedelta(days=60)) < timedelta(minutes=1)


async def test_me_before_and_after(members: Members) -> None:
    session = await members.sign_in("Ana@example.com")
    me = await members.me(session)
    assert (me["email"], me["joined"], me["profile"]) == ("Ana@example.com", False, None)
    await members.write(session)
    me = await members.me(session)
    assert (me["joined"], me["profile"]) == (True, PROFILE)


async def test_without_a_good_token_nothing(members: Members) -> None:
    session, member_id = await members.join()
    signer = TokenSigner(KEY)
    wrong = [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {session}"},
        {"Authorization": f"Basic {signer.issue(UUID(member_id), 'members')[0]}"},
        {"Authorization": f"Bearer {signer.issue(UUID(member_id), 'requests')[0]}"},
        {"Authorization": f"Bearer {TokenSigner(tokens.new_key('one')).issue(UUID(member_id), 'members')[0]}"},
        {"Authorization": f"Bearer {signer.issue(uuid4(), 'members')[0]}"},
    ]
    for headers in wrong:
        answer = await members.client.get("/v1/me", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    for headers in wrong[:-1]:
        assert (await members.client.get(f"/v1/profiles/{member_id}", headers=headers)).status_code == 401
        key = {"Idempotency-Key": str(uuid4())}
        assert (await members.client.put("/v1/me/profile", json={**PROFILE, **AGREED}, headers=headers | key)).status_code == 401


async def test_a_member_without_an_account_cant_write_a_profile(members: Members) -> None:
    headers = {"Authorization": f"Bearer {TokenSigner(KEY).issue(uuid4(), 'members')[0]}", "Idempotency-Key": str(uuid4())}
    assert (await members.client.put("/v1/me/profile", json={**PROFILE, **AGREED}, headers=headers)).status_code == 401
    assert await members.pool.fetchval("select count(*) from idempotency_keys") == 0


async def test_wrong_fields_change_nothing_and_are_named(members: Members) -> None:
    session = await members.sign_in()
    wrong: dict[str, Any] = {
        "name": " ",
        "headline": "a" * 121,
        "organisation": "a\u202eb",
        "place": "a\nb",
        "languages": ["es", "Klingon"],
        "language": "fr",
        "time_zone": "Mars/Olympus",
        "visibility": "nobody",
    }
    assert await fields(await members.write(session, **wrong)) == {
        "name": "empty",
        "headline": "too_long",
        "organisation": "bidirectional_override",
        "place": "line_break",
        "languages": "not_a_language",
        "language": "not_a_choice",
        "time_zone": "not_a_time_zone",
        "visibility": "not_a_choice",
    }
    assert await fields(await members.write(session, name="a" * 81, languages=["es"] * 9)) == {"name": "too_long", "languages": "too_many"}
    assert await members.pool.fetchval("select count(*) from profiles") == 0
    assert await members.events("member_joined") == []


async def test_another_member_reads_her_profile(members: Members) -> None:
    _, ana = await members.join("ana@example.com")
    session, _ = await members.join("eva@example.com", name="Eva Sol")
    answer = await members.client.get(f"/v1/profiles/{ana}", headers=await members.headers(session))
    public = {name: value for name, value in PROFILE.items() if name not in {"language", "time_zone", "visibility", "findable", "discreet"}}
    assert (answer.status_code, answer.json()) == (200, {"id": ana, "photo": "", **public})
    assert "ana@example.com" not in answer.text


async def test_for_her_connections_alone_others_read_name_and_headline(members: Members) -> None:
    hers, ana = await members.join("ana@example.com", visibility="connections")
    session, _ = await members.join("eva@example.com", name="Eva Sol")
    shown = (await members.client.get(f"/v1/profiles/{ana}", headers=await members.headers(session))).json()
    assert shown == {
        "id": ana,
        "name": "Ana Ruiz",
        "pronunciation": "AH-nah roo-EETH",
        "headline": "Designs bridges",
        "organisation": "",
        "place": "",
        "help_with": "",
        "seeking": "",
        "languages": [],
        "photo": "",
    }
    own = (await members.client.get(f"/v1/profiles/{ana}", headers=await members.headers(hers))).json()
    assert own["organisation"] == "Puentes"


async def test_absent_is_absent_and_profiles_are_for_members(members: Members) -> None:
    session, ana = await members.join("ana@example.com")
    await members.sign_in("without@example.com")
    unjoined = await members.pool.fetchval("select member_id from accounts where address_key = 'without@example.com'")
    answers = [await members.client.get(f"/v1/profiles/{absent}", headers=await members.headers(session)) for absent in (uuid4(), unjoined)]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "not_found")] * 2
    newcomer = await members.headers(await members.sign_in("without@example.com"))
    for wanted in (ana, str(uuid4())):
        answer = await members.client.get(f"/v1/profiles/{wanted}", headers=newcomer)
        assert (answer.status_code, answer.json()["code"]) == (409, "profile_needed")


def test_an_address_travels_before_the_joining_so_that_letters_find_it() -> None:
    member = Member(uuid4(), "ana@example.com", 3)
    after, events = member.write(OwnProfile.model_validate(PROFILE), None, clock.machine_now())
    assert [type(event) for event in events] == [AddressSet, MemberJoined]
    assert events[0].aggregate_version == 3
    assert after.version == 1
    assert after.write(OwnProfile.model_validate(PROFILE), None, clock.machine_now()) == (after, [])


def test_what_is_shown_is_decided_field_by_field() -> None:
    profile = OwnProfile.model_validate({**PROFILE, "visibility": "connections"})
    her, other = uuid4(), uuid4()
    assert view(profile, her, other).model_dump(exclude_defaults=True) == {
        "id": her,
        "name": profile.name,
        "pronunciation": profile.pronunciation,
        "headline": profile.headline,
    }
    assert view(profile, her, her).organisation == "Puentes"
