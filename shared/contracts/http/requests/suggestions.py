"""Who could introduce her to another, whom she might know, and whom she could introduce."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.http.base import Answer, Body, Card, CommandRoute, QueryRoute
from shared.contracts.lengths import Line
from shared.paging import LONGEST_PAGE
from shared.problems import NotFound, Problem

MOST_SUGGESTED = 10


class PathsView(Answer):
    """Who of the reader's connections could introduce her; none looks the same as none allowed.

    Known for a day from her look-up; `looked_up` is False if there was none within it, and `vouchers` is empty then.
    """

    looked_up: bool
    vouchers: list[Card] = Field(max_length=LONGEST_PAGE)


class MightKnowView(Answer):
    """A woman whom the reader might know, with the reason: where they both were, in the reader's own words; who could introduce them; or
    the group from which both were invited, if both agreed."""

    member: Card
    met_at: Line = ""
    through: Card | None = None
    group: Line = ""


class PairView(Answer):
    """Two of the reader's connections whom she could introduce to each other; `met_at`: where she met both, in her own words."""

    sides: tuple[Card, Card]
    met_at: Line = ""


class SuggestionsView(Answer):
    """What is suggested to her today, in an order that means nothing."""

    might_know: list[MightKnowView] = Field(max_length=MOST_SUGGESTED)
    introduce: PairView | None


class DismissalBody(Body):
    """The woman who isn't to be suggested to her again, or the two whom she doesn't want to introduce."""

    member_ids: Annotated[list[UUID], Field(min_length=1, max_length=2)]


class TooManyLookUps(Problem, sentence="You have looked for ways to twenty women within a day, and that is as many as fit into one."):
    """20 within 24 hours; looking again for a way to one of them counts once."""


LOOK_UP = CommandRoute(method="PUT", path="/v1/members/{member_id}/look-up", problems=(NotFound, TooManyLookUps))
PATHS = QueryRoute(path="/v1/members/{member_id}/paths", answer=PathsView, problems=(NotFound,))
SUGGESTIONS = QueryRoute(path="/v1/suggestions", answer=SuggestionsView)
DISMISS = CommandRoute(path="/v1/suggestions/dismissals", body=DismissalBody, problems=(NotFound,))
