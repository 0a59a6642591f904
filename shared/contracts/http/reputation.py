"""The API of the reputation service: a member's own ledger, the bands that others may see, and what moderators may look at."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.events.reputation import Band
from shared.contracts.http.base import Answer, Card, Page, QueryRoute
from shared.problems import NotFound

MOST_BANDS = 100
MOST_CIRCLES = 50
MOST_IN_A_CIRCLE = 12
"""What a moderator can look into; a larger bound finds larger circles, and more that are none."""

LineKind = Literal["start", "good", "mutual", "bad", "upheld", "newcomer"]
ShownBand = Literal["building", "established"]


class LedgerLine(Answer):
    """A line of the explanation; the lines' points add up to the score. `upheld`: reports that moderators upheld, about her or about women
    she had vouched for."""

    kind: LineKind
    points: float
    fades_by_half_at: datetime | None


class LedgerView(Answer):
    """What a member sees of her own trust, as of the last monthly snapshot; `as_of`: when that was taken, None before her first one.
    `evidence` is what stands behind the score, for and against."""

    score: float
    band: Band
    evidence: float
    lines: list[LedgerLine] = Field(max_length=10)
    as_of: datetime | None = None


class VouchView(Answer):
    """A confirmed introduction she vouched for; `sides` are those of the two who are still members.

    `went_well_at`: when both sides' praise was revealed; None if it wasn't.
    """

    introduction_id: UUID
    confirmed_at: datetime
    sides: list[Card] = Field(max_length=2)
    went_well_at: datetime | None


Count = Annotated[int, Field(ge=0, lt=2**31)]


class ReferenceView(Answer):
    """How the women she vouched for fared, for her alone and no part of her score.

    `vouched_for`: members whom she introduced, both sides having said yes · `went_well`: of those, who were in an introduction of hers that
    went well for both · `trusted`: of those, whose trust others see · `reported`: women she had vouched for about whom a report was upheld,
    as of the last snapshot: a part of it counts against her.
    """

    vouched_for: Count
    went_well: Count
    trusted: Count
    reported: Count


class BandsView(Answer):
    """What others see of each member asked for; None is nothing."""

    bands: dict[UUID, ShownBand | None] = Field(max_length=MOST_BANDS)


class CircleView(Answer):
    """Women of whom nobody but themselves has said anything good: those who are here, and how many are `gone`.

    `introductions`: in how many they said so, the first of them `since`. Who said what isn't told.
    """

    members: list[Card] = Field(max_length=MOST_IN_A_CIRCLE)
    gone: Annotated[int, Field(ge=0, le=MOST_IN_A_CIRCLE)]
    introductions: Annotated[int, Field(ge=1, le=2**31)]
    since: datetime


class CirclesView(Answer):
    """Those with the latest beginning, and how many more there are."""

    items: list[CircleView] = Field(max_length=MOST_CIRCLES)
    left_out: Count


LEDGER = QueryRoute(path="/v1/me/ledger", answer=LedgerView)
VOUCHES = QueryRoute(path="/v1/me/vouches", answer=Page[VouchView], paged=True)
REFERENCE = QueryRoute(path="/v1/me/reference", answer=ReferenceView)
BANDS = QueryRoute(path="/v1/bands", answer=BandsView, parameters=("member_id",))
CIRCLES = QueryRoute(path="/v1/moderation/circles", answer=CirclesView, problems=(NotFound,))
