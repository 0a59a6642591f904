"""What a reader may see of introductions; every answer about one is made here.

Nobody sees whether another said yes or no: everything here follows from `state_for`, from what the reader herself said,
and from words meant for her.
"""

from collections.abc import AsyncIterator, Sequence, Set
from datetime import datetime, timedelta
from uuid import UUID

from services.requests.introductions import known, store
from services.requests.introductions.domain import in_touch, keeping
from services.requests.introductions.domain.correcting import may_correct
from services.requests.introductions.domain.introduction import QUESTION_AFTER, Introduction
from services.requests.introductions.domain.outcomes import may_say
from services.requests.introductions.domain.parts import Side
from services.requests.introductions.domain.vouching import VoucherRecord
from services.requests.introductions.records import IntroductionRecord
from services.requests.people import store as people
from shared.contracts.http.base import Page
from shared.contracts.http.requests.introductions import (
    Action,
    CorrectionView,
    IntroductionView,
    Role,
    State,
    ThankYou,
    WhereMet,
)
from shared.paging import Paging
from shared.postgres.database import Tx
from shared.problems import NotFound

_UNDER_WAY = timedelta(days=14)
"""For so long one that was confirmed is still under way."""
_NEEDS_GOOD_STANDING: Set[Action] = {
    *("vouch", "decline_kindly", "ask_correction", "correct", "confirm"),
    *("say_in_touch", "say_outcome", "keep"),
}


async def read(tx: Tx, reader: UUID, introduction_id: UUID, at: datetime) -> IntroductionView:
    """One introduction as the reader may see it. Raises NotFound."""
    record = await store.find(tx, introduction_id)
    if record is None or not record.exists_for(reader):
        raise NotFound
    view = (await _views(tx, reader, [record], at))[0]
    connected = bool((await people.sides_with(tx, reader, record.intro.side_ids)) and view.my_role != "voucher")
    settled = connected or await people.removed_between(tx, *record.intro.side_ids)
    actions = [action for action in view.actions if not (settled and action in ("keep", "let_go"))]
    first = await store.is_first(tx, reader, record.intro)
    return view.model_copy(update={"first": first, "connected": connected, "actions": actions})


async def page(tx: Tx, reader: UUID, paging: Paging, at: datetime, *, withdrawn: bool = False) -> Page[IntroductionView]:
    """The reader's introductions, newest first; `withdrawn` as in the store.

    A page is full whatever doesn't exist for her: a gap would show that it is there.
    """
    found: list[IntroductionView] = []
    async for views in _pages(tx, reader, paging, at, withdrawn=withdrawn):
        found += views
        if len(found) > paging.limit:
            break
    return _cut(paging, found)


async def todo(tx: Tx, reader: UUID, at: datetime) -> dict[str, Page[IntroductionView]]:
    """The first page of what waits for her: introductions to vouch for or to confirm, those of which she has been asked whether
    the two are in touch, or how it went before they settle; and of what is under way without her.
    """
    paging, since = Paging(), at - _UNDER_WAY
    to_decide: list[IntroductionView] = []
    asked: list[IntroductionView] = []
    outcomes: list[IntroductionView] = []
    under_way: list[IntroductionView] = []
    async for views in _pages(tx, reader, paging, at, since=since):
        for view in views:
            if _waits(view):
                to_decide.append(view)
            elif view.state in ("asked", "vouched") or (view.confirmed_at and view.confirmed_at > since):
                under_way.append(view)
        asked += [view for view in views if "say_in_touch" in view.actions and view.in_touch is None]
        outcomes += [view for view in views if view.state == "confirmed" and "say_outcome" in view.actions and _asked_about(view, at)]
    found = {"introductions": to_decide, "to_write": asked, "outcomes": outcomes, "under_way": under_way}
    return {kind: _cut(paging, those) for kind, those in found.items()}


def _waits(view: IntroductionView) -> bool:
    """It waits for her to vouch or to confirm."""
    return view.my_answer is None and not {"decline", "confirm"}.isdisjoint(view.actions)


def _asked_about(view: IntroductionView, at: datetime) -> bool:
    """The time has come to ask how it went; a suspended member, whom no question reaches, has no such action."""
    return view.confirmed_at is not None and view.confirmed_at + QUESTION_AFTER <= at


async def _pages(
    tx: Tx, reader: UUID, paging: Paging, at: datetime, *, since: datetime | None = None, withdrawn: bool = False
) -> AsyncIterator[list[IntroductionView]]:
    """Page by page from `paging` on, what exists for the reader; `since` and `withdrawn` as in the store."""
    while True:
        records = await store.of_member(tx, reader, paging, since=since, withdrawn=withdrawn)
        yield await _views(tx, reader, [record for record in records if record.exists_for(reader)], at)
        if len(records) < paging.fetch:
            return
        paging = Paging(paging.limit, records[-1].intro.id)


def _cut(paging: Paging, found: Sequence[IntroductionView]) -> Page[IntroductionView]:
    shown, after = paging.cut(found, lambda view: view.id)
    return Page(items=shown, next=after)


async def _views(tx: Tx, reader: UUID, records: Sequence[IntroductionRecord], at: datetime) -> list[IntroductionView]:
    intros = [record.intro for record in records]
    asked = {side_id for intro in intros if intro.voucher_id == reader and intro.asker_id for side_id in intro.side_ids}
    her = await known.voucher(tx, reader, sorted(asked), at) if asked else VoucherRecord()
    return [view(record, reader, at, her) for record in records]


def view(record: IntroductionRecord, reader: UUID, at: datetime, her: VoucherRecord) -> IntroductionView:
    """The introduction for `reader`, one of its three, at `at`. `her` is the reader as the voucher who is asked."""
    intro, cards = record.intro, record.cards
    role, state = role_of(intro, reader), intro.state_for(reader, at)
    is_voucher, looks = role == "voucher", intro.state(at)
    obstacle = her.obstacle_to(intro, at) if is_voucher and looks == "asked" else None
    asker = her.connections.get(intro.asker_id) if is_voucher and intro.asker_id else None
    mine = None if is_voucher else intro.side(reader)
    writes_first = intro.writes_first if mine and intro.confirmed_at else None
    well = is_voucher and intro.went_well
    return IntroductionView(
        id=intro.id,
        origin=intro.origin,
        state=state,
        my_role=role,
        voucher=cards[intro.voucher_id],
        sides=(cards[intro.side_ids[0]], cards[intro.side_ids[1]]),
        asker_id=intro.asker_id,
        why_her=intro.why_her if role in ("voucher", "asker") or intro.show_why_her else None,
        show_why_her=intro.show_why_her,
        words_for={side.member_id: side.words for side in _hers_first(intro, reader) if side.words},
        long_ago=intro.long_ago,
        words_version=len(intro.corrected),
        corrected_at=max(intro.corrected, default=None),
        corrections=_corrections(record, reader),
        asked_at=intro.made_at if intro.asker_id else None,
        vouched_at=intro.vouched_at,
        expires_at=intro.expires_at,
        confirmed_at=intro.confirmed_at,
        closed_at=_closed_at(intro, reader, state),
        my_answer=mine.said if mine else ("declined" if intro.declined_at else None),
        kind_answer=intro.kind_answer,
        my_reason=intro.reason if is_voucher else None,
        my_outcome=mine.outcome.answer if mine and mine.outcome else None,
        went_well=well,
        thank_yous=[
            ThankYou(from_=cards[side.member_id], text=side.outcome.thank_you)
            for side in intro.sides
            if well and side.outcome and side.outcome.thank_you
        ],
        actions=_actions(intro, reader, role, looks, at, paused=reader in record.suspended, may_vouch=obstacle is None),
        cannot_vouch=obstacle and obstacle.code,
        vouches_left=her.vouches_left if is_voucher and looks == "asked" else None,
        writes_first=writes_first,
        answers_need=intro.need_id is not None,
        kept=mine.keeps if mine else None,
        in_touch=intro.in_touch if reader == writes_first else None,
        connection_with_asker=WhereMet(how_met=asker.how_met, where_we_met=asker.where_we_met) if asker else None,
    )


def _hers_first(intro: Introduction, reader: UUID) -> Sequence[Side]:
    return sorted(intro.sides, key=lambda side: side.member_id != reader)


def _corrections(record: IntroductionRecord, reader: UUID) -> list[CorrectionView]:
    """What the voucher was asked to correct; a side sees her own alone."""
    return [
        CorrectionView(from_=record.cards[side.member_id], text=side.correction.text, corrected=side.correction.corrected_at is not None)
        for side in record.intro.sides
        if side.correction and reader in (side.member_id, record.intro.voucher_id)
    ]


def role_of(intro: Introduction, reader: UUID) -> Role:
    if reader == intro.voucher_id:
        return "voucher"
    if intro.asker_id is None:
        return "side"
    return "asker" if reader == intro.asker_id else "counterpart"


def _closed_at(intro: Introduction, reader: UUID, state: State) -> datetime | None:
    if state != "closed":
        return None
    shown = intro.shown_end.at if intro.shown_end else intro.expires_at
    return min(intro.refused_at(reader) or shown, shown)


def _actions(intro: Introduction, reader: UUID, role: Role, looks: State, at: datetime, *, paused: bool, may_vouch: bool) -> list[Action]:
    # Her own no binds her as little as anybody: while it looks open to the others, she may take it back.
    actions: list[Action] = []
    match looks, role:
        case "asked", "voucher":
            actions = [*_if(may_vouch, "vouch"), *_if(not intro.declined_at, "decline"), "decline_kindly"]
        case "vouched", "voucher":
            actions = [*_if(may_correct(intro), "correct"), "withdraw_vouch"]
        case "asked", "asker":
            actions = ["withdraw"]
        case "vouched", _:
            mine = intro.side(reader)
            may_ask = mine.said != "passed" and mine.correction is None
            no: Action = "withdraw" if role == "asker" else "pass"
            actions = [*_if(mine.said != "confirmed", "confirm"), *_if(mine.said != "passed", no), *_if(may_ask, "ask_correction")]
        case "confirmed" | "settled", "asker" | "counterpart" | "side":
            actions = [*_if(in_touch.may_say(intro, reader, at), "say_in_touch"), *_if(may_say(intro, reader), "say_outcome")]
            actions += [*_if(keeping.may_keep(intro, reader), "keep"), *_if(keeping.may_let_go(intro, reader), "let_go")]
    return [action for action in actions if not (paused and action in _NEEDS_GOOD_STANDING)]


def _if(condition: bool, action: Action) -> list[Action]:
    return [action] if condition else []
