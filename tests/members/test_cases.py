"""From a report to a case, a decision, an appeal: over the API, with what others notice of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from services.members.accounts import store as accounts
from services.members.erasure.commands import erase
from services.members.moderation import opening, timers
from services.members.moderation.domain import APPEAL_WITHIN, ERASED_AFTER, HOLD_FOR, Case, Decision, time_passes
from services.members.safety import commands as safety
from shared import clock
from shared.contracts.events.members import (
    MemberErased,
    MemberLimited,
    MemberReinstated,
    MemberRemoved,
    MemberSuspended,
    ReportDismissed,
    ReportUpheld,
)
from shared.contracts.events.members_private import ModerationNoticed
from shared.contracts.events.reputation import CirclesRead
from shared.contracts.events.requests import MisconductReported
from shared.contracts.http.members.safety import ChosenKind
from shared.http.tokens import TokenSigner
from shared.postgres.database import transaction
from shared.text import names_somebody
from tests.members.conftest import KEY, WEB_KEY, Members, confirmed, hear

pytestmark = pytest.mark.servers

REASONS = "We read what you wrote to two women in March: both had asked you to stop."
WORDS = "She wrote to me seven times after I had said no."


@dataclass
class Office:
    """A member, who told of her, and those in charge."""

    members: Members
    ana: str
    rosa: str
    mods: Sequence[str]
    steward: str

    async def get(self, who: str, path: str) -> httpx.Response:
        return await self.members.client.get(path, headers=self._as(who))

    async def post(self, who: str, path: str, **body: Any) -> httpx.Response:
        return await self.members.client.post(path, json=body or None, headers=self._as(who))

    def _as(self, who: str) -> dict[str, str]:
        roles = ["moderator"] if who in self.mods else ["steward"] if who == self.steward else []
        token, _ = TokenSigner(KEY).issue(UUID(who), "members", roles=roles)
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}

    async def report(self, by: str = "", words: str = WORDS) -> None:
        answer = await self.post(by or self.rosa, f"/v1/members/{self.ana}/reports", kind="harassment", what_happened=words)
        assert answer.status_code == 201, answer.text
        await opening.open_cases(self.members.pool)

    async def queue(self, who: str) -> list[str]:
        answer = await self.get(who, "/v1/moderation/cases")
        assert answer.status_code == 200, answer.text
        return [case["id"] for case in answer.json()["items"]]

    async def decide(self, who: str, kind: str, **more: Any) -> str:
        """Take the one case there is and decide it; its path."""
        (case_id,) = await self.queue(who)
        path = f"/v1/moderation/cases/{case_id}"
        assert (await self.post(who, f"{path}/take")).status_code == 204
        answer = await self.post(who, f"{path}/decisions", kind=kind, **{"reasons": REASONS, **more})
        assert answer.status_code == 204, answer.text
        return path

    async def notices(self) -> list[Any]:
        notices: list[Any] = (await self.get(self.ana, "/v1/notices")).json()["items"]
        return notices

    async def suspended(self) -> bool:
        async with transaction(self.members.pool) as tx:
            suspended, _ = await accounts.standing(tx, UUID(self.ana)) or (False, False)
            return suspended

    async def kinds(self, *kinds: type) -> list[type]:
        return [type(event) for event in await self.members.events() if isinstance(event, kinds)]


async def opened(members: Members) -> Office:
    """With two moderators and a steward."""
    names = {"ana": "Ana Ruiz", "rosa": "Rosa Inchausti", "mora": "Mora Vidal", "mina": "Mina Sol", "sara": "Sara Paz"}
    ids = {who: (await members.join(f"{who}@example.com", name=name))[1] for who, name in names.items()}
    async with transaction(members.pool) as tx:
        for who, role in (("mora", "moderator"), ("mina", "moderator"), ("sara", "steward")):
            await accounts.appoint(tx, UUID(ids[who]), role, clock.now())  # type: ignore[arg-type]
    return Office(members, ids["ana"], ids["rosa"], [ids["mora"], ids["mina"]], ids["sara"])


@pytest.fixture
async def office(members: Members) -> Office:
    return await opened(members)


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch, office: Office) -> Any:
    """Let so much time pass, with what it brings."""
    gone = timedelta()
    real = clock.now

    async def travel(by: timedelta) -> None:
        nonlocal gone
        gone += by
        monkeypatch.setattr(clock, "now", lambda: real() + gone)
        await timers.let_time_pass(office.members.pool)

    return travel


async def test_reports_about_one_member_are_one_case_until_it_is_decided(office: Office) -> None:
    await office.report()
    await office.report(office.steward)
    mora, _ = office.mods
    (case_id,) = await office.queue(mora)
    seen = (await office.get(mora, f"/v1/moderation/cases/{case_id}")).json()
    assert [report["words"] for report in seen["reports"]] == [WORDS, WORDS]
    await office.decide(mora, "limit", days=30)
    await office.report()
    assert case_id not in await office.queue(mora)
    assert len(await office.queue(mora)) == 1


@pytest.mark.parametrize(
    ("since", "photo"),
    [
        ("update photos set consented_at = now()", "shown"),
        ("update photos set tag = 'another'", "replaced"),
        ("delete from photos", "gone"),
    ],
)
async def test_a_report_of_a_photo_says_what_became_of_it(office: Office, since: str, photo: str) -> None:
    path, pool = f"/v1/members/{office.ana}/reports", office.members.pool
    before = await office.post(office.rosa, path, kind="other", what_happened=WORDS, subject="photo")
    await pool.execute("insert into photos values ($1, '\\x52494646', 'a-tag', 1, now())", UUID(office.ana))
    other = await office.post(office.rosa, path, kind="other", what_happened=WORDS)
    about_it = await office.post(office.rosa, path, kind="other", what_happened=WORDS, subject="photo")
    assert {answer.status_code for answer in (before, other, about_it)} == {201}
    await opening.open_cases(pool)
    await pool.execute(since)
    (case_id,) = await office.queue(office.mods[0])
    reports = (await office.get(office.mods[0], f"/v1/moderation/cases/{case_id}")).json()["reports"]
    assert [(report["photo"], report["attached"]) for report in reports] == [(None, []), (None, []), (photo, [])]
    async with transaction(pool) as tx:
        await erase(tx, UUID(office.ana), clock.now())
    assert await pool.fetchval("select count(*) from reports where attached <> '{}'") == 0


async def test_misconduct_after_an_introduction_arrives_in_the_same_queue_with_nothing_but_its_words(office: Office) -> None:
    ids = {"introduction_id": uuid4(), "by_id": UUID(office.rosa), "about_id": UUID(office.ana)}
    heard = MisconductReported(aggregate_id=uuid4(), aggregate_version=1, occurred_at=clock.now(), words=WORDS, **ids)
    await hear(office.members, heard)
    ticked = [{"what": "note", "text": "Why don't you answer?"}]
    body: dict[str, Any] = {"what_happened": WORDS, "attached": ticked}
    for kind in get_args(ChosenKind):
        assert (await office.post(office.rosa, f"/v1/members/{office.ana}/reports", kind=kind, **body)).status_code == 201
    await opening.open_cases(office.members.pool)
    (case_id,) = await office.queue(office.mods[0])
    reports = (await office.get(office.mods[0], f"/v1/moderation/cases/{case_id}")).json()["reports"]
    assert {report["kind"] for report in reports} == {"misconduct", *get_args(ChosenKind)}
    for report in reports:
        assert (report["words"], report["attached"]) == (WORDS, [] if report["kind"] == "misconduct" else ticked)
    assert [report["subject"] for report in reports if report["kind"] == "misconduct"] == ["introduction"]


async def test_a_report_that_cant_be_sorted_holds_up_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    sort_one = opening._sort

    async def sort(tx: Any, report: Any) -> None:
        if str(report.about_id) == office.ana:
            raise RuntimeError("something is wrong with this one")
        await sort_one(tx, report)

    monkeypatch.setattr(opening, "_sort", sort)
    await office.report()
    answer = await office.post(office.ana, f"/v1/members/{office.rosa}/reports", kind="spam", what_happened=WORDS)
    assert answer.status_code == 201
    await asyncio.wait_for(opening.open_cases(office.members.pool), 20)
    assert len(await office.queue(office.mods[0])) == 1
    monkeypatch.undo()
    await opening.open_cases(office.members.pool)
    assert len(await office.queue(office.mods[0])) == 2


async def test_for_whom_it_isnt_there_is_no_such_route(office: Office) -> None:
    await office.report()
    (case_id,) = await office.queue(office.mods[0])
    for path in ("cases", f"cases/{case_id}", "log"):
        answer = await office.get(office.rosa, f"/v1/moderation/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for verb, body in (("take", {}), ("notes", {"note": "x"}), ("decisions", {"kind": "dismiss"}), ("hand-over", {"to": None})):
        answer = await office.post(office.rosa, f"/v1/moderation/cases/{case_id}/{verb}", **body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def blocks(office: Office, moderator: str) -> None:
    async with transaction(office.members.pool) as tx:
        await safety.block(tx, UUID(office.ana), UUID(moderator), clock.now())


async def was_introduced(office: Office, moderator: str) -> None:
    await hear(office.members, confirmed(office.rosa, moderator))


async def reported_it(office: Office, moderator: str) -> None:
    await office.report(moderator)


async def is_concerned(office: Office, moderator: str) -> None:
    office.ana, office.mods = moderator, [*office.mods, office.ana]
    async with transaction(office.members.pool) as tx:
        await tx.execute("delete from cases")
    await office.report()


@pytest.mark.parametrize("tie", [blocks, was_introduced, reported_it, is_concerned])
async def test_a_moderator_never_learns_of_a_case_that_touches_her(office: Office, tie: Any) -> None:
    await office.report()
    mora, mina = office.mods
    await tie(office, mora)
    (case_id,) = await office.queue(mina)
    assert await office.queue(mora) == []
    assert await office.queue(office.steward) == [], "there is a moderator who can"
    assert (await office.get(mora, f"/v1/moderation/cases/{case_id}")).status_code == 404
    assert (await office.post(mora, f"/v1/moderation/cases/{case_id}/take")).status_code == 404
    await office.post(mina, f"/v1/moderation/cases/{case_id}/take")
    assert (await office.post(mina, f"/v1/moderation/cases/{case_id}/hand-over", to=mora)).status_code == 422


async def test_a_steward_steps_in_if_no_moderator_can(office: Office) -> None:
    await office.report()
    for moderator in office.mods:
        await blocks(office, moderator)
    assert len(await office.queue(office.steward)) == 1


async def test_every_look_at_what_was_reported_is_logged_and_the_log_cant_be_changed(office: Office) -> None:
    await office.report()
    mora, _ = office.mods
    (case_id,) = await office.queue(mora)
    await office.get(mora, f"/v1/moderation/cases/{case_id}")
    await office.post(mora, f"/v1/moderation/cases/{case_id}/notes", note="Asked her for the emails.")
    await office.decide(mora, "limit", days=10)
    log = (await office.get(office.steward, "/v1/moderation/log")).json()["items"]
    assert [(line["action"], line["by"]) for line in log] == [
        *[(action, "Mora Vidal") for action in ("decided", "took", "noted", "read")],
        ("opened", None),
    ]
    for statement in ("update moderation_log set by_id = null", "delete from moderation_log"):
        with pytest.raises(asyncpg.PostgresError, match="append-only"):
            await office.members.pool.execute(statement)


async def test_a_dismissal_tells_her_nothing_and_is_settled_at_once(office: Office) -> None:
    await office.report()
    await office.decide(office.mods[0], "dismiss", reasons="")
    assert await office.notices() == []
    assert await office.kinds(ModerationNoticed, ReportDismissed, ReportUpheld) == [ReportDismissed]
    mine = (await office.get(office.rosa, "/v1/me/reports")).json()["items"]
    assert [report["state"] for report in mine] == ["decided"]


async def test_the_statement_names_nobody_who_reported(office: Office) -> None:
    await office.report()
    mora, _ = office.mods
    (case_id,) = await office.queue(mora)
    await office.post(mora, f"/v1/moderation/cases/{case_id}/take")
    named = await office.post(
        mora, f"/v1/moderation/cases/{case_id}/decisions", kind="suspend", days=7, reasons=f"{REASONS} One was rosa, in April."
    )
    assert (named.status_code, named.json()["fields"][0]["code"]) == (422, "names_a_reporter")
    await office.decide(mora, "suspend", days=7)
    [notice] = await office.notices()
    whole = str(notice) + str((await office.get(office.ana, f"/v1/notices/{notice['id']}")).json())
    assert not [word for word in ("Rosa", "Inchausti", office.rosa, "Mora", mora, WORDS) if word in whole]


@pytest.mark.parametrize(
    ("text", "names", "hers", "found"),
    [
        ("You wrote to Rósa.", ["Rosa Inchausti"], "Ana", True),
        ("You wrote to INCHAUSTI, twice", ["Rosa Inchausti"], "Ana", True),
        ("Ana, you wrote a lot.", ["Ana Pons"], "Ana Ruiz", False),
        ("A rosary is no name.", ["Rosa Inchausti"], "Ana", False),
    ],
)
def test_whom_a_text_names(text: str, names: list[str], hers: str, found: bool) -> None:
    assert names_somebody(text, names, hers) == found


async def test_a_suspended_member_reads_acknowledges_and_appeals_and_another_decides(office: Office) -> None:
    await office.report()
    mora, mina = office.mods
    path = await office.decide(mora, "suspend")
    assert await office.suspended()
    assert (await office.get(office.ana, "/v1/me")).json()["notice_id"] == (notice := (await office.notices())[0]["id"])
    assert (await office.post(office.ana, f"/v1/notices/{notice}/acknowledge")).status_code == 204
    assert (await office.get(office.ana, "/v1/me")).json()["notice_id"] is None
    assert (await office.get(office.rosa, f"/v1/notices/{notice}")).status_code == 404
    appeal = {"appeal": "It wasn't me: I was in hospital all of March."}
    assert (await office.post(office.rosa, f"/v1/notices/{notice}/appeal", **appeal)).status_code == 404
    assert (await office.post(office.ana, f"/v1/notices/{notice}/appeal", **appeal)).status_code == 204
    assert (await office.post(office.ana, f"/v1/notices/{notice}/appeal", **appeal)).json()["code"] == "cannot_appeal"
    assert await office.queue(mora) == [], "her own decision"
    assert (await office.get(mora, path)).status_code == 404
    assert await office.kinds(ReportDismissed, ReportUpheld) == []
    await office.decide(mina, "dismiss")
    assert not await office.suspended()
    assert len(await office.notices()) == 2, "she was told of the first, so she is told of this one"
    assert await office.kinds(ReportDismissed, ReportUpheld) == [ReportDismissed]
    assert await office.kinds(MemberSuspended, MemberReinstated) == [MemberSuspended, MemberReinstated]


async def test_an_appeal_goes_to_the_steward_if_there_is_one_moderator_only(office: Office) -> None:
    async with transaction(office.members.pool) as tx:
        await accounts.dismiss(tx, UUID(office.mods[1]), "moderator", clock.now())
    await office.report()
    await office.decide(office.mods[0], "limit", days=30)
    assert await office.queue(office.steward) == []
    notice = (await office.notices())[0]["id"]
    await office.post(office.ana, f"/v1/notices/{notice}/appeal", appeal="I asked each of them only once, as I may.")
    await office.decide(office.steward, "limit", days=10)
    assert await office.kinds(ReportUpheld, MemberLimited) == [MemberLimited, MemberLimited, ReportUpheld]


async def test_a_hold_ends_by_itself_and_the_case_stays_open(office: Office, ahead: Any) -> None:
    await office.report()
    await office.decide(office.mods[0], "hold")
    await ahead(HOLD_FOR - timedelta(minutes=5))
    assert await office.suspended()
    await ahead(timedelta(minutes=6))
    assert not await office.suspended()
    assert len(await office.queue(office.mods[1])) == 1


async def test_a_suspension_ends_at_its_time_unless_another_lasts(office: Office, ahead: Any) -> None:
    await office.report()
    await office.decide(office.mods[0], "suspend", days=3)
    await office.report()
    await office.decide(office.mods[0], "suspend", days=5)
    await ahead(timedelta(days=3, minutes=1))
    assert await office.suspended()
    await ahead(timedelta(days=2))
    assert not await office.suspended()


async def test_whom_moderators_removed_is_suspended_at_once_and_erased_after_the_time_for_an_appeal(office: Office, ahead: Any) -> None:
    await office.report()
    await office.decide(office.mods[0], "remove")
    assert await office.suspended()
    await ahead(APPEAL_WITHIN - timedelta(minutes=5))
    told = (ReportUpheld, MemberRemoved, MemberErased)
    assert await office.kinds(*told) == []
    await ahead(timedelta(minutes=6))
    assert await office.kinds(*told) == [ReportUpheld, MemberRemoved]
    await ahead(ERASED_AFTER)
    assert await office.kinds(*told) == [ReportUpheld, MemberRemoved, MemberErased]
    assert await office.members.pool.fetchval("select count(*) from cases") == 0
    for email, sent in (("ana@example.com", False), ("new@example.com", True)):
        await office.members.challenge(email, uuid4().hex)
        assert (await office.members.issued())[-1].send == sent, "her address can't join again, and the answer is the same"
    assert "ana@example.com" not in str([dict(row) for row in await office.members.pool.fetch("select * from barred_addresses")])


@pytest.mark.parametrize("kind", ["limit", "suspend", "remove"])
def test_others_are_told_of_a_removal_alone_and_once_nobody_can_appeal(kind: Any) -> None:
    at = clock.now()
    decision = Decision(uuid4(), kind, "respect", REASONS, None, uuid4(), at, None, told=True)
    case = Case(uuid4(), uuid4(), at, decisions=(decision,))
    assert time_passes(case, at + APPEAL_WITHIN - timedelta(minutes=1)) == (case, [])
    settled, events = time_passes(case, at + APPEAL_WITHIN)
    assert [event.decided_at for event in events if isinstance(event, MemberRemoved)] == ([at] if kind == "remove" else [])
    assert time_passes(settled, at + 2 * APPEAL_WITHIN) == (settled, [])


async def test_once_the_time_to_change_her_profile_is_over_moderators_look_again(office: Office, ahead: Any) -> None:
    await office.report()
    await office.decide(office.mods[0], "change", days=7, field="headline")
    assert await office.queue(office.mods[0]) == []
    await ahead(timedelta(days=7, minutes=1))
    await office.decide(office.mods[0], "limit", days=30)
    assert [notice["kind"] for notice in await office.notices()] == ["limit", "change"]


async def test_everyone_may_know_how_much_there_was_once_a_half_year_is_over_and_no_small_number(office: Office, ahead: Any) -> None:
    for _ in range(5):
        await office.report()
    await office.decide(office.mods[0], "dismiss", reasons="")

    async def tables() -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {WEB_KEY}"}
        found = (await office.members.client.get("/v1/transparency", headers=headers)).json()["tables"]
        return {table["what"]: table for table in found}

    assert await tables() == {}, "nobody can watch a number grow"
    await ahead(timedelta(days=190))
    seen = await tables()
    assert {kind: count for kind, count in seen["reports"]["counts"].items() if count is not None} == {"harassment": 5}
    assert seen["reports"]["total"] is None, "that there were no others would follow from it"
    assert set(seen["decisions"]["counts"].values()) == {None}


async def test_a_look_at_closed_circles_is_a_line_of_the_same_log_once(office: Office) -> None:
    mora, _ = office.mods
    look = CirclesRead(aggregate_id=uuid4(), aggregate_version=1, occurred_at=clock.now(), by_id=UUID(mora))
    await hear(office.members, look, look)
    [line] = (await office.get(office.steward, "/v1/moderation/log")).json()["items"]
    assert (line["action"], line["by"], line["case_id"]) == ("circles_read", "Mora Vidal", str(look.aggregate_id))
