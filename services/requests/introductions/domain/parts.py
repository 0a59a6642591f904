"""What an introduction is made of: its two sides, what each has said, and its end. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.contracts.events.requests import IntroductionEnd, OutcomeAnswer
from shared.contracts.http.requests.connections import Closeness, LastSpoke

Said = Literal["confirmed", "passed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a side said of the introduction. `report` is for moderators, of misconduct alone."""

    answer: OutcomeAnswer
    at: datetime
    thank_you: str | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a side asked the voucher to correct of what is said of her, and when the words were corrected."""

    text: str
    at: datetime
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the voucher's words for her, what she said last, what she asked to be corrected, and how it went."""

    member_id: UUID
    words: str | None = None
    last_spoke: LastSpoke | None = None
    """When the voucher and she last spoke, as the voucher said when she wrote."""
    said: Said | None = None
    said_at: datetime | None = None
    correction: Correction | None = None
    outcome: Outcome | None = None
    keeps: Closeness | None = None
    """She would like to keep the other, whom she knows so well."""


@dataclass(frozen=True, slots=True)
class End:
    """Why and when an introduction ended."""

    reason: IntroductionEnd
    at: datetime
