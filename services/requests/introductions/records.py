"""Introductions as rows: the columns of each, and with what is known of its three members."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.requests.introductions.domain.introduction import Introduction
from services.requests.introductions.domain.lifecycle import due_at
from services.requests.introductions.domain.parts import Correction, End, Outcome, Side
from shared.contracts.http.base import Card

_PLAIN = (
    *("id", "origin", "voucher_id", "asker_id", "version", "open_days", "why_her", "show_why_her", "kind_answer", "reason"),
    *("made_at", "vouched_at", "confirmed_at", "declined_at", "reminded_at", "questioned_at", "settled_at"),
    *("in_touch_asked_at", "in_touch_reminded_at", "in_touch", "need_id", "opened_at"),
)
_OF_SIDE = (
    *("id", "words", "last_spoke", "said", "said_at", "correction", "correction_at", "corrected_at"),
    *("answer", "answered_at", "thank_you", "report", "keeps"),
)
_ENDS = ("hidden_end_reason", "hidden_end_at", "shown_end_reason", "shown_end_at", "hidden_from")
COLUMNS = ", ".join(f"i.{name}" for name in (*_PLAIN, *_ENDS, *(f"{side}_{name}" for side in "ab" for name in _OF_SIDE)))
"""What `from_row` reads of a row of `introductions as i`."""


@dataclass(frozen=True, slots=True)
class IntroductionRecord:
    """An introduction with what is known of its three members."""

    intro: Introduction
    cards: dict[UUID, Card]
    suspended: frozenset[UUID]
    cannot_see_all: frozenset[UUID]
    """Once it is confirmed: those for whom another of the three doesn't exist (any more)."""

    @property
    def unasked(self) -> frozenset[UUID]:
        """Whom no question may reach."""
        return self.suspended | self.cannot_see_all

    def exists_for(self, reader: UUID) -> bool:
        """Whether there is such an introduction for the reader at all."""
        known = all(member_id in self.cards for member_id in self.intro.participants)
        return known and reader not in self.cannot_see_all and self.intro.exists_for(reader)


def from_row(row: Any) -> Introduction:
    """The introduction in a row of `introductions`."""
    return Introduction(
        **{name: row[name] for name in _PLAIN},
        sides=(_side(row, "a"), _side(row, "b")),
        hidden_end=_end(row, "hidden_end"),
        shown_end=_end(row, "shown_end"),
        hidden_from=frozenset(row["hidden_from"]),
    )


def to_row(intro: Introduction) -> dict[str, Any]:
    """All columns of its row."""
    row = {name: getattr(intro, name) for name in _PLAIN}
    row |= {"due_at": due_at(intro), "ends_at": intro.expires_at, "hidden_from": sorted(intro.hidden_from)}
    for name, end in (("hidden_end", intro.hidden_end), ("shown_end", intro.shown_end)):
        row |= {f"{name}_reason": end and end.reason, f"{name}_at": end and end.at}
    for name, side in zip("ab", intro.sides, strict=True):
        row |= _side_row(name, side)
    return row


def _end(row: Any, name: str) -> End | None:
    return End(row[f"{name}_reason"], row[f"{name}_at"]) if row[f"{name}_at"] else None


def _side(row: Any, name: str) -> Side:
    answer = row[f"{name}_answer"]
    outcome = Outcome(answer, row[f"{name}_answered_at"], row[f"{name}_thank_you"], row[f"{name}_report"]) if answer else None
    text = row[f"{name}_correction"]
    correction = Correction(text, row[f"{name}_correction_at"], row[f"{name}_corrected_at"]) if text is not None else None
    words, said, said_at = (row[f"{name}_{column}"] for column in ("words", "said", "said_at"))
    return Side(row[f"{name}_id"], words, row[f"{name}_last_spoke"], said, said_at, correction, outcome, row[f"{name}_keeps"])


def _side_row(name: str, side: Side) -> dict[str, Any]:
    outcome, correction = side.outcome, side.correction
    return {
        f"{name}_id": side.member_id,
        f"{name}_words": side.words,
        f"{name}_last_spoke": side.last_spoke,
        f"{name}_said": side.said,
        f"{name}_said_at": side.said_at,
        f"{name}_correction": correction and correction.text,
        f"{name}_correction_at": correction and correction.at,
        f"{name}_corrected_at": correction and correction.corrected_at,
        f"{name}_answer": outcome and outcome.answer,
        f"{name}_answered_at": outcome and outcome.at,
        f"{name}_thank_you": outcome and outcome.thank_you,
        f"{name}_report": outcome and outcome.report,
        f"{name}_keeps": side.keeps,
    }


def record_of(row: Any) -> IntroductionRecord:
    """The introduction in a row that has its three members too."""
    people = [(UUID(member_id), name, headline, suspended) for member_id, name, headline, suspended in row["people"] or ()]
    return IntroductionRecord(
        from_row(row),
        {id_: Card.model_construct(id=id_, name=name, headline=headline) for id_, name, headline, _ in people if name is not None},
        frozenset(id_ for id_, *_, suspended in people if suspended),
        frozenset(row["cannot_see_all"]),
    )
