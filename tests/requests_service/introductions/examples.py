"""Examples for the pure tests of introductions: Ana asks Vera to be introduced to Carla; Vera proposes Ana and Carla."""

from collections.abc import Set
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from services.requests.introductions.domain import answering, asking, vouching
from services.requests.introductions.domain.introduction import NOBODY, Introduction
from services.requests.introductions.domain.parts import Outcome
from services.requests.introductions.domain.vouching import NeedAnswered, VoucherRecord
from services.requests.introductions.records import IntroductionRecord
from services.requests.people.domain.connection import ConnectionSide
from shared.contracts.events.base import Event
from shared.contracts.events.reputation import Band
from shared.contracts.events.requests import OutcomeAnswer
from shared.contracts.http.base import Card
from shared.contracts.http.requests.connections import Closeness

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SILENT_UNTIL = datetime(2026, 3, 16, 10, tzinfo=UTC)
"""14 days after AT, at the next full hour."""
ANA, VERA, CARLA, STRANGER = uuid4(), uuid4(), uuid4(), uuid4()
THREE = (ANA, VERA, CARLA)
SIDES = (ANA, CARLA)
WHY = "She has sorted an archive like ours, and I would like to learn how."
WORDS = {ANA: "Carla has sorted the archive of the harbour museum.", CARLA: "Ana restores boats and asks good questions."}
CARDS = {id_: Card(id=id_, name=name, headline="") for id_, name in zip(THREE, ("Ana", "Vera", "Carla"), strict=True)}


def knows(ana: Closeness | None, carla: Closeness | None, open_vouches: int = 0, band: Band = "new") -> VoucherRecord:
    """Vera, who knows Ana and Carla so well; None: they aren't connected."""
    known = {id_: closeness for id_, closeness in ((ANA, ana), (CARLA, carla)) if closeness}
    sides = {id_: ConnectionSide(VERA, id_, closeness, AT, "work", "At the harbour office.", uuid4()) for id_, closeness in known.items()}
    return VoucherRecord(sides, open_vouches, band)


GOOD = knows("know_well", "worked_together")


def record(one: Introduction, suspended: Set[UUID] = NOBODY) -> IntroductionRecord:
    """The introduction among three who are all there."""
    return IntroductionRecord(one, CARDS, frozenset(suspended), NOBODY)


def asked(at: datetime = AT, days: int = 14) -> Introduction:
    """Ana has asked Vera, who has so many days."""
    return asking.ask(uuid4(), asker=ANA, voucher=VERA, counterpart=CARLA, why_her=WHY, at=at, days=days)[0]


def vouched(at: datetime = AT, *, show_why_her: bool = False) -> Introduction:
    """Ana has asked, and Vera has vouched."""
    return vouching.vouch(asked(at), VERA, WORDS, at, GOOD, show_why_her=show_why_her)[0]


def proposed(at: datetime = AT) -> Introduction:
    """Vera has proposed the two."""
    return vouching.propose(uuid4(), voucher=VERA, side_ids=SIDES, words_for=WORDS, at=at, her=GOOD)[0]


def answered(at: datetime = AT) -> Introduction:
    """Vera has proposed Carla to Ana, who had told her whom she looks for."""
    need = NeedAnswered(uuid4(), WHY, at)
    return vouching.propose(uuid4(), voucher=VERA, side_ids=SIDES, words_for=WORDS, at=at, her=GOOD, need=need)[0]


def confirmed(at: datetime = AT) -> Introduction:
    """Ana has asked, Vera vouched, and Carla said yes."""
    return answering.confirm(vouched(at), CARLA, at)[0]


def said(answer: OutcomeAnswer, at: datetime = AT, *, thank_you: str | None = None) -> Outcome:
    """How it went."""
    return Outcome(answer, at, thank_you, "He was there, not she." if answer == "misconduct" else None)


def names(events: list[Event]) -> list[str]:
    """The events' classes, in order."""
    return [type(event).__name__ for event in events]


def ids(*members: UUID) -> frozenset[UUID]:
    return frozenset(members)
