"""One thing worth a minute of hers, on Today. Pure."""

from datetime import datetime, timedelta
from typing import Literal

from shared.contracts.http.members.profiles import ProfileView
from shared.contracts.http.requests.introductions import IntroductionView
from shared.contracts.http.requests.todo import TodoView

_TIME_TO_MEET = timedelta(days=5)

Line = Literal["headline", "organisation", "place"]
LINES: tuple[Line, ...] = ("headline", "organisation", "place")


def of_a_pause(todo: TodoView) -> bool:
    """She has a pause, or one is offered to her."""
    return todo.paused_until is not None or todo.offer_pause


def met_already(todo: TodoView, now: datetime) -> IntroductionView | None:
    """One of which she could say how it went, before she is asked: she has had the time to meet the other."""
    may_say = (one for one in todo.under_way.items if "say_outcome" in one.actions and one.confirmed_at)
    return next((one for one in may_say if one.confirmed_at and one.confirmed_at + _TIME_TO_MEET <= now), None)


def empty_line(profile: ProfileView) -> Line | None:
    """The first line of her profile that is empty; None if all are filled in."""
    return next((line for line in LINES if not getattr(profile, line)), None)
