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
    told = [one for number, connection in enumerate(CONNECTIONS) for one in _of_connection(f"c{number:02d}", connection)]
    told += [one for number, introduction in enumerate(INTRODUCTIONS) for one in _of_introduction(f"i{number:02d}", introduction)]
    return sorted(told, key=lambda moment: -moment.day)


def _of_connection(key: str, one: Connection) -> Iterator[Moment]:
    yield Moment(one.asked, f"{key}-ask", "connect", one)
    if one.answered is not None:
        yield Moment(one.answered, f"{key}-answer", "accept" if one.accepted else "decline", one)


def _of_introduction(key: str, one: Introduction) -> Iterator[Moment]:
    if one.asked is not None:
        yield Moment(one.asked, f"{key}-ask", "ask", one)
    if one.vouched is not None:
        yield Moment(one.vouched, f"{key}-vouch", "propose" if one.asker is None else "vouch", one)
    for said in one.said:
        yield Moment(said.day, f"{key}-{said.by}", "confirm" if said.yes else "pass", one, said)
    for outcome in one.outcomes:
        yield Moment(outcome.day, f"{key}-{outcome.by}-outcome", "outcome", one, outcome)
