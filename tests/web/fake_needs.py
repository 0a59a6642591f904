"""Asks by need in memory."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from shared.contracts.http.requests import needs
from shared.http.routing import serve
from shared.problems import NotFound
from tests.web import fake_requests
from tests.web.fake_world import Key, Who, World, later


def need_view(world: World, row: dict[str, Any], who: UUID) -> dict[str, Any]:
    """An ask by need; to its asker a no and a proposal look open, until `met`."""
    mine = who == row["asker"]
    shown = {"declined": "open" if mine else "closed", "answered": "open" if mine else "answered", "met": "answered"}
    shown |= {} if mine else {"withdrawn": "closed"}
    state = shown.get(row["state"], row["state"])
    declined = row["state"] == "declined" and not mine
    actions = ["withdraw"] if mine and state == "open" else []
    if not mine and row["state"] in ("open", "declined"):
        actions = ["propose"] if declined else ["propose", "decline"]
    return {
        **row,
        "asker": world.card(row["asker"]),
        "voucher": world.card(row["voucher"]),
        "my_role": "asker" if mine else "voucher",
        "state": state,
        "my_answer": "declined" if declined else None,
        "introduction_id": row["introduction_id"] if state == "answered" else None,
        "actions": actions,
    }


def new_need(world: World, asker: UUID, voucher: UUID, **own: Any) -> dict[str, Any]:
    """A row, as asked."""
    row = {"id": uuid4(), "asker": asker, "voucher": voucher, "state": "open", "introduction_id": None, "asked_at": later(0), **own}
    row.setdefault("ends_at", later(7))
    world.needs[row["id"]] = row
    return row


def serve_needs(service: FastAPI, world: World) -> None:
    """Its routes."""

    def find(need_id: UUID, who: UUID) -> dict[str, Any]:
        row = world.needs.get(need_id)
        if row is None or who not in (row["asker"], row["voucher"]):
            raise NotFound
        return row

    @serve(service.router, needs.ASK_NEED)
    async def ask(body: needs.NeedBody, who: Who, key: Key) -> Any:
        return world.once(key, lambda: new_need(world, who, body.voucher_id, looking_for=body.looking_for)["id"])

    @serve(service.router, needs.ASKING_NEED)
    async def asking(member_id: UUID, who: Who) -> Any:
        return {"cannot_ask": world.relations.get((who, member_id), {}).get("cannot_ask")}

    @serve(service.router, needs.NEED)
    async def need(need_id: UUID, who: Who) -> Any:
        return need_view(world, find(need_id, who), who)

    @serve(service.router, needs.ANSWER_NEED)
    async def answer(need_id: UUID, body: needs.NeedAnswerBody, who: Who, key: Key) -> Any:
        row = find(need_id, who)
        own = {"words_for": body.words_for, "vouched_at": later(0), "why_her": row["looking_for"], "show_why_her": body.show_need}
        sides = [row["asker"], body.counterpart_id]
        made = world.once(key, lambda: fake_requests.new_introduction(world, who, sides, None, answers_need=True, **own)["id"])
        row.update(state="answered", introduction_id=made.id)
        return made

    @serve(service.router, needs.DECLINE_NEED)
    async def decline(need_id: UUID, who: Who, key: Key) -> None:
        find(need_id, who)["state"] = "declined"

    @serve(service.router, needs.WITHDRAW_NEED)
    async def withdraw(need_id: UUID, who: Who, key: Key) -> None:
        find(need_id, who)["state"] = "withdrawn"
