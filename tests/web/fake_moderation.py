"""Cases and decisions, as the fake members service keeps them."""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from fastapi import FastAPI

from shared.contracts.http.members import moderation as http
from shared.contracts.http.members import public_notices as public
from shared.http.routing import PagingOf, serve
from shared.problems import Field, Invalid, NotFound
from tests.web.fake_world import Key, Who, World, later, page


def new_case(world: World, about: UUID, by: UUID | None, **own: Any) -> dict[str, Any]:
    """A case with one report, as a row that `own` changes."""
    report: dict[str, Any] = {
        "kind": "harassment",
        "subject": "connection_request",
        "subject_id": None,
        "reported_at": later(-1),
        "by": world.card(by) if by else None,
    }
    report |= {"words": "She wrote to me seven times after I had said no.", "attached": [{"what": "note", "text": "Why don't you answer?"}]}
    case_id = uuid5(about, f"case {len(world.cases)}")  # the log's page shows the end of it
    row: dict[str, Any] = {
        "id": case_id,
        "about": world.card(about),
        "state": "open",
        "kinds": ["harassment"],
        "opened_at": later(-1),
        "moderator": None,
    }
    row |= {
        "reports": [report],
        "notes": [],
        "decisions": [],
        "earlier": [],
        "appeal": None,
        "mine": False,
        "others": [],
        "can_decide": True,
    }
    world.cases[case_id] = row | own
    return world.cases[case_id]


def new_notice(world: World, about: UUID, **own: Any) -> dict[str, Any]:
    """A decision that she reads, as a row that `own` changes."""
    notice_id = uuid4()
    reasons = "You wrote to two women in March after both had asked you to stop."
    row: dict[str, Any] = {
        "id": notice_id,
        "kind": "limit",
        "rule": "respect",
        "reasons": reasons,
        "field": None,
        "decided_at": later(-1),
        "until": later(29),
    }
    row |= {"acknowledged_at": None, "appeal_until": later(29), "appeal": None, "about": about}
    world.notices[notice_id] = row | own
    return world.notices[notice_id]


def serve_moderation(service: FastAPI, world: World) -> None:
    """Its routes."""

    @serve(service.router, http.TRANSPARENCY)
    async def transparency() -> Any:
        tables: list[tuple[http.Counted, int | None, int | None]] = [("reports", 12, 84), ("appeals", None, None)]
        return {
            "tables": [
                {"half_year": "2026-1", "what": what, "counts": dict.fromkeys(http.KINDS[what], count), "total": total}
                for what, count, total in tables
            ]
        }

    _cases(service, world)
    _notices(service, world)
    _public_notices(service, world)


def _cases(service: FastAPI, world: World) -> None:
    def case_of(who: UUID, case_id: UUID) -> dict[str, Any]:
        if not world.roles.get(who) or case_id not in world.cases:
            raise NotFound
        return world.cases[case_id]

    @serve(service.router, http.CASES)
    async def cases(who: Who, paging: PagingOf) -> Any:
        if not world.roles.get(who):
            raise NotFound
        return page(world.cases.values(), paging)

    @serve(service.router, http.CASE)
    async def case(case_id: UUID, who: Who) -> Any:
        return case_of(who, case_id)

    @serve(service.router, http.TAKE)
    async def take(case_id: UUID, who: Who, key: Key) -> None:
        case_of(who, case_id).update(mine=True, moderator=world.card(who))

    @serve(service.router, http.HAND_OVER)
    async def hand_over(case_id: UUID, body: http.HandOverBody, who: Who, key: Key) -> None:
        case_of(who, case_id).update(mine=False, moderator=body.to and world.card(body.to))

    @serve(service.router, http.ADD_NOTE)
    async def note(case_id: UUID, body: http.CaseNoteBody, who: Who, key: Key) -> None:
        case_of(who, case_id)["notes"].append({"by": world.card(who).name, "note": body.note, "at": later(0)})

    @serve(service.router, http.DECIDE)
    async def decide(case_id: UUID, body: http.DecisionBody, who: Who, key: Key) -> None:
        found = case_of(who, case_id)
        if body.kind != "dismiss" and len(body.reasons) < 40:
            raise Invalid(fields=[Field("reasons", "too_short", minimum=40)])
        found["decisions"].append(new_notice(world, found["about"].id, kind=body.kind, reasons=body.reasons))
        found.update(state="decided", can_decide=False)

    @serve(service.router, http.LOG)
    async def log(who: Who, before: int | None = None) -> Any:
        if not world.roles.get(who):
            raise NotFound
        names = ("read", "took", "opened", "circles_read")
        lines = [
            {"id": number, "at": later(0), "by": "Mora Vidal" if action != "opened" else None, "action": action, "case_id": case_id}
            for case_id in world.cases
            for number, action in enumerate(names, 1)
        ]
        return {"items": lines}


def _notices(service: FastAPI, world: World) -> None:
    def notice_of(who: UUID, notice_id: UUID) -> dict[str, Any]:
        found = world.notices.get(notice_id)
        if found is None or found["about"] != who:
            raise NotFound
        return found

    @serve(service.router, http.NOTICES)
    async def notices(who: Who, paging: PagingOf) -> Any:
        return page([row for row in world.notices.values() if row["about"] == who], paging)

    @serve(service.router, http.NOTICE)
    async def notice(notice_id: UUID, who: Who) -> Any:
        return notice_of(who, notice_id)

    @serve(service.router, http.ACKNOWLEDGE)
    async def acknowledge(notice_id: UUID, who: Who, key: Key) -> None:
        notice_of(who, notice_id)["acknowledged_at"] = later(0)

    @serve(service.router, http.APPEAL)
    async def appeal(notice_id: UUID, body: http.AppealBody, who: Who, key: Key) -> None:
        notice_of(who, notice_id).update(appeal=body.appeal, appeal_until=None, acknowledged_at=later(0))


def new_public_notice(world: World, **own: Any) -> dict[str, Any]:
    """A public notice without an answer, as a row that `own` changes."""
    notice_id = uuid5(NAMESPACE_URL, f"public notice {len(world.public_notices)}")
    row = {"id": notice_id, "number": notice_id.hex[-8:], "kind": "illegal", "given_at": later(-1), "case_id": None, "reply": None}
    row |= {"concerns": "The woman who signs as E. Paz", "words": "She published my address and where my children go to school."}
    world.public_notices[notice_id] = row | {"answered_at": None} | own
    return world.public_notices[notice_id]


def _public_notices(service: FastAPI, world: World) -> None:
    def notice_of(who: UUID, notice_id: UUID) -> dict[str, Any]:
        if not world.roles.get(who) or notice_id not in world.public_notices:
            raise NotFound
        return world.public_notices[notice_id]

    @serve(service.router, public.GIVE_NOTICE)
    async def give(body: public.PublicNoticeBody) -> Any:
        row = new_public_notice(world, kind=body.kind, concerns=body.concerns, words=body.what_happened, given_at=later(0))
        return {"token": row["id"].hex}

    @serve(service.router, public.READ_RECEIPT)
    async def receipt(body: public.ReceiptBody) -> Any:
        for notice_id, row in world.public_notices.items():
            if notice_id.hex == body.token:
                return row
        raise NotFound

    @serve(service.router, public.PUBLIC_NOTICES)
    async def waiting(who: Who, paging: PagingOf) -> Any:
        if not world.roles.get(who):
            raise NotFound
        return page([row for row in world.public_notices.values() if row["answered_at"] is None], paging)

    @serve(service.router, public.PUBLIC_NOTICE)
    async def notice(public_notice_id: UUID, who: Who) -> Any:
        return notice_of(who, public_notice_id)

    @serve(service.router, public.REPLY)
    async def reply(public_notice_id: UUID, body: public.ReplyBody, who: Who, key: Key) -> None:
        notice_of(who, public_notice_id).update(reply=body.reply, answered_at=later(0))
