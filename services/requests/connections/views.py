"""What a reader may see of connection requests; every answer about them is made here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.requests import members, visibility
from services.requests.connections import restrictions, store
from services.requests.connections.domain import unknown
from services.requests.connections.domain.connection_request import ConnectionRequest
from services.requests.connections.domain.limits import Sent
from services.requests.connections.domain.notes import Writer
from services.requests.connections.domain.pair import Pair
from shared import clock
from shared.contracts.http.base import Card, FieldView, Page, Refusal
from shared.contracts.http.requests.connection_problems import CannotRequest, OnlyThroughIntroduction
from shared.contracts.http.requests.connections import ConnectionRequestView, MemberView, NoteBody, NoteView, RequestAction, RequestState
from shared.messaging import member_copy
from shared.messaging.feature import Sections
from shared.paging import Paging
from shared.postgres.database import Tx
from shared.postgres.together import LATER, together
from shared.problems import NotFound


async def member(tx: Tx, reader_id: UUID, member_id: UUID, at: datetime) -> MemberView:
    """What that member is to the reader. Raises NotFound if she doesn't exist for her."""
    card = (await visibility.seen(tx, reader_id, [member_id])).get(member_id)
    if card is None:
        raise NotFound
    if member_id == reader_id:
        return MemberView(member=card, relation="self", connection_request_id=None, closeness=None, can_request=False)
    found, pair, sent = await together(
        tx,
        members.present(LATER, [reader_id, member_id]),
        store.pair(LATER, reader_id, member_id, suspended=False),
        store.sent(LATER, reader_id, at),
    )
    return member_view(card, replace(pair, suspended=not members.take_part(found, reader_id, member_id)), sent, at)


async def request(tx: Tx, reader_id: UUID, request_id: UUID, at: datetime) -> ConnectionRequestView:
    """One request as the reader may see it. Raises NotFound."""
    found = await store.find(tx, reader_id, request_id)
    shown = await _requests(tx, reader_id, [found] if found else [], at)
    if not shown:
        raise NotFound
    view = shown[0]
    first = found is not None and view.state == "accepted" and await store.is_first(tx, reader_id, found)
    return view.model_copy(update={"first": first})


def note(writer: Writer, body: NoteBody) -> NoteView:
    """What the note gate says of what she has written so far."""
    verdict = writer.judge(body.where_we_met, body.why_now)
    return NoteView(why=verdict.said and FieldView.model_validate(verdict.said), refused=verdict.kind == "refuse")


async def requests(tx: Tx, reader_id: UUID, paging: Paging, at: datetime) -> Page[ConnectionRequestView]:
    """The requests that are open for the reader, newest first."""
    shown, after = paging.cut(await store.of_member(tx, reader_id, paging, at), lambda request: request.id)
    return Page(items=await _requests(tx, reader_id, shown, at), next=after)


async def todo(tx: Tx, reader_id: UUID, at: datetime) -> tuple[Page[ConnectionRequestView], ...]:
    """The first page of the requests that wait for her answer, of those she sent in which a question does, and of the others that she
    sent and that look open to her."""
    paging = Paging()
    got, asked = await together(
        tx, store.of_member(LATER, reader_id, paging, at, "waiting"), store.of_member(LATER, reader_id, paging, at, "sent")
    )
    waiting, after_waiting = paging.cut(got, lambda request: request.id)
    sent, after_sent = paging.cut(asked, lambda request: request.id)
    views = await _requests(tx, reader_id, [*waiting, *sent], at)
    mine = [view for view in views if view.my_role == "requester"]
    return (
        Page(items=[view for view in views if view.my_role == "recipient"], next=after_waiting),
        Page(items=[view for view in mine if "answer_question" in view.actions]),
        Page(items=[view for view in mine if "answer_question" not in view.actions], next=after_sent),
    )


async def restricted_until(tx: Tx, reader_id: UUID, at: datetime) -> datetime | None:
    """Until when she may be introduced only; None if she may ask."""
    return unknown.restricted_until(await restrictions.restricted_from(tx, reader_id), at)


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Her requests as her pages show them; none whose other doesn't exist for her.

    With an erased woman its words go: if they stayed with one who is blocked, this would tell the two apart.
    """
    shown = await _requests(tx, member_id, await store.all_of(tx, member_id), clock.now())
    hers = [
        {"with": (view.recipient if view.my_role == "requester" else view.requester).name}
        | view.model_dump(exclude={"id", "requester", "recipient", "actions", "first"}, exclude_none=True)
        for view in shown
    ]
    since = await restrictions.restricted_from(tx, member_id)
    return {"connection_requests": hers, "only_introduced": [{"since": since}] if since else []}


async def _requests(tx: Tx, reader_id: UUID, found: Sequence[ConnectionRequest], at: datetime) -> list[ConnectionRequestView]:
    cards = await member_copy.cards(tx, {id_ for request in found for id_ in (request.requester_id, request.recipient_id)})
    # A member erased between the two statements has no card any more, and her requests are gone for the reader.
    shown = [request for request in found if cards.keys() >= {request.requester_id, request.recipient_id}]
    return [request_view(request, reader_id, cards, at) for request in shown]


def shown_state(request: ConnectionRequest, reader_id: UUID, at: datetime) -> RequestState:
    """The state as she may know it: to the requester a hidden end is `pending` until it shows."""
    match request.state:
        case "accepted" | "removed" | "withdrawn":
            return request.state
    still = request.looks_open_at(at) if reader_id == request.requester_id else request.open_at(at)
    return "pending" if still else "closed"


def request_view(request: ConnectionRequest, reader_id: UUID, cards: Mapping[UUID, Card], at: datetime) -> ConnectionRequestView:
    """The request for `reader_id`, one of its two; `cards` holds both."""
    mine = reader_id == request.requester_id
    state = shown_state(request, reader_id, at)
    actions: list[RequestAction] = []
    if mine:
        actions = ["withdraw"] if state == "pending" else []
        actions += ["answer_question"] if state == "pending" and request.asked_back else []
    elif request.may_be_accepted_at(at):
        actions = ["accept", "decline", "decline_kindly"] if state == "pending" else ["accept", "decline_kindly"]
        actions += ["ask_question"] if state == "pending" and request.clarifying_question is None else []
    return ConnectionRequestView(
        id=request.id,
        requester=cards[request.requester_id],
        recipient=cards[request.recipient_id],
        my_role="requester" if mine else "recipient",
        state=state,
        how_met=request.how_met,
        where_we_met=request.where_we_met,
        why_now=request.why_now,
        met_at=request.met_at,
        asks_for=request.asks_for,
        recipient_question=request.recipient_question,
        requester_answer=request.requester_answer,
        asked_at=request.asked_at,
        expires_at=request.expires_at,
        closeness=request.requester_closeness if mine else request.recipient_closeness,
        my_answer=None if mine or request.state != "declined" else "unknown" if request.unknown else "declined",
        kind_answer=request.kind_answer,
        clarifying_question=request.clarifying_question,
        clarifying_answer=request.clarifying_answer,
        actions=actions,
    )


def member_view(card: Card, pair: Pair, sent: Sent, at: datetime) -> MemberView:
    """What the member of `card` is to the reader, who is the `me` of the pair and has sent what is in `sent`."""
    relation, request_id = pair.relation(at)
    anew = relation == "none" and pair.crossing(at) is None
    may_ask = relation == "none" and pair.may_ask(at) and not pair.only_introduced(at)
    can_request = may_ask and not (anew and sent.obstacle(at))
    return MemberView(
        member=card,
        relation=relation,
        connection_request_id=request_id,
        closeness=pair.closeness,
        can_request=can_request,
        cannot_request=None if can_request or relation != "none" else _why_not(pair, sent, at),
        bar=pair.her_reach.bar if anew else None,
        question=pair.her_reach.question if anew else None,
        left_today=sent.few_left(at) if anew and can_request else None,
    )


def _why_not(pair: Pair, sent: Sent, at: datetime) -> Refusal | None:
    """Why she can't be asked, as far as the reader may know."""
    if pair.only_introduced(at):
        return Refusal(code=OnlyThroughIntroduction.code)
    limit = sent.obstacle(at) if pair.may_ask(at) else None
    if limit:
        return Refusal(code=limit.code, again_at=limit.again_at)
    rests_until = pair.rests_until(at)
    return Refusal(code=CannotRequest.code, again_at=rests_until) if rests_until else None
