"""The requests service in memory. A decline and a pass close it for her alone, as the real one shows it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI

from services.requests.connections.domain.notes import Writer
from services.requests.connections.views import note
from shared.contracts.http.requests import connection_problems, connections, introductions, people, suggestions, todo
from shared.contracts.http.requests.introduction_problems import CannotAsk, WordsChanged
from shared.contracts.kind_answers import SENTENCES
from shared.http.routing import PagingOf, serve
from shared.paging import Paging
from shared.problems import NotFound, Problem
from tests.web import fake_export, fake_needs, fake_reach
from tests.web.fake_views import introduction_view, is_first_connection, is_first_introduction, request_view, words_version
from tests.web.fake_world import Key, Who, World, app, later, page


class Novel(Problem, code="something_new", sentence="A sentence the web has never heard of."):
    """What a newer service may say."""


def new_request(world: World, requester: UUID, recipient: UUID, **own: Any) -> dict[str, Any]:
    """A row, as requested."""
    times = {"asked_at": later(0), "expires_at": later(30)}
    row = {"id": uuid4(), "requester": requester, "recipient": recipient, "state": "pending", "closeness": {}, **times, **own}
    world.requests[row["id"]] = row
    return row


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
        "kind_answer": None,
        "reason": None,
        "long_ago": [],
        "corrections": {},
        "corrected_at": None,
        "asked_at": later(0) if asker else None,
        "vouched_at": None,
        "expires_at": later(14),
        "confirmed_at": None,
        "in_touch": None,
        "keeps": {},
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
    _todo(service, world)
    _requests(service, world)
    _connections(service, world)
    _introductions(service, world)
    fake_needs.serve_needs(service, world)
    fake_reach.create(service, world)
    fake_export.part(service)
    return service


def _todo(service: FastAPI, world: World) -> None:
    @serve(service.router, todo.TODO)
    async def mine(who: Who) -> Any:
        views = [introduction_view(world, row, who) for row in world.introductions.values() if _there(row, who)]
        waiting = [view for view in views if not view["my_answer"] and {"confirm", "decline"} & set(view["actions"])]
        recent = [view for view in views if view["confirmed_at"] and view["confirmed_at"] > later(-14)]
        rows = [row for row in world.requests.values() if who in (row["requester"], row["recipient"])]
        asked = [view for view in views if view["confirmed_at"] and view["confirmed_at"] <= later(-21)]
        requests = [view for row in rows if (view := request_view(world, row, who))["state"] == "pending"]
        quiet = {name: world.reach.get(who, {}).get(name) for name in ("paused_from", "paused_until")}
        asked_for = [fake_needs.need_view(world, row, who) for row in world.needs.values() if who in (row["asker"], row["voucher"])]
        return {
            **quiet,
            "offer_pause": who in world.offered_pauses,
            "connection_requests": page([view for view in requests if view["my_role"] == "recipient"], Paging()),
            "introductions": page(waiting, Paging()),
            "needs": page([view for view in asked_for if "decline" in view["actions"]], Paging()),
            "needs_sent": page([view for view in asked_for if "withdraw" in view["actions"]], Paging()),
            "to_write": page([view for view in views if "say_in_touch" in view["actions"] and view["in_touch"] is None], Paging()),
            "outcomes": page([view for view in asked if view["state"] == "confirmed" and "say_outcome" in view["actions"]], Paging()),
            "gone": world.gone.get(who, []),
            "introductions_only_until": world.introductions_only.get(who),
            "asked_back": page([view for view in requests if "answer_question" in view["actions"]], Paging()),
            "sent": page(
                [view for view in requests if view["my_role"] == "requester" and "answer_question" not in view["actions"]], Paging()
            ),
            "under_way": page(
                [view for view in views if view not in waiting and (view["state"] in ("asked", "vouched") or view in recent)], Paging()
            ),
        }


def _requests(service: FastAPI, world: World) -> None:
    def find(request_id: UUID, who: UUID) -> dict[str, Any]:
        row = world.requests.get(request_id)
        if row is None or who not in (row["requester"], row["recipient"]):
            raise NotFound
        return row

    def writer(who: UUID) -> Writer:
        sent = (row for row in world.requests.values() if row["requester"] == who)
        return Writer("en", [(row.get("where_we_met", ""), row.get("why_now", "")) for row in sent])

    @serve(service.router, connections.CHECK_NOTE)
    async def check_note(body: connections.NoteBody, who: Who) -> Any:
        return note(writer(who), body)

    @serve(service.router, connections.ASK)
    async def ask(body: connections.ConnectionRequestBody, who: Who, key: Key) -> Any:
        crossed = next((row for row in world.requests.values() if (row["requester"], row["recipient"]) == (body.recipient_id, who)), None)
        if crossed:
            crossed["state"] = "accepted"
            world.connect(who, body.recipient_id)
            return world.once(key, lambda: crossed["id"])
        hers = world.reach.get(body.recipient_id, {"bar": "anyone", "question": ""})
        if hers["bar"] == "met" and body.how_met == "not_yet":
            raise connection_problems.OnlyWomenSheHasMet
        if (body.recipient_question or "") != hers["question"]:
            raise connection_problems.QuestionChanged
        words = {**body.model_dump(exclude={"recipient_id", "nudged"}), "closeness": {who: body.closeness}}

        def made() -> Any:
            if obstacle := writer(who).judge(body.where_we_met, body.why_now).obstacle(nudged=body.nudged):
                raise obstacle
            return new_request(world, who, body.recipient_id, **words)["id"]

        return world.once(key, made)

    @serve(service.router, connections.REPORT_QUESTION)
    async def report_question(member_id: UUID, body: connections.ReportQuestionBody, who: Who, key: Key) -> None:
        if body.question != world.reach[member_id]["question"]:
            raise connection_problems.QuestionChanged
        world.reported.append((who, member_id, body.question))

    @serve(service.router, connections.CONNECTION_REQUESTS)
    async def mine(who: Who, paging: PagingOf) -> Any:
        rows = [row for row in world.requests.values() if who in (row["requester"], row["recipient"])]
        views = [request_view(world, row, who) for row in rows]
        return page([view for view in views if view["actions"]], paging)

    @serve(service.router, connections.CONNECTION_REQUEST)
    async def request(request_id: UUID, who: Who) -> Any:
        row = find(request_id, who)
        return {**request_view(world, row, who), "first": is_first_connection(world, row, who)}

    @serve(service.router, connections.ACCEPT)
    async def accept(request_id: UUID, body: connections.ClosenessBody, who: Who, key: Key) -> None:
        row = find(request_id, who)
        row["state"] = "accepted"
        world.connect(row["requester"], row["recipient"])
        world.connections[who, row["requester"]]["closeness"] = body.closeness

    @serve(service.router, connections.DECLINE)
    async def decline(request_id: UUID, body: connections.DeclineBody, who: Who, key: Key) -> None:
        kind_answer = None if body.how in ("quietly", "unknown") else body.how
        find(request_id, who).update(state="declined", kind_answer=kind_answer, unknown=body.how == "unknown")

    @serve(service.router, connections.ASK_QUESTION)
    async def ask_question(request_id: UUID, body: connections.QuestionBody, who: Who, key: Key) -> None:
        find(request_id, who).update(body)

    @serve(service.router, connections.ANSWER_QUESTION)
    async def answer_question(request_id: UUID, body: connections.AnswerBody, who: Who, key: Key) -> None:
        find(request_id, who).update(body)

    @serve(service.router, connections.WITHDRAW)
    async def withdraw(request_id: UUID, who: Who, key: Key) -> None:
        find(request_id, who)["state"] = "withdrawn"


def _connections(service: FastAPI, world: World) -> None:
    def view(row: dict[str, Any]) -> dict[str, Any]:
        shown = {name: value for name, value in row.items() if name != "quiet"}
        return {**shown, "member": world.card(row["member"])}

    def find(who: UUID, member_id: UUID) -> dict[str, Any]:
        if (who, member_id) not in world.connections or not world.meets(who, member_id):
            raise NotFound
        return world.connections[who, member_id]

    def asked_of(member_id: UUID) -> dict[str, Any]:
        hers = world.reach.get(member_id, {"bar": "anyone", "question": ""})
        return {"bar": hers["bar"], "question": hers["question"] or None}

    @serve(service.router, connections.MEMBER)
    async def member(member_id: UUID, who: Who) -> Any:
        if not world.meets(who, member_id):
            raise NotFound
        connection = world.connections.get((who, member_id))
        pending = next((row for row in world.requests.values() if {row["requester"], row["recipient"]} == {who, member_id}), None)
        relation = "self" if member_id == who else "connected" if connection else "none"
        if pending and not connection:
            relation = "pending_from_me" if pending["requester"] == who else "pending_from_her"
        return {
            "member": world.card(member_id),
            "relation": relation,
            "connection_request_id": pending["id"] if pending else None,
            "closeness": connection["closeness"] if connection else None,
            "can_request": relation == "none",
            **(asked_of(member_id) if relation == "none" else {}),
            "can_ask": relation != "connected",
            **world.relations.get((who, member_id), {}),
        }

    @serve(service.router, people.CONNECTIONS)
    async def mine(who: Who, paging: PagingOf) -> Any:
        rows = [row for (me, _), row in world.connections.items() if me == who]
        found = page(rows, paging, lambda row: row["member"])
        return {**found, "items": [view(row) for row in found["items"]]}

    @serve(service.router, people.TIDY)
    async def quiet(who: Who) -> Any:
        rows = [row for (me, _), row in world.connections.items() if me == who and row.get("quiet")]
        return {"items": [view(row) for row in rows[:5]], "next": None}

    @serve(service.router, people.KEEP)
    async def keep(member_id: UUID, who: Who, key: Key) -> None:
        find(who, member_id)["quiet"] = False

    @serve(service.router, people.CONNECTION)
    async def connection(member_id: UUID, who: Who) -> Any:
        return view(find(who, member_id))

    @serve(service.router, people.SET_CLOSENESS)
    async def set_closeness(member_id: UUID, body: people.ChangedClosenessBody, who: Who, key: Key) -> None:
        connection = find(who, member_id)
        if body.seen and connection["closeness"] not in {body.seen, body.closeness}:
            raise people.ClosenessChangedMeanwhile
        connection["closeness"] = body.closeness
        if body.last_spoke:
            connection.update(last_spoke=body.last_spoke, last_spoke_at=later(0))

    @serve(service.router, people.SET_PROVENANCE)
    async def set_provenance(member_id: UUID, body: people.ChangedProvenanceBody, who: Who, key: Key) -> None:
        connection, said = find(who, member_id), body.model_dump(exclude={"seen"})
        stands = {name: connection.get(name, "") for name in said}
        if body.seen and stands not in (body.seen.model_dump(), said):
            raise people.ProvenanceChangedMeanwhile
        connection.update(said)

    @serve(service.router, people.REMOVE)
    async def remove(member_id: UUID, who: Who, key: Key) -> None:
        find(who, member_id)
        for pair in ((who, member_id), (member_id, who)):
            world.connections.pop(pair, None)
        for row in world.requests.values():
            if {row["requester"], row["recipient"]} == {who, member_id} and row["state"] == "accepted":
                row["state"] = "removed"

    @serve(service.router, people.SET_OPENNESS)
    async def set_openness(member_id: UUID, body: people.OpennessBody, who: Who, key: Key) -> None:
        find(who, member_id)["open_to_asks"] = body.open_to_asks


def long_ago(body: introductions.VouchBody | introductions.ProposalBody) -> list[UUID]:
    """With whom she hasn't spoken for more than two years."""
    return [side for side, said in body.last_spoke.items() if said == "longer"]


def _there(row: dict[str, Any], who: UUID) -> bool:
    hidden = who not in (row["voucher"], row["asker"]) and row["vouched_at"] is None
    return who in (row["voucher"], *row["sides"]) and not hidden


def _introductions(service: FastAPI, world: World) -> None:
    def find(introduction_id: UUID, who: UUID) -> dict[str, Any]:
        row = world.introductions.get(introduction_id)
        if row is None or not _there(row, who):
            raise NotFound
        return row

    @serve(service.router, introductions.ASK)
    async def ask(body: introductions.AskBody, who: Who, key: Key) -> Any:
        if body.voucher_id == body.counterpart_id or any(row["asker"] == who for row in world.introductions.values()):
            raise CannotAsk
        if body.why_her.startswith("novel"):
            raise Novel
        sides = [who, body.counterpart_id]
        return world.once(
            key, lambda: new_introduction(world, body.voucher_id, sides, who, why_her=body.why_her, expires_at=later(body.days))["id"]
        )

    @serve(service.router, suggestions.LOOK_UP)
    async def look_up(member_id: UUID, who: Who, key: Key) -> None:
        if not world.looks_left:
            raise suggestions.TooManyLookUps(again_at=later(0.2))
        world.not_looked.discard((who, member_id))

    @serve(service.router, suggestions.PATHS)
    async def paths(member_id: UUID, who: Who) -> Any:
        if not world.meets(who, member_id):
            raise NotFound
        looked = (who, member_id) not in world.not_looked
        both = [her for me, her in world.connections if me == who and (her, member_id) in world.connections]
        return {"looked_up": looked, "vouchers": [world.card(her) for her in both[:100]] if looked else []}

    @serve(service.router, suggestions.SUGGESTIONS)
    async def suggested(who: Who) -> Any:
        return {"might_know": [], "introduce": None, **world.suggestions.get(who, {})}

    @serve(service.router, suggestions.DISMISS)
    async def dismiss(body: suggestions.DismissalBody, who: Who, key: Key) -> None:
        world.dismissed.append((who, frozenset(body.member_ids)))
        world.suggestions.pop(who, None)

    @serve(service.router, introductions.PROPOSE)
    async def propose(body: introductions.ProposalBody, who: Who, key: Key) -> Any:
        own = {"words_for": body.words_for, "vouched_at": later(0), "long_ago": long_ago(body)}
        return world.once(key, lambda: new_introduction(world, who, list(body.side_ids), None, **own)["id"])

    @serve(service.router, introductions.PROPOSING)
    async def proposing(member_id: UUID, other_id: UUID, who: Who) -> Any:
        return {"cannot_propose": None, "introduced": None, "vouches_left": 3, **world.proposing.get(frozenset((member_id, other_id)), {})}

    @serve(service.router, introductions.INTRODUCTIONS)
    async def mine(who: Who, paging: PagingOf) -> Any:
        return page([introduction_view(world, row, who) for row in world.introductions.values() if _there(row, who)], paging)

    @serve(service.router, introductions.WITHDRAWN_VOUCHES)
    async def withdrawn_vouches(who: Who, paging: PagingOf) -> Any:
        hers = [row for row in world.introductions.values() if row["voucher"] == who and row["closed"] and row["reason"]]
        return page([introduction_view(world, row, who) for row in hers if _there(row, who)], paging)

    @serve(service.router, introductions.INTRODUCTION)
    async def introduction(introduction_id: UUID, who: Who) -> Any:
        row = find(introduction_id, who)
        return {**introduction_view(world, row, who), "first": is_first_introduction(world, row, who)}

    @serve(service.router, introductions.VOUCH)
    async def vouch(introduction_id: UUID, body: introductions.VouchBody, who: Who, key: Key) -> None:
        row = find(introduction_id, who)
        row["said"].pop(who, None)
        row.update(vouched_at=later(0), **body.model_dump(exclude={"last_spoke"}), long_ago=long_ago(body))

    @serve(service.router, introductions.CONFIRM)
    async def confirm(introduction_id: UUID, body: introductions.ConfirmBody, who: Who, key: Key) -> None:
        row = find(introduction_id, who)
        if body.words_version not in (None, words_version(row)):
            raise WordsChanged
        row["said"][who] = "confirmed"
        if all(row["said"].get(side) == "confirmed" for side in row["sides"]):
            row["confirmed_at"] = later(0)

    @serve(service.router, introductions.ASK_CORRECTION)
    async def ask_correction(introduction_id: UUID, body: introductions.CorrectionBody, who: Who, key: Key) -> None:
        find(introduction_id, who)["corrections"][who] = {"text": body.correction, "corrected": False}

    @serve(service.router, introductions.CORRECT)
    async def correct(introduction_id: UUID, body: introductions.CorrectBody, who: Who, key: Key) -> None:
        row = find(introduction_id, who)
        said = {side: word for side, word in row["said"].items() if word != "confirmed"}
        corrections = {side: {**one, "corrected": True} for side, one in row["corrections"].items()}
        row.update(words_for=body.words_for, said=said, corrections=corrections, corrected_at=later(0))

    @serve(service.router, introductions.SAY_OUTCOME)
    async def say_outcome(introduction_id: UUID, body: introductions.OutcomeBody, who: Who, key: Key) -> None:
        row = find(introduction_id, who)
        world.outcomes[introduction_id, who] = body.model_dump()
        given = [world.outcomes.get((introduction_id, side)) for side in row["sides"]]
        row["went_well"] = all(said and said["answer"] == "worthwhile" for said in given)

    @serve(service.router, introductions.SAY_IN_TOUCH)
    async def say_in_touch(introduction_id: UUID, body: introductions.InTouchBody, who: Who, key: Key) -> None:
        find(introduction_id, who)["in_touch"] = body.answer

    @serve(service.router, introductions.KEEP)
    async def keep(introduction_id: UUID, body: connections.ClosenessBody, who: Who, key: Key) -> None:
        row = find(introduction_id, who)
        row["keeps"] = {**row["keeps"], who: body.closeness}
        if len(row["keeps"]) == 2:
            world.connect(row["sides"][0], row["sides"][1], where="")

    @serve(service.router, introductions.LET_GO)
    async def let_go(introduction_id: UUID, who: Who, key: Key) -> None:
        find(introduction_id, who)["keeps"].pop(who, None)

    def command(change: Callable[[dict[str, Any], UUID], None]) -> Callable[..., Any]:
        async def run(introduction_id: UUID, who: Who, key: Key) -> None:
            change(find(introduction_id, who), who)

        return run

    def say(word: str) -> Callable[[dict[str, Any], UUID], None]:
        def change(row: dict[str, Any], who: UUID) -> None:
            row["said"][who] = word

        return change

    def close(row: dict[str, Any], who: UUID) -> None:
        row["closed"] = True

    @serve(service.router, introductions.DECLINE)
    async def decline_to_vouch(introduction_id: UUID, body: introductions.DeclineBody, who: Who, key: Key) -> None:
        row = find(introduction_id, who)
        row["said"][who] = "declined"
        if body.how in SENTENCES["en"]:
            row.update(closed=True, kind_answer=body.how)
        elif body.how == "not_well_enough":
            row["reason"] = body.how

    @serve(service.router, introductions.WITHDRAW_VOUCH)
    async def withdraw_vouch(introduction_id: UUID, body: introductions.WithdrawVouchBody, who: Who, key: Key) -> None:
        find(introduction_id, who).update(closed=True, reason=body.reason)

    serve(service.router, introductions.PASS)(command(say("passed")))
    serve(service.router, introductions.WITHDRAW)(command(close))
