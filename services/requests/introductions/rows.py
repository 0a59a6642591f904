"""Between an introduction and its row. `due_at` is stored beside it, for the timers and the voucher's budget."""

from typing import Any, Protocol

from services.requests.introductions.domain import Introduction
from services.requests.introductions.shape import End, Outcome, Side

_PLAIN = (
    "id",
    "origin",
    "voucher_id",
    "asker_id",
    "version",
    "made_at",
    "vouched_at",
    "confirmed_at",
    "declined_at",
    "questioned_at",
    "settled_at",
    "why_her",
    "show_why_her",
)


class Row(Protocol):
    """A row of `introductions`, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any: ...


def from_row(row: Row) -> Introduction:
    """The introduction in a row of `introductions`."""
    return Introduction(
        **{name: row[name] for name in _PLAIN},
        sides=(_side(row, "one"), _side(row, "other")),
        quiet=_end(row, "quiet"),
        closed=_end(row, "closed"),
        gone_for=frozenset(row["gone_for"]),
    )


def to_row(intro: Introduction) -> dict[str, Any]:
    """All columns of its row."""
    row = {name: getattr(intro, name) for name in _PLAIN}
    row["due_at"] = intro.due_at()
    row["gone_for"] = sorted(intro.gone_for)
    for name, end in (("quiet", intro.quiet), ("closed", intro.closed)):
        row[f"{name}_reason"] = end and end.reason
        row[f"{name}_at"] = end and end.at
    for name, side in zip(("one", "other"), intro.sides, strict=True):
        row |= _side_row(name, side)
    return row


def _end(row: Row, name: str) -> End | None:
    return End(row[f"{name}_reason"], row[f"{name}_at"]) if row[f"{name}_at"] else None


def _side(row: Row, name: str) -> Side:
    answer = row[f"{name}_answer"]
    return Side(
        row[f"{name}_id"],
        row[f"{name}_words"],
        row[f"{name}_said"],
        row[f"{name}_said_at"],
        Outcome(answer, row[f"{name}_answered_at"], row[f"{name}_thank_you"], row[f"{name}_report"]) if answer else None,
    )


def _side_row(name: str, side: Side) -> dict[str, Any]:
    outcome = side.outcome
    return {
        f"{name}_id": side.member_id,
        f"{name}_words": side.words,
        f"{name}_said": side.said,
        f"{name}_said_at": side.said_at,
        f"{name}_answer": outcome and outcome.answer,
        f"{name}_answered_at": outcome and outcome.at,
        f"{name}_thank_you": outcome and outcome.thank_you,
        f"{name}_report": outcome and outcome.words,
    }
