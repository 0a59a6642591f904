"""Members and events for the tests of trust."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.contracts.events.members import MemberJoined
from shared.contracts.events.requests import IntroductionConfirmed, OutcomeAnswer, OutcomesRevealed

T = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA, BEA, CARLA, DINA, EVA, FLOR = (UUID(int=number) for number in range(1, 7))


def intro(number: int) -> UUID:
    return UUID(int=0x1000 + number)


def revealed(
    voucher: UUID,
    sides: tuple[UUID, UUID],
    answers: Iterable[OutcomeAnswer | None],
    *,
    number: int = 1,
    days: float = 0,
    version: int = 4,
) -> OutcomesRevealed:
    """What the sides said (None: nothing), in their order, `days` after T, of introduction `number`."""
    return OutcomesRevealed(
        aggregate_id=intro(number),
        aggregate_version=version,
        occurred_at=T + timedelta(days=days),
        origin="proposed",
        voucher_id=voucher,
        side_ids=sides,
        asker_id=None,
        confirmed_at=T - timedelta(days=21),
        answers={side: answer for side, answer in zip(sides, answers, strict=True) if answer is not None},
        thank_yous={},
    )


def confirmed(voucher: UUID, sides: tuple[UUID, UUID], *, number: int = 1) -> IntroductionConfirmed:
    """Both sides of introduction `number` said yes."""
    return IntroductionConfirmed(
        aggregate_id=intro(number),
        aggregate_version=3,
        occurred_at=T - timedelta(days=21),
        origin="proposed",
        voucher_id=voucher,
        side_ids=sides,
        asker_id=None,
        words_for=dict.fromkeys(sides, "w" * 40),
        confirmed_at=T - timedelta(days=21),
    )


def joined(member: UUID, name: str) -> MemberJoined:
    return MemberJoined(
        aggregate_id=member,
        aggregate_version=1,
        occurred_at=T - timedelta(days=60),
        name=name,
        headline=f"{name}'s work",
        language="en",
        time_zone="Europe/Madrid",
    )
