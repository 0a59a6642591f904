"""What each keeps of a connection, by the rules alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.requests.people.domain.connection import YEAR, ConnectionSide, spoke_within
from services.requests.people.domain.keeping import know, spoke
from shared.contracts.http.requests.connections import Closeness, LastSpoke
from shared.contracts.http.requests.people import ClosenessChangedMeanwhile

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SIDE = ConnectionSide(uuid4(), uuid4(), "met", AT - timedelta(days=800), "event", "At the harbour museum", uuid4())


@pytest.mark.parametrize(
    ("said", "days_ago", "years", "expected"),
    [
        (None, 0, 1, None),
        ("month", 0, 1, True),
        ("month", 333, 1, True),
        ("month", 335, 1, None),  # it may have been a month before she said so
        ("month", 364, 1, None),
        ("month", 365, 1, False),
        ("year", 0, 1, True),
        ("year", 1, 1, None),
        ("year", 364, 1, None),
        ("year", 365, 1, False),
        ("year", 365, 2, True),
        ("year", 729, 2, None),
        ("year", 730, 2, False),
        ("two_years", 0, 1, False),
        ("two_years", 0, 2, True),
        ("two_years", 1, 2, None),
        ("two_years", 365, 2, False),
        ("longer", 0, 1, False),
        ("longer", 0, 2, False),
        ("longer", 0, 3, None),
    ],
)
def test_what_she_said_of_when_they_last_spoke_grows_old(said: LastSpoke | None, days_ago: int, years: int, expected: bool | None) -> None:
    side = spoke(SIDE, said, AT - timedelta(days=days_ago))
    assert spoke_within(side, years * YEAR, AT) is expected


def test_what_she_does_not_say_anew_stays() -> None:
    side = spoke(SIDE, "year", AT)
    after = know(side, "know_well", None, AT + YEAR, "met")
    assert after == replace(side, closeness="know_well")
    assert know(after, "know_well", "month", AT + YEAR, None).last_spoke_at == AT + YEAR


@pytest.mark.parametrize(
    ("closeness", "seen", "refused"), [("know_well", "not_met", True), ("met", "not_met", False), ("met", None, False)]
)
def test_a_closeness_she_did_not_see_is_not_written_over(closeness: Closeness, seen: Closeness | None, refused: bool) -> None:
    if not refused:
        assert know(SIDE, closeness, None, AT, seen).closeness == closeness
        return
    with pytest.raises(ClosenessChangedMeanwhile):
        know(SIDE, closeness, "month", AT, seen)
