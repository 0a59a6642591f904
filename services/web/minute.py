"""One thing worth a minute of hers, on Today. Pure, and for the whole of a day the same."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Literal

from shared.contracts.http.base import Card
from shared.contracts.http.members import ProfileView
from shared.contracts.http.requests.introductions import IntroductionView
from shared.contracts.http.requests.people import ConnectionView
from shared.contracts.http.requests.todo import TodoView

TRIES = 3
"""Pairs of a day that are looked at; if she can propose none of them, it is another day's."""

_TIME_TO_MEET = timedelta(days=5)
_KNOWS_BETTER = {"worked_together", "know_well"}

Line = Literal["headline", "organisation", "place"]
LINES: tuple[Line, ...] = ("headline", "organisation", "place")


def of_a_pause(todo: TodoView) -> bool:
    """She has a pause, or one is offered to her."""
    return todo.paused_until is not None or todo.offer_pause


def met_already(todo: TodoView, now: datetime) -> IntroductionView | None:
    """One of which she could say how it went, before she is asked: she has had the time to meet the other."""
    may_say = (one for one in todo.under_way.items if "say_outcome" in one.actions and one.confirmed_at)
    return next((one for one in may_say if one.confirmed_at and one.confirmed_at + _TIME_TO_MEET <= now), None)


def pairs(connections: Sequence[ConnectionView], day: date) -> list[tuple[Card, Card]]:
    """Pairs of connections that she knows better than met, as the day chooses them."""
    cards = sorted((one.member for one in connections if one.closeness in _KNOWS_BETTER), key=lambda card: card.id)
    shuffled = Random(day.toordinal()).sample(cards, len(cards))  # noqa: S311  (the day's choice, and no secret)
    return list(pairwise(shuffled))[:TRIES]


def empty_line(profile: ProfileView) -> Line | None:
    """The first line of her profile that is empty; None if all are filled in."""
    return next((line for line in LINES if not getattr(profile, line)), None)
