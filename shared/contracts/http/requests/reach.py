"""Whom it may reach: what a member lets others ask of her, her pause, and whom she is never introduced to."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from shared.contracts.http.base import Answer, Body, Card, CommandRoute, QueryRoute, none_if_blank
from shared.contracts.lengths import Line, Text
from shared.problems import Invalid, NotFound, Problem
from shared.text import Words

Bar = Literal["anyone", "met", "introduced"]
"""Who may ask her to connect: anyone who says how they know each other, women she has met, nobody but through an introduction."""

HowLong = Literal["two_weeks", "month", "date"]

Question = Annotated[str, Words(0, 140, one_line=True)]
Organisation = Annotated[str, Words(0, 120, one_line=True)]
Day = Annotated[date | None, BeforeValidator(none_if_blank, json_schema_input_type=date | Literal[""] | None)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Monthly = Annotated[int, Field(ge=0, le=30)]

MOST_EXCLUSIONS = 100


class _Allowed(BaseModel):
    bar: Bar
    suggestible: bool
    open_to_asks: bool
    reachable: bool
    introductions_in_30_days: Monthly
    asks_in_30_days: Monthly


class ReachBody(_Allowed, Body):
    """What she allows from now on, whole; `version` is what she saw when she chose it, None to take the place of whatever there is."""

    question: Question = ""
    version: Version | None = None


class PauseBody(Body):
    """How long nothing more reaches her, from tomorrow or from the first day of her holiday. A day begins at midnight UTC.

    `until`: the first day on which she is to be reached again, for a pause until a `date`.
    """

    how_long: HowLong
    until: Day = None
    starting: Day = None


class ExclusionBody(Body):
    """A member, or an organisation as she writes it."""

    member_id: UUID | None = None
    organisation: Organisation = ""


class ExclusionView(Answer):
    """One to whom she is never introduced: a member who exists for her, or an organisation."""

    id: UUID
    member: Card | None
    organisation: Line


class ReachView(_Allowed, Answer):
    """What she allows, and what she alone sees: her pause, as long as it isn't over, and whom she excludes, newest first."""

    question: Text
    version: Version
    paused_from: datetime | None
    paused_until: datetime | None
    exclusions: list[ExclusionView] = Field(max_length=MOST_EXCLUSIONS)


class ReachChangedMeanwhile(
    Problem, code="reach_changed", sentence="You changed this elsewhere in the meantime. Look at it again, and save what should stay."
):
    """It isn't what she saw when she chose."""


class TooManyExclusions(Problem, sentence="Your list is as long as it can be. When you take one off it, you can add another."):
    """She has 100."""


REACH = QueryRoute(path="/v1/reach", answer=ReachView)
SET_REACH = CommandRoute(method="PUT", path="/v1/reach", body=ReachBody, problems=(ReachChangedMeanwhile,))
PAUSE = CommandRoute(path="/v1/reach/pause", body=PauseBody, problems=(Invalid,))
END_PAUSE = CommandRoute(path="/v1/reach/pause/end")
EXCLUDE = CommandRoute(path="/v1/reach/exclusions", body=ExclusionBody, creates=True, problems=(NotFound, Invalid, TooManyExclusions))
INCLUDE = CommandRoute(path="/v1/reach/exclusions/{exclusion_id}/remove", problems=(NotFound,))
