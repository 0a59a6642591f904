"""The requests service in memory. A decline and a pass close it for her alone, as the real one shows it."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from pydantic import BaseModel

from services.web.models import Closeness, HowMet
from shared.problems import NotFound, Problem
from shared.text import Words
from tests.web.fake_views import introduction_view, request_view
from tests.web.fake_world import Key, Who, World, app, later

Hers = Annotated[str, Words(40, 1000)]


class CannotAsk(Problem):
    code, status, sentence = "cannot_ask", 409, "This introduction can't be asked for at the moment."


class Novel(Problem):
    code, status, sentence = "something_new", 409, "A sentence the web has never heard of."


class Ask(BaseModel):
    recipient_id: UUID
    how_met: HowMet
    where_we_met: Annotated[str, Words(15, 300)]
    why_now: Hers
    closeness: Closeness


class HowWell(BaseModel):
    closeness: Closeness


class AskIntroduction(BaseModel):
    voucher_id: UUID
    counterpart_id: UUID
    why_her: Hers


class Proposal(BaseModel):
    side_ids: tuple[UUID, UUID]
    words_for: dict[UUID, Hers]


class Vouch(BaseModel):
    words_for: dict[UUID, Hers]
    show_why_her: bool


class Outcome(BaseModel):
    answer: str
    thank_you: Annotated[str, Words(1, 500)] | None = None
    words: Annotated[str, Words(1, 2000)] | None = None


def new_introduction(world: World, voucher: UUID, sides: list[UUID], asker: UUID | None, **own: Any) -> dict[str, Any]:
    """A row, as asked or proposed."""
    row: dict[str, Any] = {
        "id": uuid4(),
        "origin": "asked" if asker else "proposed",
        "voucher": voucher,
        "sides": sides,
        "asker": asker,
        "why_her": None,
        "show_why_her": False,
        "words_for": {},
        "said": {asker: "confirmed"} if asker else {},
        "asked_at": later(0) if asker else None,
        "vouched_at": None,
        "expires_at": later(14),
        "confirmed_at": None,
        "closed": False,
        "went_well": False,
        "cannot_vouch": None,
        **own,
    }
    world.introductions[row["id"]] = row
    return row


def create(world: World) -> FastAPI:
    """The service over that world."""
    service = app("requests")
    _connections(service, world)
    _introductions(service, world)
    return service


def _connections(service: FastAPI, world: World) -> None:
    def find(request_id: UUID, who: UUID) -> dict[str, Any]:
        row = world.requests.get(request_id)
        if row is None or who not in (row["requester"], row["recipient"]):
            raise NotFound
        return row

    @service.get("/v1/waiting")
    async def waiting(who: Who) -> dict[str, Any]:
        views = [introduction_view(world, one, who) for one in world.introductions.values() if _there(one, who)]
        mine = [request_view(world, one, who) for one in world.requests.values() if one["recipient"] == who and one["state"] == "pending"]
        return {
            "connection_requests": mine,
            "introductions": [one for one in views if {"confirm", "decline"} & set(one["actions"])],
            "outcomes": [one for one in views if "say_outcome" in one["actions"]],
        }

    @service.get("/v1/members/{member_id}")
    async def member(member_id: UUID, who: Who) -> dict[str, Any]:
        if not world.meets(who, member_id):
            raise NotFound
        connection = world.connections.get((who, member_id))
        pending = next((one for one in world.requests.values() if {one["requester"], one["recipient"]} == {who, member_id}), None)
        relation = "connected" if connection else "none"
        if pending and not connection:
            relation = "pending_from_me" if pending["requester"] == who else "pending_from_her"
        return {
            "member": world.card(member_id),
            "relation": relation,
            "connection_request_id": str(pending["id"]) if pending else None,
            "closeness": connection["closeness"] if connection else None,
            "can_request": relation == "none",
        }

    @service.post("/v1/connection-requests", status_code=201)
    async def ask(body: Ask, who: Who, key: Key) -> Any:
        def work() -> Any:
            words = body.model_dump(include={"how_met", "where_we_met", "why_now"})
            row = {"id": uuid4(), "requester": who, "recipient": body.recipient_id, "state": "pending", **words}
            row["closeness"] = {who: body.closeness}
            world.requests[row["id"]] = row
            return request_view(world, row, who)

        return world.once(key, work)

    @service.get("/v1/connection-requests")
    async def requests(who: Who) -> Any:
        mine = [one for one in world.requests.values() if who in (one["requester"], one["recipient"])]
        return {"items": [request_view(world, one, who) for one in mine]}

    @service.get("/v1/connection-requests/{request_id}")
    async def request(request_id: UUID, who: Who) -> Any:
        return request_view(world, find(request_id, who), who)

    @service.post("/v1/connection-requests/{request_id}/accept")
    async def accept(request_id: UUID, body: HowWell, who: Who, key: Key) -> Any:
        row = find(request_id, who)
        row["state"] = "accepted"
        world.connect(row["requester"], row["recipient"])
        world.connections[who, row["requester"]]["closeness"] = body.closeness
        return request_view(world, row, who)

    @service.post("/v1/connection-requests/{request_id}/{decision}")
    async def decide(request_id: UUID, decision: str, who: Who, key: Key) -> Any:
        row = find(request_id, who)
        row["state"] = {"decline": "declined", "withdraw": "withdrawn"}[decision]
        return request_view(world, row, who)

    @service.get("/v1/connections")
    async def connections(who: Who) -> Any:
        return {"items": [_connection(world, row) for (me, _), row in world.connections.items() if me == who]}

    @service.put("/v1/connections/{member_id}/closeness")
    async def closeness(member_id: UUID, body: HowWell, who: Who, key: Key) -> Any:
        if (who, member_id) not in world.connections:
            raise NotFound
        world.connections[who, member_id]["closeness"] = body.closeness
        return _connection(world, world.connections[who, member_id])


def _connection(world: World, row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "member": world.card(row["member"])}


def _there(row: dict[str, Any], who: UUID) -> bool:
    hidden = who not in (row["voucher"], row["asker"]) and row["vouched_at"] is None
    return who in (row["voucher"], *row["sides"]) and not hidden


def _introductions(service: FastAPI, world: World) -> None:
    def find(introduction_id: UUID, who: UUID) -> dict[str, Any]:
        row = world.introductions.get(introduction_id)
        if row is None or not _there(row, who):
            raise NotFound
        return row

    @service.post("/v1/introductions/asks", status_code=201)
    async def ask(body: AskIntroduction, who: Who, key: Key) -> Any:
        if body.voucher_id == body.counterpart_id or any(one["asker"] == who for one in world.introductions.values()):
            raise CannotAsk
        if body.why_her.startswith("novel"):
            raise Novel
        sides = [who, body.counterpart_id]
        return world.once(key, lambda: view(new_introduction(world, body.voucher_id, sides, who, why_her=body.why_her), who))

    def view(row: dict[str, Any], who: UUID) -> dict[str, Any]:
        return introduction_view(world, row, who)

    @service.post("/v1/introductions/proposals", status_code=201)
    async def propose(body: Proposal, who: Who, key: Key) -> Any:
        own = {"words_for": body.words_for, "vouched_at": later(0)}
        return world.once(key, lambda: view(new_introduction(world, who, list(body.side_ids), None, **own), who))

    @service.get("/v1/introductions")
    async def introductions(who: Who) -> Any:
        return {"items": [view(one, who) for one in world.introductions.values() if _there(one, who)]}

    @service.get("/v1/introductions/{introduction_id}")
    async def introduction(introduction_id: UUID, who: Who) -> Any:
        return view(find(introduction_id, who), who)

    @service.post("/v1/introductions/{introduction_id}/vouch")
    async def vouch(introduction_id: UUID, body: Vouch, who: Who, key: Key) -> Any:
        row = find(introduction_id, who)
        row.update(vouched_at=later(0), words_for=body.words_for, show_why_her=body.show_why_her)
        return view(row, who)

    @service.post("/v1/introductions/{introduction_id}/outcome")
    async def outcome(introduction_id: UUID, body: Outcome, who: Who, key: Key) -> Any:
        row = find(introduction_id, who)
        world.outcomes[introduction_id, who] = body.model_dump()
        given = [world.outcomes.get((introduction_id, side)) for side in row["sides"]]
        row["went_well"] = all(one and one["answer"] == "worthwhile" for one in given)
        return view(row, who)

    @service.post("/v1/introductions/{introduction_id}/{decision}")
    async def decide(introduction_id: UUID, decision: str, who: Who, key: Key) -> Any:
        row = find(introduction_id, who)
        if decision.startswith("withdraw"):
            row["closed"] = True
        else:
            row["said"][who] = {"confirm": "confirmed", "pass": "passed", "decline": "declined"}[decision]
        if all(row["said"].get(side) == "confirmed" for side in row["sides"]):
            row["confirmed_at"] = later(0)
        return view(row, who)
