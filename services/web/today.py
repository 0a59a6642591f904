"""What Today says, from what waits for her and what is under way. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import regex

from services.web.presenters import in_order, met
from shared.clock import zone
from shared.contracts.http.base import Card
from shared.contracts.http.members.community import AnnouncementView, CommunityView
from shared.contracts.http.requests.connections import ConnectionRequestView
from shared.contracts.http.requests.introductions import IntroductionView
from shared.contracts.http.requests.needs import NeedView
from shared.contracts.http.requests.todo import TodoView

SHOWN = 5
"""Rows of what is under way, of each kind; the lists have the rest."""

_MORNING, _AFTERNOON, _EVENING = 5, 12, 19
_OPENING = 140

Hours = Literal["morning", "afternoon", "evening"]
Waiting = tuple[
    Literal["introduction", "question", "need", "request", "in_touch", "outcome"], IntroductionView | ConnectionRequestView | NeedView
]


def hours(now: datetime, time_zone: str) -> Hours:
    """Morning, afternoon or evening by her own clock; the night counts as evening."""
    hour = now.astimezone(zone(time_zone)).hour
    return "morning" if _MORNING <= hour < _AFTERNOON else "afternoon" if _AFTERNOON <= hour < _EVENING else "evening"


def announced(community: CommunityView, day: date, read: str) -> AnnouncementView | None:
    """What the community's steward has to say that day, unless she has read it; None if there is nothing."""
    said = community.announcement
    return said if said and said.first_day <= day <= said.last_day and read != str(said.number) else None


def waits(todo: TodoView) -> list[Waiting]:
    """What waits for her, the first of which is shown whole: a woman waits for most of it, and nobody for what we ask."""
    return [
        *(("introduction", one) for one in todo.introductions.items),
        *(("question", one) for one in todo.asked_back.items),
        *(("need", one) for one in todo.needs.items),
        *(("request", one) for one in todo.connection_requests.items),
        *(("in_touch", one) for one in todo.to_write.items),
        *(("outcome", one) for one in todo.outcomes.items),
    ]


def women(todo: TodoView) -> list[Card]:
    """Who waits for her word, each once."""
    asking = [in_order(one)[0] if one.my_role == "voucher" else one.voucher for one in todo.introductions.items]
    asking += [one.recipient for one in todo.asked_back.items] + [one.requester for one in todo.connection_requests.items]
    asking += [one.asker for one in todo.needs.items]
    found: dict[UUID, Card] = {}
    for card in asking:
        found.setdefault(card.id, card)
    return list(found.values())


def words_travel(todo: TodoView) -> bool:
    """Something that she wrote is with somebody who may still answer."""
    return bool(todo.sent.items or todo.needs_sent.items) or any(
        not met(one) and one.my_role in {"asker", "voucher"} for one in todo.under_way.items
    )


def is_new(todo: TodoView, connections: Sequence[object]) -> bool:
    """She is at the beginning: nobody is connected to her, and nothing but her own requests is under way."""
    return not (connections or waits(todo) or todo.under_way.items)


def opening(text: str, most: int = _OPENING) -> str:
    """The first words of a text, about three lines of them, with … if there are more. No word is cut, unless it is longer than that."""
    cut = "".join(regex.findall(r"\X", text)[:most])
    if cut == text:
        return text
    whole = cut.rpartition(" ")[0] if " " in cut[most // 2 :] else cut
    return whole.rstrip(" ,;:.–—\n") + "…"
