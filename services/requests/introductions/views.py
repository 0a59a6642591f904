"""What a reader may see of an introduction. Pure; every answer about one is made here.

Nobody sees whether another said yes or no: everything here follows from `state_for`, from what the reader herself said,
and from words meant for her.
"""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.requests.introductions import outcomes
from services.requests.introductions.domain import NOBODY, Introduction
from services.requests.introductions.shape import State
from services.requests.members import Card
from shared.contracts.events.requests import Answer, HowMet, Origin
from shared.problems import Problem

Role = Literal["voucher", "asker", "counterpart", "side"]
MyAnswer = Literal["confirmed", "passed", "declined"]
Action = Literal["vouch", "decline", "confirm", "pass", "withdraw", "withdraw_vouch", "say_outcome"]

_NEEDS_GOOD_STANDING: Set[Action] = {"vouch", "confirm", "say_outcome"}


class WhereMet(BaseModel):
    """How the voucher and the asker met, by their connection."""

    how_met: HowMet
    where_we_met: str


class ThankYou(BaseModel):
    """`from` is the side who wrote it."""

    model_config = {"populate_by_name": True, "serialize_by_alias": True}

    from_: Card = Field(serialization_alias="from")
    text: str


class IntroductionView(BaseModel):
    """An introduction as one of its three sees it."""

    id: UUID
    origin: Origin
    state: State
    my_role: Role
    voucher: Card
    sides: tuple[Card, Card]
    asker_id: UUID | None
    why_her: str | None
    show_why_her: bool
    words_for: dict[UUID, str]
    asked_at: datetime | None
    vouched_at: datetime | None
    expires_at: datetime
    confirmed_at: datetime | None
    closed_at: datetime | None
    my_answer: MyAnswer | None
    my_outcome: Answer | None
    went_well: bool
    thank_yous: list[ThankYou]
    actions: list[Action]
    cannot_vouch: str | None
    connection_with_asker: WhereMet | None


class Introductions(BaseModel):
    items: list[IntroductionView]


def is_there(intro: Introduction, reader: UUID, cards: Mapping[UUID, Card], strangers: Set[UUID]) -> bool:
    """Whether there is such an introduction for the reader at all; `strangers` as of a confirmed one (`queries.Loaded`)."""
    return intro.exists_for(reader) and reader not in strangers and all(one in cards for one in intro.participants)


def view(
    intro: Introduction,
    reader: UUID,
    at: datetime,
    cards: Mapping[UUID, Card],
    *,
    suspended: Set[UUID] = NOBODY,
    obstacle: type[Problem] | None = None,
    met: WhereMet | None = None,
) -> IntroductionView:
    """The introduction for `reader`, one of its three, at `at`; `cards` holds all three.

    `obstacle` and `met` are what stands in the voucher's way and how she met the asker; they are left out for all others.
    """
    role = role_of(intro, reader)
    voucher = role == "voucher"
    state = intro.state_for(reader, at)
    obstacle = obstacle if voucher and state == "asked" else None
    well = voucher and intro.went_well
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
        words_for={side.member_id: side.words for side in intro.sides if side.words and (voucher or side.member_id == reader)},
        asked_at=intro.made_at if intro.asker_id else None,
        vouched_at=intro.vouched_at,
        expires_at=intro.expires_at,
        confirmed_at=intro.confirmed_at,
        closed_at=_closed_at(intro, reader, state),
        my_answer=_my_answer(intro, reader),
        my_outcome=_my_outcome(intro, reader),
        went_well=well,
        thank_yous=_thank_yous(intro, cards) if well else [],
        actions=_actions(intro, reader, role, state, paused=reader in suspended, may_vouch=obstacle is None),
        cannot_vouch=obstacle and obstacle.code,
        connection_with_asker=met if voucher else None,
    )


def role_of(intro: Introduction, reader: UUID) -> Role:
    if reader == intro.voucher_id:
        return "voucher"
    if intro.asker_id is None:
        return "side"
    return "asker" if reader == intro.asker_id else "counterpart"


def _closed_at(intro: Introduction, reader: UUID, state: State) -> datetime | None:
    if state != "closed":
        return None
    shown = intro.closed.at if intro.closed else intro.expires_at
    return min(intro.refused_by(reader) or shown, shown)


def _my_answer(intro: Introduction, reader: UUID) -> MyAnswer | None:
    if reader == intro.voucher_id:
        return "declined" if intro.declined_at else None
    return intro.side(reader).said


def _my_outcome(intro: Introduction, reader: UUID) -> Answer | None:
    outcome = intro.side(reader).outcome if reader in intro.side_ids else None
    return outcome.answer if outcome else None


def _thank_yous(intro: Introduction, cards: Mapping[UUID, Card]) -> list[ThankYou]:
    return [
        ThankYou(from_=cards[side.member_id], text=side.outcome.thank_you)
        for side in intro.sides
        if side.outcome and side.outcome.thank_you
    ]


def _actions(intro: Introduction, reader: UUID, role: Role, state: State, *, paused: bool, may_vouch: bool) -> list[Action]:
    actions: list[Action] = []
    match state, role:
        case "asked", "voucher":
            actions = ["vouch", "decline"] if may_vouch else ["decline"]
        case "vouched", "voucher":
            actions = ["withdraw_vouch"]
        case "asked" | "vouched", "asker":
            actions = ["withdraw"]
        case "vouched", _:
            actions = ["pass"] if intro.side(reader).said == "confirmed" else ["confirm", "pass"]
        case "confirmed" | "settled", "asker" | "counterpart" | "side":
            actions = ["say_outcome"] if outcomes.may_say(intro, reader) else []
    return [one for one in actions if not (paused and one in _NEEDS_GOOD_STANDING)]
