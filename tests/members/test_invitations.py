"""Invitations: whom they let in, how many there are, and who learns of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.members.erasure.commands import erase
from services.members.invitations import domain, timers
from services.members.invitations.domain import LIFE, RETURNS, WITHOUT_SPONSOR, Budget, token_of
from services.members.invitations.sanctions import sanctioned
from services.members.moderation.commands import barred_mac
from services.members.safety import commands as safety
from shared import clock
from shared.contracts.events.members import MemberPlaced
from shared.contracts.events.members_private import InvitationSent
from shared.postgres.database import transaction
from tests.members.conftest import Members, running

pytestmark = pytest.mark.servers
ANA, MIA = "ana@example.com", "mia@example.com"


async def invite(members: Members, session: str) -> dict[str, Any]:
    """Her newest open invitation."""
    made = await members.client.post("/v1/invitations", headers=await members.headers(session))
    assert made.status_code == 201, made.text
    newest: dict[str, Any] = (await invitations(members, session))["open"][0]
    return newest


async def invitations(members: Members, session: str) -> Any:
    return (await members.client.get("/v1/invitations", headers=await members.headers(session))).json()


async def enter(members: Members, email: str, token: str = "") -> str | None:
    """Her session, from a browser with that invitation; None if she got no code."""
    browser, ip = uuid4().hex, f"2001:db8:{uuid4().hex[:4]}::1"
    asked = await members.open("/v1/sign-in", email=email, language="en", browser=browser, ip=ip, invitation=token)
    challenge = asked.json()["challenge_id"]
    code = await members.code_of(challenge)
    answer = await members.open(f"/v1/sign-in/{challenge}", code=code, browser=browser, ip=ip, invitation=token)
    session: str | None = answer.json().get("session")
    return session


async def come(members: Members, email: str, token: str = "") -> str:
    """The id of a woman who joined so."""
    session = await enter(members, email, token)
    assert session
    assert (await members.write(session)).status_code == 204
    return str((await members.me(session))["id"])


async def branches(members: Members) -> dict[str, UUID]:
    """Of those who joined, by id."""
    return {str(event.member_id): event.branch for event in await members.events("member_placed") if isinstance(event, MemberPlaced)}


async def opens(members: Members, token: str) -> Any:
    return await members.open("/v1/invitations/open", invitation=token)


async def test_whoever_holds_one_joins_though_joining_isnt_open(members: Members, database: str) -> None:
    session, _ = await members.join(ANA, name="Ana Ruiz")
    token = (await invite(members, session))["token"]
    async with running(database, join="invited") as door:
        assert (await opens(door, token)).json() == {"name": "Ana Ruiz"}
        assert await enter(door, MIA) is None
        await come(door, MIA, token)
        assert [one["name"] for one in (await invitations(door, session))["invited"]] == ["Ana Ruiz"]


async def used(members: Members, session: str, invitation: dict[str, Any]) -> None:
    await come(members, "eva@example.com", invitation["token"])


async def taken_back(members: Members, session: str, invitation: dict[str, Any]) -> None:
    path = f"/v1/invitations/{invitation['id']}/take-back"
    assert (await members.client.post(path, headers=await members.headers(session))).status_code == 204


async def expired(members: Members, session: str, invitation: dict[str, Any]) -> None:
    await members.pool.execute("update invitations set expires_at = $1", clock.now())


async def suspended(members: Members, session: str, invitation: dict[str, Any]) -> None:
    async with transaction(members.pool) as tx:
        await safety.suspend(tx, UUID((await members.me(session))["id"]), clock.now())


async def erased(members: Members, session: str, invitation: dict[str, Any]) -> None:
    async with transaction(members.pool) as tx:
        await erase(tx, UUID((await members.me(session))["id"]), clock.now())


async def never_there(members: Members, session: str, invitation: dict[str, Any]) -> None:
    invitation["token"] = token_of("c" * 32, uuid4())


async def not_ours(members: Members, session: str, invitation: dict[str, Any]) -> None:
    invitation["token"] = token_of("d" * 32, UUID(invitation["id"]))


async def nonsense(members: Members, session: str, invitation: dict[str, Any]) -> None:
    invitation["token"] = "ñ" * 43


@pytest.mark.parametrize("gone", [used, taken_back, expired, suspended, erased, never_there, not_ours, nonsense])
async def test_whatever_ended_it_the_answer_is_one(members: Members, database: str, gone: Any) -> None:
    session, _ = await members.join(ANA)
    invitation = await invite(members, session)
    await gone(members, session, invitation)
    async with running(database, join="invited") as door:
        answer, unknown = await opens(door, invitation["token"]), await opens(door, "")
        assert answer.status_code == 404
        told = [{**one.json(), "correlation_id": ""} for one in (answer, unknown)]
        assert told[0] == told[1]
        assert told[0]["code"] == "invitation_gone"
        assert await enter(door, MIA, invitation["token"]) is None


async def test_it_is_used_once_even_by_two_at_once(members: Members, database: str) -> None:
    session, _ = await members.join(ANA)
    token = (await invite(members, session))["token"]
    async with running(database, join="invited") as door:
        await come(door, MIA, token)
        assert await enter(door, "ida@example.com", token) is None


async def test_a_blocked_sponsor_invites_nobody_in(members: Members) -> None:
    session, ana = await members.join(ANA)
    token = (await invite(members, session))["token"]
    mia = (await members.me(await members.sign_in(MIA)))["id"]
    async with transaction(members.pool) as tx:
        await safety.block(tx, UUID(ana), UUID(mia), clock.now())
    joined = await come(members, MIA, token)
    assert (await branches(members))[joined] == WITHOUT_SPONSOR
    assert await members.pool.fetchval("select sponsor_id from places where member_id = $1", UUID(joined)) is None
    assert len((await invitations(members, session))["open"]) == 1


async def test_three_are_open_at_a_time(members: Members) -> None:
    session, _ = await members.join(ANA)
    for left in (2, 1, 0):
        await invite(members, session)
        assert (await invitations(members, session))["left"] == left
    refused = await members.client.post("/v1/invitations", headers=await members.headers(session))
    assert refused.json()["code"] == "no_invitation_left"
    await taken_back(members, session, (await invitations(members, session))["open"][0])
    assert (await invitations(members, session))["left"] == 1


def test_a_used_one_returns_after_thirty_days_one_at_a_time() -> None:
    at = clock.now()
    budget = Budget(0, [at, at, at])
    days = {0: 0, 29: 0, 30: 1, 59: 1, 60: 2, 89: 2, 90: 3}
    assert {day: budget.left(at + timedelta(days=day))[0] for day in days} == days
    assert budget.left(at) == (0, at + RETURNS)
    assert Budget(3, []).left(at) == (0, None)
    assert timedelta(days=14) == LIFE


async def test_whom_she_invited_is_seen_by_her_alone(members: Members) -> None:
    session, ana = await members.join(ANA)
    other, _ = await members.join("ida@example.com")
    invitation = await invite(members, session)
    mia = await come(members, MIA, invitation["token"])
    second = await invite(members, session)
    assert [one["id"] for one in (await invitations(members, session))["invited"]] == [mia]
    hers = await enter(members, MIA)
    assert hers
    for stranger in (other, hers):
        assert await invitations(members, stranger) == {
            "open": [],
            "left": 3,
            "next_at": None,
            "invited": [],
            "named_by": [],
            "by_letter": False,
        }
        headers = await members.headers(stranger)
        for path in (f"/v1/invitations/{second['id']}/take-back", f"/v1/invitations/invited/{mia}/release"):
            assert (await members.client.post(path, headers=headers)).status_code == 404
        profile = (await members.client.get(f"/v1/profiles/{mia}", headers=headers)).text
        assert ana not in profile


async def test_who_doesnt_exist_for_her_any_more_isnt_listed(members: Members) -> None:
    session, ana = await members.join(ANA)
    mia = await come(members, MIA, (await invite(members, session))["token"])
    async with transaction(members.pool) as tx:
        await safety.block(tx, UUID(mia), UUID(ana), clock.now())
    assert (await invitations(members, session))["invited"] == []


async def test_a_branch_begins_with_whom_a_founder_invites_and_outlives_her(members: Members) -> None:
    session, founder = await members.join(ANA)
    await members.pool.execute("update places set founder = true, branch = $1", own := uuid4())
    first = await come(members, "b@example.com", (await invite(members, session))["token"])
    second = await come(members, "c@example.com", (await invite(members, session))["token"])
    below = await enter(members, "b@example.com")
    assert below
    token = (await invite(members, below))["token"]
    waiting = await enter(members, "d@example.com", token)
    assert waiting
    told = await branches(members)
    # Her sponsor leaves, and so does the founder, before she has written her page.
    for gone in (first, founder):
        async with transaction(members.pool) as tx:
            await erase(tx, UUID(gone), clock.now())
    assert (await members.write(waiting)).status_code == 204
    third = (await members.me(waiting))["id"]
    # Her own event went with the woman who left.
    found = {**told, **await branches(members)}
    assert found[first] == found[third]
    assert len({found[first], found[second], own, WITHOUT_SPONSOR}) == 4
    people = {UUID(id_) for id_ in found} | {row["invitation_id"] for row in await members.pool.fetch("select invitation_id from places")}
    assert not people & set(found.values())
    assert await members.pool.fetchval("select branch from places where member_id = $1", UUID(third)) == found[third]
    assert await members.pool.fetchval("select sponsor_id from places where member_id = $1", UUID(third)) is None


async def test_those_without_a_sponsor_share_a_branch_and_so_do_whom_they_invite(members: Members) -> None:
    session, ana = await members.join(ANA)
    ida = (await members.join("ida@example.com"))[1]
    mia = await come(members, MIA, (await invite(members, session))["token"])
    assert set((await branches(members)).values()) == {WITHOUT_SPONSOR}
    assert set(await branches(members)) == {ana, ida, mia}


async def test_no_answer_tells_a_branch(members: Members) -> None:
    session, ana = await members.join(ANA)
    await members.pool.execute("update places set founder = true")
    mia = await come(members, MIA, (await invite(members, session))["token"])
    branch = str((await branches(members))[mia])
    for reader in (session, await enter(members, MIA)):
        for path in ("/v1/me", "/v1/invitations", f"/v1/profiles/{mia}", f"/v1/profiles/{ana}"):
            assert branch not in (await members.client.get(path, headers=await members.headers(str(reader)))).text
    described = str(members.app.openapi())
    assert "branch" not in described


async def test_she_releases_herself_and_the_branch_stays(members: Members) -> None:
    session, _ = await members.join(ANA)
    mia = await come(members, MIA, (await invite(members, session))["token"])
    before = await members.pool.fetchval("select branch from places where member_id = $1", UUID(mia))
    path = f"/v1/invitations/invited/{mia}/release"
    assert (await members.client.post(path, headers=await members.headers(session))).status_code == 204
    assert (await invitations(members, session))["invited"] == []
    assert await members.pool.fetchval("select branch from places where member_id = $1", UUID(mia)) == before
    assert (await members.client.post(path, headers=await members.headers(session))).status_code == 404


async def test_a_sponsor_hears_of_a_sanction_without_a_reason_unless_one_of_the_two_blocks_the_other(members: Members) -> None:
    session, ana = await members.join(ANA)
    mia = await come(members, MIA, (await invite(members, session))["token"])
    eva = await come(members, "eva@example.com", (await invite(members, session))["token"])
    async with transaction(members.pool) as tx:
        await safety.block(tx, UUID(eva), UUID(ana), clock.now())
        for her in (mia, eva, ana):
            await safety.suspend(tx, UUID(her), clock.now()) if her != ana else None
            await sanctioned(tx, UUID(her), clock.now())
    told = await members.events("sponsored_sanctioned")
    assert [event.model_dump(mode="json", include={"sponsor_id", "sponsored_id"}) for event in told] == [
        {"sponsor_id": ana, "sponsored_id": mia}
    ]
    assert (await invitations(members, session))["invited"] == [{"id": mia, "name": "Ana Ruiz", "sanctioned": True}]
    path = f"/v1/invitations/invited/{mia}/release"
    assert (await members.client.post(path, headers=await members.headers(session))).status_code == 204
    async with transaction(members.pool) as tx:
        await sanctioned(tx, UUID(mia), clock.now())
    assert len(await members.events("sponsored_sanctioned")) == 1


async def test_who_joined_before_branches_were_kept_is_placed_once(members: Members) -> None:
    _, ana = await members.join(ANA)
    await members.pool.execute("delete from places")
    await members.pool.execute("delete from outbox where type like '%member_placed'")
    for _ in range(2):
        await timers.place(members.pool)
    assert await branches(members) == {ana: WITHOUT_SPONSOR}


async def test_an_account_that_was_made_while_joining_was_open_becomes_no_member_once_it_isnt(members: Members, database: str) -> None:
    session = await members.sign_in(MIA)
    async with running(database, join="invited") as door:
        assert (await door.write(session)).json()["code"] == "not_let_in"
        assert not (await door.me(session))["joined"]


@pytest.mark.parametrize(("said", "wrong"), [({"adult": False}, {"adult": "not_adult"}), ({"terms": None}, {"terms": "not_agreed"})])
async def test_under_eighteen_or_without_the_terms_she_is_no_member(members: Members, said: dict[str, Any], wrong: dict[str, str]) -> None:
    session = await members.sign_in(MIA)
    answer = await members.write(session, **said)
    assert {field["field"]: field["code"] for field in answer.json()["fields"]} == wrong
    assert not (await members.me(session))["joined"]
    assert await members.events("member_joined") == []


async def test_to_which_terms_she_agreed_is_kept_and_it_is_the_current_ones(members: Members) -> None:
    _, ana = await members.join(ANA)
    assert await members.pool.fetchval("select version from agreements where member_id = $1", UUID(ana)) == 1
    published = "insert into texts (text, version, language, words, changes, published_at) values ('terms', 2, 'en', '', '', now())"
    await members.pool.execute(published)
    session = await members.sign_in(MIA)
    assert (await members.write(session)).json()["fields"][0]["code"] == "not_agreed"
    assert (await members.write(session, terms=2)).status_code == 204
    # Who is a member already stays one, and changes her profile as before.
    assert (await members.write(await members.sign_in(ANA), name="Ana R.", terms=None, adult=False)).status_code == 204


def test_a_token_holds_its_id_and_nothing_that_could_be_guessed() -> None:
    invitation, key = uuid4(), "k" * 32
    token = token_of(key, invitation)
    assert domain.id_in(key, token) == invitation
    assert domain.id_in(key, token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")).int == 0


async def write_to(members: Members, session: str, email: str) -> Any:
    body = {"email": email, "language": "es"}
    return await members.client.post("/v1/invitations/letters", json=body, headers=await members.headers(session))


async def letters_to(members: Members) -> dict[str, bool]:
    """To whom invitations went by letter, or would have gone."""
    return {event.address: event.send for event in await members.events("invitation_sent") if isinstance(event, InvitationSent)}


async def test_by_letter_only_if_the_operator_allows_it(members: Members) -> None:
    session, _ = await members.join(ANA)
    assert (await write_to(members, session, MIA)).status_code == 404
    assert not (await invitations(members, session))["by_letter"]
    assert await members.events("invitation_sent") == []


async def test_the_letter_has_the_link_and_lets_her_in(members: Members, database: str) -> None:
    session, _ = await members.join(ANA)
    async with running(database, join="invited", invitation_letters="allowed") as door:
        assert (await write_to(door, session, "Mia@Example.com")).status_code == 201
        [sent] = await door.events("invitation_sent")
        assert isinstance(sent, InvitationSent)
        assert (sent.address, sent.sponsor, sent.language, sent.send, sent.private) == ("Mia@example.com", "Ana Ruiz", "es", True, True)
        assert (await opens(door, sent.token)).json() == {"name": "Ana Ruiz"}
        await come(door, MIA, sent.token)
        assert (await write_to(door, session, "no address")).json()["fields"][0]["field"] == "email"
    kept = await members.pool.fetchrow("select * from invitation_letters")
    assert kept is not None
    assert "example" not in str(dict(kept))


async def test_whatever_the_address_is_she_is_told_the_same_and_a_letter_leaves_once(members: Members, database: str) -> None:
    session, _ = await members.join(ANA)
    other, _ = await members.join("ida@example.com")
    removed = barred_mac("c" * 32, "eva@example.com")
    await members.pool.execute("insert into barred_addresses (address_mac, barred_at) values ($1, now())", removed)
    async with running(database, invitation_letters="allowed") as door:
        answers = [await write_to(door, session, email) for email in (MIA, "ida@example.com", "eva@example.com")]
        assert {answer.status_code for answer in answers} == {201}
        assert {tuple(answer.json()) for answer in answers} == {("id",)}
        assert await letters_to(door) == {MIA: True, "ida@example.com": False, "eva@example.com": False}
        # Another one asks for a letter to her: she has had hers, for 30 days.
        assert (await write_to(door, other, MIA)).status_code == 201
        assert await letters_to(door) == {MIA: False, "ida@example.com": False, "eva@example.com": False}
        await members.pool.execute("update invitation_letters set asked_at = asked_at - interval '30 days'")
        assert (await write_to(door, other, MIA)).status_code == 201
        assert (await letters_to(door))[MIA]


async def test_five_letters_in_thirty_days_however_many_she_takes_back(members: Members, database: str) -> None:
    session, ana = await members.join(ANA)
    async with running(database, invitation_letters="allowed") as door:
        for number in range(5):
            # Those that aren't sent count as well: she can't tell by it.
            assert (await write_to(door, session, ANA if number % 2 else f"w{number}@example.com")).status_code == 201
            await taken_back(door, session, (await invitations(door, session))["open"][0])
        assert (await write_to(door, session, MIA)).json()["code"] == "too_many_invitation_letters"
        assert (await invitations(door, session))["left"] == 3
        async with transaction(door.pool) as tx:
            await erase(tx, UUID(ana), clock.now())
        assert await door.pool.fetchval("select count(*) from invitation_letters where sponsor_id is not null") == 0
