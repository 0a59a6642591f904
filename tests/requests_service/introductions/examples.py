"""Examples for the pure tests of introductions: Ana asks Vera to be introduced to Carla; Vera proposes Ana and Carla."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from services.requests.introductions.domain import answering, asking, vouching
from services.requests.introductions.domain.introduction import Introduction, Outcome
from services.requests.introductions.domain.vouching import VouchEligibility
from shared.contracts.events.base import Event
from shared.contracts.events.requests import OutcomeAnswer
from shared.contracts.http.base import Card

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SILENT_UNTIL = datetime(2026, 3, 16, 10, tzinfo=UTC)
"""14 days after AT, at the next full hour."""
ANA, VERA, CARLA, STRANGER = uuid4(), uuid4(), uuid4(), uuid4()
THREE = (ANA, VERA, CARLA)
SIDES = (ANA, CARLA)
WHY = "She has sorted an archive like ours, and I would like to learn how."
WORDS = {ANA: "Carla has sorted the archive of the harbour museum.", CARLA: "Ana restores boats and asks good questions."}
GOOD = VouchEligibility(("know_well", "worked_together"), 0)
CARDS = {id_: Card(id=id_, name=name, headline="") for id_, name in zip(THREE, ("Ana", "Vera", "Carla"), strict=True)}


def asked(at: datetime = AT) -> Introduction:
    """Ana has asked Vera."""
    return asking.ask(uuid4(), asker=ANA, voucher=VERA, counterpart=CARLA, why_her=WHY, at=at)[0]


def vouched(at: datetime = AT, *, show_why_her: bool = False) -> Introduction:
    """Ana has asked, and Vera has vouched."""
    return vouching.vouch(asked(at), VERA, WORDS, at, GOOD, show_why_her=show_why_her)[0]


def proposed(at: datetime = AT) -> Introduction:
    """Vera has proposed the two."""
    return vouching.propose(uuid4(), voucher=VERA, side_ids=SIDES, words_for=WORDS, at=at, eligibility=GOOD)[0]


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
