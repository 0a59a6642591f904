"""What pages show of the services' answers: the other side, lists in order."""

import unicodedata
from uuid import UUID

from shared.contracts.http.base import Card
from shared.contracts.http.members.profiles import Me
from shared.contracts.http.requests.connections import ConnectionRequestView
from shared.contracts.http.requests.introduction_problems import NotNow
from shared.contracts.http.requests.introductions import VOUCH, IntroductionView

_CANNOT_VOUCH = {problem.code: problem.sentence for problem in VOUCH.problems}


def sort_key(name: str) -> str:
    """A name as lists are sorted: without accents, so that Ágata stands before Ana and not after Zoe."""
    return "".join(letter for letter in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(letter))


def other(request: ConnectionRequestView) -> Card:
    """The side of a connection request that isn't the reader."""
    return request.recipient if request.my_role == "requester" else request.requester


def in_order(introduction: IntroductionView) -> tuple[Card, Card]:
    """The sides, the asker first."""
    first, second = introduction.sides
    return (second, first) if second.id == introduction.asker_id else (first, second)


def other_side(introduction: IntroductionView, me: Me | None) -> Card:
    """For a side the other one. If her account isn't known just now, it follows from what she alone gets to see."""
    mine: UUID | None = me.id if me else next(iter(introduction.words_for), introduction.asker_id)
    first, second = introduction.sides
    return second if first.id == mine else first


def met(introduction: IntroductionView) -> bool:
    """Both have said yes."""
    return introduction.state in {"confirmed", "settled"}


def arcs(introduction: IntroductionView, other: Card | None = None) -> list[str]:
    """The two arcs of its bridge, as they are drawn for everyone: the asker's first, or for a side her own and then the `other`'s.

    Before both have said yes an arc is solid only on the side that asked, for it must not tell what the words don't.
    """
    first, second = in_order(introduction)
    sides = (second, first) if other and other.id == first.id else (first, second)
    return ["given" if met(introduction) or side.id == introduction.asker_id else "asked" for side in sides]


def cannot_vouch(introduction: IntroductionView) -> str:
    """What stands in the voucher's way, in English."""
    return _CANNOT_VOUCH.get(introduction.cannot_vouch or "", NotNow.sentence)
