"""A new address is confirmed at both ends, can be undone from the old one for seven days, and tells nobody whose it was."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.members.accounts import store as accounts
from services.members.accounts.domain import Address
from services.members.addresses import commands, store
from services.members.addresses.domain import UNDO
from services.members.erasure.commands import erase
from services.members.moderation import store as moderation
from services.members.moderation.commands import barred_mac
from services.members.sessions.domain.challenge import CODE_LIFE, TRIES
from services.members.sessions.domain.hashes import hash_of
from shared import clock
from shared.contracts.events.base import Event
from shared.contracts.events.members import AddressSet
from shared.contracts.events.members_private import AddressChangeAsked, AddressChanged, NewAddressNamed
from shared.contracts.http.members.addresses import ADDRESSES_A_DAY
from shared.http.tokens import FRESH
from shared.postgres.database import transaction
from tests.members.conftest import Members, confirmed, hear, running
from tests.members.test_leaving import Travel
from tests.members.test_passkeys import mine, register
from tests.members.test_safety import bearer

pytestmark = pytest.mark.servers

ANA, NEW, SECOND, EVA = "ana@example.com", "ana.ruiz@example.org", "ana@work.example.net", "eva@example.com"


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    travel = Travel()
    monkeypatch.setattr(clock, "now", travel)
    return travel


async def call(members: Members, session: str, path: str, body: Any = None) -> httpx.Response:
    return await members.client.post(f"/v1/me/addresses{path}", json=body, headers=await members.headers(session))


async def name(members: Members, session: str, email: str = NEW, purpose: str = "sign_in") -> httpx.Response:
    return await call(members, session, "", {"email": email, "purpose": purpose})


async def told(members: Members, kind: type[Event]) -> Any:
    return (await members.events(kind.type.rpartition(".")[2]))[-1]


async def code(members: Members) -> str:
    return str((await told(members, NewAddressNamed)).code)


async def change(members: Members, session: str, email: str = NEW, purpose: str = "sign_in") -> str:
    """She names it and confirms it; the end of the link with which that is undone."""
    assert (await name(members, session, email, purpose)).status_code == 204
    answer = await call(members, session, "/confirm", {"code": await code(members)})
    assert answer.status_code == 204, answer.text
    return str((await told(members, AddressChangeAsked)).token)


async def undo(members: Members, token: str) -> httpx.Response:
    return await members.open("/v1/addresses/changes/undo", token=token)


async def addresses(members: Members, session: str) -> Any:
    return (await members.client.get("/v1/me/addresses", headers=await members.headers(session))).json()


async def gets_code(members: Members, email: str) -> bool:
    await members.challenge(email, uuid4().hex, f"2001:db8:{uuid4().hex[:4]}::1")
    return (await members.issued())[-1].send


async def test_the_new_one_shows_its_code_and_the_old_one_hears_of_it_first_and_last(members: Members) -> None:
    session, member_id = await members.join(ANA)
    assert (await name(members, session)).status_code == 204
    to_new, to_old = await told(members, NewAddressNamed), await told(members, AddressChangeAsked)
    assert (to_new.address, to_new.name, len(to_new.code)) == (NEW, "", 16)
    assert (to_old.address, to_old.name) == (ANA, "Ana Ruiz")
    assert NEW not in to_old.to_json().decode(), "whoever reads the old mailbox doesn't learn the new address"
    assert (await addresses(members, session))["waiting"]["address"] == NEW
    assert (await members.me(session))["email"] == ANA, "not yet"
    assert (await call(members, session, "/confirm", {"code": "0" * 16})).json()["code"] == "wrong_code"
    assert (await call(members, session, "/confirm", {"code": to_new.code})).status_code == 204
    assert (await members.me(session))["email"] == NEW
    moved, last = await told(members, AddressSet), await told(members, AddressChanged)
    assert (str(moved.member_id), moved.address, moved.aggregate_version) == (member_id, NEW, 2)
    assert (last.address, last.token) == (ANA, to_old.token)
    assert NEW not in last.to_json().decode()
    assert await gets_code(members, NEW) and not await gets_code(members, ANA)
    assert (await members.token(await members.sign_in(NEW))).json()["member_id"] == member_id


@pytest.mark.parametrize("what", ["name", "confirm", "pass on the first"])
async def test_each_step_asks_her_to_show_that_it_is_her(members: Members, what: str) -> None:
    """That is the old end: a code to the address that she has, or a passkey."""
    session, _ = await members.join(ANA)
    if what != "name":
        await name(members, session)
    long_ago = clock.machine_now() - FRESH - timedelta(seconds=5)
    await members.pool.execute("update sessions set authenticated_at = $2 where secret_hash = $1", hash_of(session), long_ago)
    sent = {"name": ("", {"email": NEW, "purpose": "sign_in"}), "confirm": ("/confirm", {"code": "0" * 16})}
    answer = await call(members, session, *sent.get(what, ("/pass-on-first", None)))
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_needed")


async def of_another(members: Members, travel: Travel) -> str:
    await members.join(EVA)
    return EVA


async def left_lately(members: Members, travel: Travel) -> str:
    await change(members, (await members.join(EVA))[0], "eva@example.net")
    return EVA


async def of_a_removed_member(members: Members, travel: Travel) -> str:
    async with transaction(members.pool) as tx:
        await moderation.bar(tx, uuid4(), barred_mac("c" * 32, EVA), clock.now())
    return EVA


@pytest.mark.parametrize("taken", [of_another, left_lately, of_a_removed_member])
async def test_whether_it_is_taken_shows_nowhere_but_in_its_own_mailbox(
    database: str, monkeypatch: pytest.MonkeyPatch, travel: Travel, taken: Callable[..., Awaitable[str]]
) -> None:
    async with running(database, database_pool_size=1) as members:
        session, member_id = await members.join(ANA)
        hers = await taken(members, travel)
        await name(members, session, "first@example.com")
        await call(members, session, "/confirm", {"code": "1" * 16})  # what the connection learns of types on first use is learnt here
        found = []
        for address in (hers, "eve@example.com"):
            seen: list[str] = []
            async with members.pool.acquire() as connection:
                watched: Any = getattr(connection, "_con")  # noqa: B009  # the one connection of this pool
                watched.add_query_logger(keep := lambda record, seen=seen: seen.append(record.query))
            answers = [await name(members, session, address), await call(members, session, "/confirm", {"code": "1" * 16})]
            watched.remove_query_logger(keep)
            shown = await addresses(members, session)
            told_ = await told(members, NewAddressNamed)
            found.append(
                (
                    [(one.status_code, len(one.content)) for one in answers],
                    list(shown),
                    len(shown["waiting"]),
                    [one for one in seen if "notify outbox" not in one],
                )
            )
            assert (told_.address, told_.name, told_.code == "") == (address, "", address == hers)
        assert found[0] == found[1]
        assert len(found[0][3]) > 8
        # Nor does a code that follows from all the rest open it.
        named = await members.pool.fetchval("select change_id from address_codes")
        assert named
        await name(members, session, hers)
        async with transaction(members.pool) as tx:
            row = await store.waiting(tx, UUID(member_id))
        assert row and not row.free
        assert (await call(members, session, "/confirm", {"code": row.code("c" * 32)})).json()["code"] == "wrong_code"


async def test_a_kept_address_signs_up_nobody_and_looks_like_any_other(database: str, travel: Travel) -> None:
    async with running(database, join="open") as members:
        await change(members, (await members.join(ANA))[0])
        kept, other = await members.ask(ANA), await members.ask("nobody@example.com", browser="o" * 43)
        assert (kept.status_code, len(kept.content)) == (other.status_code, len(other.content)) == (202, len(other.content))
        to_kept, to_other = (await members.issued())[-2:]
        assert (to_kept.send, to_other.send) == (False, True)
        assert (await members.try_code(kept.json()["challenge_id"], to_kept.code)).json()["code"] == "wrong_code"
        travel.ahead = UNDO + timedelta(hours=1)
        await store.clean(members.pool)
        assert await gets_code(members, ANA), "it is free again"


async def test_a_code_that_left_before_the_change_signs_up_nobody(members: Members) -> None:
    session, _ = await members.join(ANA)
    challenge = await members.challenge(ANA)
    waiting = await members.code_of(challenge)
    await change(members, session)
    assert (await members.try_code(challenge, waiting)).json()["code"] == "code_expired"
    assert await members.pool.fetchval("select count(*) from accounts") == 1


async def test_whoever_signs_in_while_it_changes_finds_her_account_or_nothing(members: Members) -> None:
    """Never a new account of the address that she is just leaving."""
    session, member_id = await members.join(ANA)
    await name(members, session)
    async with transaction(members.pool) as leaving:
        command = commands.ConfirmAddress(await code(members), "c" * 32)
        loaded = await command.load(leaving, UUID(member_id))
        row, _ = command.decide(loaded, UUID(member_id), clock.now())

        async def enter() -> UUID | None:
            async with transaction(members.pool) as tx:
                return await accounts.enter(tx, Address(ANA, ANA), uuid4(), clock.now(), join_open=True)

        entering = asyncio.create_task(enter())
        await asyncio.sleep(0.2)
        assert not entering.done(), "it waits"
        await command.save(leaving, loaded, row)
    assert await entering is None


async def test_wrong_codes_end_it_and_so_does_time(members: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = await members.join(ANA)
    await name(members, session)
    right = await code(members)
    answers = [(await call(members, session, "/confirm", {"code": "0" * 16})).json()["code"] for _ in range(TRIES)]
    assert answers == ["wrong_code"] * TRIES
    assert (await call(members, session, "/confirm", {"code": right})).json()["code"] == "code_expired"
    await name(members, session)
    late = await code(members)
    monkeypatch.setattr(commands, "machine_now", lambda: clock.machine_now() + CODE_LIFE)
    assert (await call(members, session, "/confirm", {"code": late})).json()["code"] == "code_expired"
    assert (await members.me(session))["email"] == ANA


async def test_so_many_a_day_and_no_more(members: Members) -> None:
    session, _ = await members.join(ANA)
    for number in range(ADDRESSES_A_DAY):
        assert (await name(members, session, f"{number}@example.org")).status_code == 204
    assert (await name(members, session)).json()["code"] == "too_many_addresses"


async def test_undoing_takes_no_session_and_leaves_none_nor_a_passkey_made_since(members: Members) -> None:
    session, member_id = await members.join(ANA)
    kept = await register(members, session)
    other = await members.sign_in(ANA)
    assert (await name(members, session)).status_code == 204
    await register(members, session)
    assert (await call(members, session, "/confirm", {"code": await code(members)})).status_code == 204
    await register(members, session)
    await change(members, session, SECOND, "passed_on")
    token = (await told(members, AddressChanged)).token
    opened = await members.open("/v1/addresses/changes", token=token)
    assert opened.json() == {"made": True}
    assert (await members.me(session))["email"] == NEW, "to look at it does nothing"
    assert (await undo(members, token)).status_code == 204
    assert [(await members.token(one)).status_code for one in (session, other)] == [401, 401]
    again = await members.sign_in(ANA)
    assert (await members.token(again)).json()["member_id"] == member_id
    me = await members.me(again)
    assert (me["email"], me["passed_on"]) == (ANA, None)
    assert len((await mine(members, again))["passkeys"]) == 1
    assert kept
    moved = await told(members, AddressSet)
    assert (moved.address, moved.passed_on, moved.aggregate_version) == (ANA, None, 4)
    assert (await undo(members, token)).json()["code"] == "change_over"
    assert await gets_code(members, NEW), "that one is free again"


async def test_it_can_be_stopped_before_it_is_confirmed(members: Members) -> None:
    session, _ = await members.join(ANA)
    await name(members, session)
    right, token = await code(members), (await told(members, AddressChangeAsked)).token
    assert (await members.open("/v1/addresses/changes", token=token)).json() == {"made": False}
    assert (await undo(members, token)).status_code == 204
    assert (await members.token(session)).status_code == 401
    again = await members.sign_in(ANA)
    assert (await call(members, again, "/confirm", {"code": right})).json()["code"] == "code_expired"
    assert await members.events("new_address_named") == [], "the code is blanked"


@pytest.mark.parametrize("token", ["", "x", "no-change-ends-like-this-one-here-does-it", "%"])
async def test_a_link_that_isnt_ours_is_over(members: Members, token: str) -> None:
    answer = await undo(members, token)
    assert (answer.status_code, answer.json()["code"]) == (404, "change_over")


async def test_after_seven_days_it_stays(members: Members, travel: Travel) -> None:
    session, _ = await members.join(ANA)
    token = await change(members, session)
    travel.ahead = UNDO - timedelta(minutes=1)
    assert (await members.open("/v1/addresses/changes", token=token)).status_code == 200
    travel.ahead = UNDO
    assert (await undo(members, token)).json()["code"] == "change_over"
    assert (await members.me(session))["email"] == NEW


async def test_undoing_the_first_of_two_changes_undoes_both(members: Members) -> None:
    session, _ = await members.join(ANA)
    first = await change(members, session)
    await change(members, session, "third@example.org")
    assert (await undo(members, first)).status_code == 204
    assert (await members.me(await members.sign_in(ANA)))["email"] == ANA
    assert await members.pool.fetchval("select count(*) from former_addresses") == 0


async def test_even_while_she_is_leaving_it_can_be_undone(members: Members) -> None:
    """Whoever took her account may have asked for its end as well."""
    session, _ = await members.join(ANA)
    token = await change(members, session)
    leaving = await members.client.post("/v1/me/leaving", json={"language": "en"}, headers=await members.headers(session))
    assert leaving.status_code == 204
    assert (await undo(members, token)).status_code == 204
    assert (await members.me(await members.sign_in(ANA)))["ends_at"]


async def test_introductions_pass_on_the_second_and_never_the_one_she_signs_in_with(members: Members) -> None:
    session, ana = await members.join(ANA)
    _, eva = await members.join(EVA)
    await hear(members, confirmed(ana, eva))
    await change(members, session, SECOND, "passed_on")
    answer = await members.client.get(f"/v1/introduced/{ana}", headers=bearer(eva))
    assert answer.json() == {"address": SECOND}
    assert ((await members.me(session))["email"], (await members.me(session))["passed_on"]) == (ANA, SECOND)
    moved = await told(members, AddressSet)
    assert (moved.address, moved.passed_on) == (ANA, SECOND)
    assert (await call(members, session, "/pass-on-first")).status_code == 204
    assert (await members.client.get(f"/v1/introduced/{ana}", headers=bearer(eva))).json() == {"address": ANA}
    assert (await told(members, AddressSet)).passed_on is None


async def test_nobody_signs_in_with_the_second(database: str) -> None:
    async with running(database, join="open") as members:
        await change(members, (await members.join(ANA))[0], SECOND, "passed_on")
    async with running(database, join="invited") as members:
        assert not await gets_code(members, SECOND)
        second, unknown = await members.ask(SECOND), await members.ask("ina@work.example.net", browser="o" * 43)
        assert (second.status_code, len(second.content)) == (unknown.status_code, len(unknown.content))


async def test_who_signs_in_with_her_second_has_one_address_again(members: Members) -> None:
    session, _ = await members.join(ANA)
    await change(members, session, SECOND, "passed_on")
    await change(members, session, SECOND.upper())
    me = await members.me(session)
    assert (me["email"].lower(), me["passed_on"]) == (SECOND, None)


async def test_of_two_women_who_want_it_the_first_to_confirm_has_it(members: Members) -> None:
    sessions = [(await members.join(email))[0] for email in (ANA, EVA)]
    codes = []
    for session in sessions:
        await name(members, session)
        codes.append(await code(members))
    answers = [await call(members, one, "/confirm", {"code": its}) for one, its in zip(sessions[::-1], codes[::-1], strict=True)]
    assert [answer.status_code for answer in answers] == [204, 410]
    assert [(await members.me(session))["email"] for session in sessions] == [ANA, NEW]
    assert await members.pool.fetchval("select count(*) from former_addresses") == 1


@pytest.mark.parametrize("confirmed_", [True, False])
async def test_of_an_erased_member_nothing_is_kept_and_her_addresses_are_free(members: Members, confirmed_: bool) -> None:
    session, member_id = await members.join(ANA)
    await change(members, session, SECOND, "passed_on")
    token = await change(members, session)
    await name(members, session, "third@example.org")
    if not confirmed_:
        await undo(members, (await told(members, AddressChangeAsked)).token)
    challenge = await members.challenge(ANA)
    await members.pool.execute("update outbox set sent_at = now()")
    async with transaction(members.pool) as tx:
        await erase(tx, UUID(member_id), clock.now())
    for table in ("address_codes", "former_addresses", "sign_in_challenges"):
        assert await members.pool.fetchval(f"select count(*) from {table}") == 0, table
    left = [row["body"].decode() for row in await members.pool.fetch("select body from outbox where type not like '%account_erased'")]
    assert [body for body in left if any(address in body for address in (ANA, SECOND, NEW, "third@"))] == []
    assert challenge
    assert (await undo(members, token)).json()["code"] == "change_over"
    assert await gets_code(members, ANA)
