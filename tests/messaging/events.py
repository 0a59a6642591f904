"""Events to send, with what a test cares about."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.events import members, requests

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def joined(**changed: Any) -> members.MemberJoined:
    fields: dict[str, Any] = {
        "aggregate_id": uuid4(),
        "aggregate_version": 1,
        "occurred_at": AT,
        "name": "Marta Ruiz",
        "headline": "Builds bridges",
        "language": "es",
        "time_zone": "Europe/Madrid",
    }
    return members.MemberJoined(**{**fields, **changed})


def code(expires_at: datetime, **changed: Any) -> members.SignInCodeIssued:
    fields: dict[str, Any] = {
        "aggregate_id": uuid4(),
        "aggregate_version": 1,
        "occurred_at": AT,
        "address": "marta@example.org",
        "code": "314159",
        "language": "es",
        "expires_at": expires_at,
    }
    return members.SignInCodeIssued(**{**fields, **changed})


def confirmed(**changed: Any) -> requests.IntroductionConfirmed:
    sides: tuple[UUID, UUID] = (uuid4(), uuid4())
    fields: dict[str, Any] = {
        "aggregate_id": uuid4(),
        "aggregate_version": 3,
        "occurred_at": AT,
        "origin": "proposed",
        "voucher_id": uuid4(),
        "side_ids": sides,
        "asker_id": None,
        "words_for": dict.fromkeys(sides, "She builds bridges, and you need one."),
        "confirmed_at": AT,
    }
    return requests.IntroductionConfirmed(**{**fields, **changed})
