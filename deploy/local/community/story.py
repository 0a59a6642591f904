"""The whole story as things that happen, each on its day."""

from collections.abc import Iterator
from dataclasses import dataclass

from deploy.local.community.connections import CONNECTIONS
from deploy.local.community.introductions import INTRODUCTIONS
from deploy.local.community.script import Connection, Introduction, Outcome, Said

FIRST_DAY = 60
"""Days ago that they all join."""


@dataclass(frozen=True)
class Moment:
    """One thing that happens: `what` to `about`, `day` days ago. `key` names it for ever, so that nothing happens twice."""

    day: int
    key: str
    what: str
    about: Connection | Introduction
    detail: Said | Outcome | None = None


def moments() -> list[Moment]:
    """Everything that happens after they joined, in its order: by day, and within a day as it is told."""
    told = [moment for number, connection in enumerate(CONNECTIONS) for moment in _of_connection(f"c{number:02d}", connection)]
    told += [moment for number, introduction in enumerate(INTRODUCTIONS) for moment in _of_introduction(f"i{number:02d}", introduction)]
    return sorted(told, key=lambda moment: -moment.day)


def _of_connection(key: str, connection: Connection) -> Iterator[Moment]:
    yield Moment(connection.asked, f"{key}-ask", "connect", connection)
    if connection.answered is not None:
        yield Moment(connection.answered, f"{key}-answer", "accept" if connection.accepted else "decline", connection)


def _of_introduction(key: str, introduction: Introduction) -> Iterator[Moment]:
    if introduction.asked is not None:
        yield Moment(introduction.asked, f"{key}-ask", "ask", introduction)
    if introduction.vouched is not None:
        yield Moment(introduction.vouched, f"{key}-vouch", "propose" if introduction.asker is None else "vouch", introduction)
    for said in introduction.said:
        yield Moment(said.day, f"{key}-{said.by}", "confirm" if said.yes else "pass", introduction, said)
    for outcome in introduction.outcomes:
        yield Moment(outcome.day, f"{key}-{outcome.by}-outcome", "outcome", introduction, outcome)
