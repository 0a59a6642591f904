"""Members and events for the tests of trust."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.events.members import MemberErased, MemberJoined, MemberPlaced, ReportUpheld
from shared.contracts.events.requests import IntroductionConfirmed, IntroductionVouched, OutcomeAnswer, OutcomesRevealed, VouchWithdrawn

T = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANA, BEA, CARLA, DINA, EVA, FLOR = (UUID(int=number) for number in range(1, 7))
SILENT = (UUID(int=0xA001), UUID(int=0xA002))
"""Two who say nothing, and of whom nothing is known."""
EVERYONE = dict(zip(("Ana", "Bea", "Carla", "Dina", "Eva", "Flor"), (ANA, BEA, CARLA, DINA, EVA, FLOR), strict=True))


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


def placed(member: UUID, *, branch: UUID | None = None, days: float = -180) -> MemberPlaced:
    """She joined so many days after T, below `branch`, or by a path of her own."""
    at = T + timedelta(days=days)
    return MemberPlaced(aggregate_id=member, aggregate_version=1, occurred_at=at, branch=branch or branch_of(member), joined_on=at.date())


def branch_of(member: UUID) -> UUID:
    return UUID(int=0xB000 + member.int)


def vouched(voucher: UUID, sides: tuple[UUID, UUID], *, number: int = 1, days: float = 0, **more: Any) -> IntroductionVouched:
    """She stands behind introduction `number`, `days` after T."""
    told = {"words_for": dict.fromkeys(sides, "w" * 40), "closes_at": T + timedelta(days=days + 14), **more}
    return IntroductionVouched(**_introduction(voucher, sides, number, 2, days), **told)


def withdrawn(voucher: UUID, sides: tuple[UUID, UUID], *, number: int = 1, days: float = 0, **more: Any) -> VouchWithdrawn:
    """She took that back."""
    return VouchWithdrawn(**_introduction(voucher, sides, number, 3, days), shown_at=T + timedelta(days=days), **more)


def _introduction(voucher: UUID, sides: tuple[UUID, UUID], number: int, version: int, days: float) -> dict[str, Any]:
    return {
        "aggregate_id": intro(number),
        "aggregate_version": version,
        "occurred_at": T + timedelta(days=days),
        "origin": "proposed",
        "voucher_id": voucher,
        "side_ids": sides,
        "asker_id": None,
    }


def upheld(member: UUID, *released: UUID, number: int = 1, days: float = 0) -> ReportUpheld:
    """Moderators found that report `number` about her is so."""
    at = T + timedelta(days=days)
    report = UUID(int=0x2000 + number)
    return ReportUpheld(
        aggregate_id=report, aggregate_version=1, occurred_at=at, member_id=member, kind="harassment", released_voucher_ids=released
    )


def erased(member: UUID) -> MemberErased:
    return MemberErased(aggregate_id=member, aggregate_version=1, occurred_at=T)
