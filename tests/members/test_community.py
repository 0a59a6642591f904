"""What a steward settles of the community, whom it lets in at most, and to what members agree."""

import io
from base64 import b64decode, b64encode
from datetime import date
from typing import Any, get_args
from uuid import UUID

import asyncpg
import pytest
from PIL import Image
from pydantic import ValidationError

from services.members.community import agreements, store
from services.members.community.domain import Community, who_may_join
from shared import clock
from shared.contracts.events.members import COMMUNITY, CommunityChanged
from shared.contracts.http.base import CommandRoute
from shared.contracts.http.members import community as contract
from shared.contracts.http.members.community import AnnouncementView, Join, NewerTerms
from shared.postgres.database import transaction
from tests.members.conftest import WEB_KEY, Members, running
from tests.members.test_photos import drawn, located

AT = clock.machine_now()
CHOICES: tuple[Join, ...] = get_args(Join)


@pytest.mark.parametrize("most", CHOICES)
@pytest.mark.parametrize("chosen", [None, *CHOICES])
def test_no_steward_lets_more_in_than_the_operator(chosen: Join | None, most: Join) -> None:
    let_in = who_may_join(chosen, most)
    assert CHOICES.index(let_in) <= CHOICES.index(most)
    assert let_in == most if chosen is None else let_in in (chosen, most)


def test_others_hear_of_the_name_and_the_sender_alone() -> None:
    named, told = Community().change(AT, name="Asociación Madrina", sender="Madrina Valencia")
    assert told == [
        CommunityChanged(aggregate_id=COMMUNITY, aggregate_version=1, occurred_at=AT, name="Asociación Madrina", sender="Madrina Valencia")
    ]
    closed, none = named.change(AT, who_may_join="invited")
    assert (closed.version, none) == (2, [])
    assert closed.change(AT, who_may_join="invited") == (closed, [])


async def read(members: Members) -> contract.CommunityView:
    answer = await members.client.get(contract.COMMUNITY.path, headers={"Authorization": f"Bearer {WEB_KEY}"})
    assert answer.status_code == 200
    return contract.CommunityView.model_validate(answer.json())


@pytest.mark.servers
async def test_before_its_steward_has_said_anything_it_is_what_the_operator_allows(members: Members) -> None:
    assert await read(members) == contract.CommunityView(who_may_join="open")


@pytest.mark.servers
async def test_it_is_kept_as_it_was_settled(members: Members) -> None:
    said = AnnouncementView(number=1, words={"en": "We meet.", "es": "Nos vemos."}, first_day=date(2026, 12, 1), last_day=date(2026, 12, 8))
    settled = Community(3, "Asociación Madrina", "Madrina Valencia", "invited", said, b"png")
    for one in (Community(1, "Else"), settled):
        async with transaction(members.pool) as tx:
            await store.save(tx, one, AT)
    assert await store.read(members.pool) == settled
    shown = await read(members)
    assert (shown.name, shown.who_may_join, shown.announcement, len(shown.logo)) == ("Asociación Madrina", "invited", said, 16)


@pytest.mark.servers
async def test_it_is_for_the_web_alone(members: Members) -> None:
    assert (await members.client.get(contract.COMMUNITY.path)).json()["code"] == "foreign_caller"


@pytest.mark.servers
async def test_a_member_is_asked_for_each_new_version_of_the_terms_until_she_agrees(members: Members) -> None:
    ana = UUID((await members.join())[1])
    assert await agreements.missing(members.pool, ana) is None
    await publish(members, "terms", 2)
    await publish(members, "rules", 9)
    assert await agreements.missing(members.pool, ana) == 2
    async with transaction(members.pool) as tx:
        with pytest.raises(NewerTerms):
            await agreements.agree(tx, ana, "terms", 1, AT)
        for _ in range(2):
            await agreements.agree(tx, ana, "terms", 2, AT)
    assert await agreements.missing(members.pool, ana) is None
    assert (await read(members)).terms_version == 2


@pytest.mark.servers
async def test_nobody_agrees_who_has_no_account(members: Members) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with transaction(members.pool) as tx:
            await agreements.agree(tx, COMMUNITY, "terms", 1, AT)


@pytest.mark.servers
async def test_until_she_agrees_no_other_service_gets_a_token_of_hers(members: Members) -> None:
    session, ana = await members.join()
    await publish(members, "terms", 2)
    assert (await members.me(session))["terms_to_agree"] == 2
    answers = [await members.token(session, audience) for audience in ("requests", "reputation", "members")]
    assert [answer.json().get("code") for answer in answers] == ["terms_needed", "terms_needed", None]
    sent = {"text": "terms", "version": 1}
    agree = contract.AGREE.path
    assert (await members.client.post(agree, json=sent, headers=await members.headers(session))).json()["code"] == "newer_terms"
    sent["version"] = 2
    assert (await members.client.post(agree, json=sent, headers=await members.headers(session))).status_code == 204
    assert (await members.token(session, "requests")).status_code == 200
    assert (await members.me(session))["terms_to_agree"] is None
    rows = await members.pool.fetch(
        "select version, agreed_at is not null as dated from agreements where member_id = $1 order by version", UUID(ana)
    )
    assert [tuple(row) for row in rows] == [(1, True), (2, True)]


@pytest.mark.servers
async def test_every_version_of_a_text_stays_readable(members: Members) -> None:
    await publish(members, "terms", 2)
    await publish(members, "terms", 3)

    async def read(version: int | None) -> dict[str, Any]:
        answer = await members.client.post(
            contract.TEXT.path, json={"text": "terms", "version": version}, headers={"Authorization": f"Bearer {WEB_KEY}"}
        )
        found: dict[str, Any] = answer.json()
        return found

    versions = [(version, await read(version)) for version in (None, 1, 2, 3, 4)]
    assert [(found.get("version"), found.get("newest"), bool(found.get("words"))) for _, found in versions] == [
        *((3, 3, True), (1, 3, False), (2, 3, True), (3, 3, True), (None, None, False))
    ]


WHOLE = "## One\n\n" + "Be kind to each other, and say what is true of yourself and others. " * 2
SETTLED = {"community_name": "Asociación Madrina", "sender_name": "Madrina Valencia", "who_may_join": "invited", "version": 0}
SAID = {
    "said_en": "We meet on Friday.",
    "said_es": "Nos vemos el viernes.",
    "first_day": "2026-12-01",
    "last_day": "2026-12-04",
    "version": 0,
}
PUBLISHED = {"text": "terms", "whole_en": WHOLE, "whole_es": WHOLE, "new_en": "Shorter.", "new_es": "Más corto.", "version": 1}
COMMANDS: dict[CommandRoute, dict[str, Any]] = {
    contract.SETTLE: SETTLED,
    contract.ANNOUNCE: SAID,
    contract.PUBLISH: PUBLISHED,
    contract.SHOW_LOGO: {"picture": None},
}


async def steward(members: Members) -> str:
    """Her session: a steward, signed in with a passkey."""
    session, member_id = await members.join()
    await members.pool.execute("insert into roles values ($1, 'steward', now())", UUID(member_id))
    await members.pool.execute("update sessions set amr = '{passkey}', authenticated_at = now() where member_id = $1", UUID(member_id))
    return session


async def do(members: Members, session: str, route: CommandRoute, body: dict[str, Any]) -> tuple[int, str]:
    """Send it; the status, and the problem's code if it is refused."""
    answer = await members.client.request(route.method, route.path, json=body, headers=await members.headers(session))
    return answer.status_code, answer.json()["code"] if answer.content else ""


@pytest.mark.servers
async def test_for_whoever_is_no_steward_none_of_it_exists(members: Members) -> None:
    session, _ = await members.join("eva@example.com")
    assert [await do(members, session, route, body) for route, body in COMMANDS.items()] == [(404, "not_found")] * 4
    assert (await members.client.get(contract.STEWARD.path, headers=await members.headers(session))).status_code == 404


@pytest.mark.servers
async def test_what_a_steward_settles_holds_and_is_written_down(members: Members) -> None:
    session = await steward(members)
    assert await do(members, session, contract.SETTLE, SETTLED) == (204, "")
    assert await do(members, session, contract.ANNOUNCE, SAID) == (409, "settled_meanwhile")
    assert await do(members, session, contract.ANNOUNCE, {**SAID, "version": 1}) == (204, "")
    assert await do(members, session, contract.PUBLISH, PUBLISHED) == (204, "")
    shown = await read(members)
    assert (shown.name, shown.sender, shown.who_may_join, shown.terms_version) == ("Asociación Madrina", "Madrina Valencia", "invited", 2)
    assert shown.announcement and shown.announcement.words["es"] == "Nos vemos el viernes."
    [told] = await members.events("community_changed")
    assert isinstance(told, CommunityChanged)
    assert (told.name, told.sender) == ("Asociación Madrina", "Madrina Valencia")
    seen = (await members.client.get(contract.STEWARD.path, headers=await members.headers(session))).json()
    assert [(line["what"], line["before"], line["after"]) for line in seen["changes"]] == [
        ("terms", "1", "2"),
        ("announcement", "", "2026-12-01 – 2026-12-04: We meet on Friday. / Nos vemos el viernes."),
        ("who_may_join", "", "invited"),
        ("sender", "", "Madrina Valencia"),
        ("name", "", "Asociación Madrina"),
    ]


@pytest.mark.servers
async def test_a_logo_is_written_anew_shown_and_taken_away(members: Members) -> None:
    session = await steward(members)

    async def shown() -> dict[str, Any]:
        answer = await members.client.get(contract.LOGO.path, headers={"Authorization": f"Bearer {WEB_KEY}"})
        found: dict[str, Any] = answer.json()
        return found

    assert (await shown())["code"] == "not_found"
    for wrong in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", drawn("GIF"), b"x" * 100):
        assert (await do(members, session, contract.SHOW_LOGO, {"picture": b64encode(wrong).decode()})) == (422, "not_a_photo")
    assert await do(members, session, contract.SHOW_LOGO, {"picture": b64encode(located()).decode()}) == (204, "")
    picture = b64decode((await shown())["picture"])
    with Image.open(io.BytesIO(picture)) as kept:
        assert (kept.format, kept.size) == ("WEBP", (320, 320))
    assert b"camera" not in picture
    assert (await read(members)).logo == (await shown())["tag"] != ""
    assert await do(members, session, contract.SHOW_LOGO, {"picture": None}) == (204, "")
    assert ((await read(members)).logo, (await shown())["code"]) == ("", "not_found")
    log = await members.pool.fetch("select what, before, after from community_changes order by change_id")
    assert [(line["what"], bool(line["before"]), bool(line["after"])) for line in log] == [("logo", False, True), ("logo", True, False)]
    assert await members.events("community_changed") == []


@pytest.mark.servers
async def test_a_steward_lets_in_no_more_than_the_operator_allows(database: str) -> None:
    async with running(database) as members:
        session = await steward(members)
    async with running(database, join="invited") as members:
        assert await do(members, session, contract.SETTLE, {**SETTLED, "who_may_join": "open"}) == (409, "more_than_allowed")
        assert await do(members, session, contract.SETTLE, {**SETTLED, "who_may_join": "invited"}) == (204, "")


@pytest.mark.servers
@pytest.mark.parametrize("change", ["update community_changes set after = 'x'", "delete from community_changes"])
async def test_no_line_of_the_log_is_changed_or_taken_out(members: Members, change: str) -> None:
    await do(members, await steward(members), contract.SETTLE, SETTLED)
    with pytest.raises(asyncpg.RaiseError, match="stay"):
        await members.pool.execute(change)
    async with transaction(members.pool) as tx:
        await store.forget(tx, await tx.fetchval("select member_id from roles"), AT)
    assert await members.pool.fetchval("select count(*) filter (where by_id is null) from community_changes") == 3


@pytest.mark.parametrize("wrong", [{"last_day": "2026-11-30"}, {"said_es": ""}])
def test_an_announcement_ends_after_it_begins_and_is_in_both_languages(wrong: dict[str, str]) -> None:
    assert contract.AnnounceBody.model_validate(SAID)
    with pytest.raises(ValidationError):
        contract.AnnounceBody.model_validate({**SAID, **wrong})


async def publish(members: Members, text: str, version: int) -> None:
    """A steward's version of a text."""
    await members.pool.execute("insert into texts values ($1, $2, 'en', 'Be kind.', 'Shorter.', $3)", text, version, AT)
