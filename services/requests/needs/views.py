"""What a reader may see of asks by need; every answer about them is made here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.requests.needs import store
from services.requests.needs.commands import Ask
from services.requests.needs.domain import Need
from shared import clock
from shared.contracts.http.base import Card, Page, Refusal
from shared.contracts.http.requests.needs import AskingNeedView, NeedAction, NeedState, NeedView
from shared.messaging import member_copy
from shared.messaging.feature import Sections
from shared.paging import Paging
from shared.postgres.database import Tx
from shared.postgres.together import LATER, together
from shared.problems import NotFound, Problem


async def read(tx: Tx, reader_id: UUID, need_id: UUID, at: datetime) -> NeedView:
    """One need as the reader may see it. Raises NotFound."""
    found = await store.find(tx, reader_id, need_id)
    shown = await _needs(tx, reader_id, [found] if found else [], at)
    if not shown:
        raise NotFound
    return shown[0]


async def asking(tx: Tx, asker_id: UUID, voucher_id: UUID, at: datetime) -> AskingNeedView:
    """Whether she can ask that connection by need, by the decision that her asking would meet."""
    command = Ask(voucher_id, "")
    try:
        command.decide(await command.load(tx, asker_id), asker_id, at)
    except Problem as problem:
        return AskingNeedView(cannot_ask=Refusal(code=problem.code, again_at=problem.again_at))
    return AskingNeedView(cannot_ask=None)


async def todo(tx: Tx, reader_id: UUID, at: datetime) -> dict[str, Page[NeedView]]:
    """The first page of what waits for her to propose somebody, and of hers that look open to her."""
    paging = Paging()
    got, asked = await together(
        tx, store.of_member(LATER, reader_id, paging, at, "waiting"), store.of_member(LATER, reader_id, paging, at, "sent")
    )
    waiting, after_waiting = paging.cut(got, lambda need: need.id)
    sent, after_sent = paging.cut(asked, lambda need: need.id)
    views = await _needs(tx, reader_id, [*waiting, *sent], at)
    return {
        "needs": Page(items=[view for view in views if view.my_role == "voucher"], next=after_waiting),
        "needs_sent": Page(items=[view for view in views if view.my_role == "asker"], next=after_sent),
    }


async def export(tx: Tx, member_id: UUID) -> Sections:
    """Those she asked and was asked, as her pages show them; none whose other doesn't exist for her."""
    hers = [
        {"with": (view.voucher if view.my_role == "asker" else view.asker).name}
        | view.model_dump(exclude={"id", "asker", "voucher", "introduction_id", "actions"}, exclude_none=True)
        for view in await _needs(tx, member_id, await store.all_of(tx, member_id), clock.now())
    ]
    return {"needs": hers}


async def _needs(tx: Tx, reader_id: UUID, found: Sequence[Need], at: datetime) -> list[NeedView]:
    cards = await member_copy.cards(tx, {id_ for need in found for id_ in (need.asker_id, need.voucher_id)})
    # A member erased between the two statements has no card any more, and her needs are gone for the reader.
    return [view(need, reader_id, cards, at) for need in found if cards.keys() >= {need.asker_id, need.voucher_id}]


def view(need: Need, reader_id: UUID, cards: Mapping[UUID, Card], at: datetime) -> NeedView:
    """The need for `reader_id`, one of its two; `cards` holds both."""
    mine = reader_id == need.asker_id
    state = _to_asker(need, at) if mine else _to_voucher(need, at)
    actions: list[NeedAction] = []
    if mine:
        actions = ["withdraw"] if state == "open" else []
    elif need.may_be_answered_at(at):
        actions = ["propose"] if need.state == "declined" else ["propose", "decline"]
    return NeedView(
        id=need.id,
        asker=cards[need.asker_id],
        voucher=cards[need.voucher_id],
        my_role="asker" if mine else "voucher",
        state=state,
        looking_for=need.looking_for,
        asked_at=need.asked_at,
        ends_at=need.ends_at,
        my_answer="declined" if need.state == "declined" and not mine else None,
        introduction_id=need.introduction_id if state == "answered" else None,
        actions=actions,
    )


def _to_asker(need: Need, at: datetime) -> NeedState:
    """Only her own withdrawal and a counterpart's yes look otherwise than silence."""
    if need.state == "met":
        return "answered"
    if need.state == "withdrawn":
        return "withdrawn"
    return "open" if need.looks_open_at(at) else "closed"


def _to_voucher(need: Need, at: datetime) -> NeedState:
    """What she has answered; never what came of it."""
    if need.introduction_id:
        return "answered"
    return "open" if need.state == "open" and at < need.ends_at else "closed"
