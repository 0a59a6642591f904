"""Finding a member by what others may read of her."""

from typing import Annotated

from pydantic import Field

from shared.contracts.http.base import Answer, Body, Card, QueryRoute
from shared.contracts.http.members.profiles import ProfileNeeded
from shared.problems import Problem
from shared.text import Words

MOST_FOUND = 20
SEARCHES_AN_HOUR = 30


class FindBody(Body):
    """Names, an organisation, a place, a language, what she can help with: every word of it, in any order."""

    sought: Annotated[str, Words(2, 80, one_line=True)]


class Found(Answer):
    """The nearest first; whom else there may be isn't said, and there is no next page."""

    members: list[Card] = Field(max_length=MOST_FOUND)


class TooManySearches(Problem, sentence="You have looked thirty times within an hour, and that is as many as fit into one."):
    """30 within an hour, those that found nobody too."""


FIND = QueryRoute(path="/v1/directory", body=FindBody, answer=Found, problems=(ProfileNeeded, TooManySearches))
