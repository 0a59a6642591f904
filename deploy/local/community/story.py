"""The whole story as things that happen, each on its day."""

from collections.abc import Iterator
from dataclasses import dataclass

from deploy.local.community.allowed import ALLOWED
from deploy.local.community.asking_many import ASKING_MANY
from deploy.local.community.circles import CIRCLES
from deploy.local.community.connections import CONNECTIONS
from deploy.local.community.introductions import INTRODUCTIONS
from deploy.local.community.kept import KEPT
from deploy.local.community.needs import NEEDS
from deploy.local.community.requests import REQUESTS
from deploy.local.community.script import Allowed, Connection, Introduction, Keeps, Kept, Need, Outcome, Said


@dataclass(frozen=True)
class Moment:
    """One thing that happens: `what` to `about`, `day` days ago. `key` names it for ever, so that nothing happens twice."""

    day: int
    key: str
    what: str
    about: Connection | Introduction | Kept | Allowed | Need
    detail: Said | Outcome | Keeps | None = None


def moments() -> list[Moment]:
    """Everything that happens after they joined, in its order: by day, and within a day as it is told."""
    told = [moment for connection in (*CONNECTIONS, *CIRCLES, *REQUESTS, *ASKING_MANY) for moment in _of_connection(connection)]
    told += [moment for introduction in INTRODUCTIONS for moment in _of_introduction(introduction)]
    told += [moment for need in NEEDS for moment in _of_need(need)]
    told += [Moment(kept.day, f"{kept.name}-{kept.what}", kept.what, kept) for kept in KEPT]
    told += [Moment(said.day, f"{said.by}-{said.what}-{said.day}", said.what, said) for said in ALLOWED]
    return sorted(told, key=lambda moment: -moment.day)


def _of_connection(connection: Connection) -> Iterator[Moment]:
    yield Moment(connection.asked, f"{connection.name}-ask", "connect", connection)
    if connection.questioned is not None:
        yield Moment(connection.questioned, f"{connection.name}-question", "question", connection)
    if connection.replied is not None:
        yield Moment(connection.replied, f"{connection.name}-reply", "reply", connection)
    if connection.answered is not None:
        yield Moment(connection.answered, f"{connection.name}-answer", connection.answer, connection)
    if connection.withdrawn is not None:
        yield Moment(connection.withdrawn, f"{connection.name}-withdraw", "withdraw", connection)


def _of_need(need: Need) -> Iterator[Moment]:
    days = {"ask": need.asked, "decline": need.declined, "answer": need.answered, "meet": need.met}
    yield from (Moment(day, f"{need.name}-{what}", what, need) for what, day in days.items() if day is not None)


def _of_introduction(introduction: Introduction) -> Iterator[Moment]:
    name = introduction.name
    if introduction.asked is not None:
        yield Moment(introduction.asked, f"{name}-ask", "ask", introduction)
    if introduction.vouched is not None:
        yield Moment(introduction.vouched, f"{name}-vouch", "propose" if introduction.asker is None else "vouch", introduction)
    for said in introduction.said:
        yield Moment(said.day, f"{name}-{said.by}-{said.what}", said.what, introduction, said)
    for outcome in introduction.outcomes:
        yield Moment(outcome.day, f"{name}-{outcome.by}-outcome", "outcome", introduction, outcome)
    for keeps in introduction.keeps:
        yield Moment(keeps.day, f"{name}-{keeps.by}-keep", "keep", introduction, keeps)
