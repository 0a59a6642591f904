"""Dates and pairs of names in English and Spanish."""

from datetime import UTC, datetime

import pytest

from services.notify.letters import grammar
from shared.text import both, initials


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("Inés", "Ana e Inés"),
        ("Irene", "Ana e Irene"),
        ("inma", "Ana e inma"),
        ("Íngrid", "Ana e Íngrid"),
        ("I\u0301ngrid", "Ana e I\u0301ngrid"),
        ("Hilda", "Ana e Hilda"),
        ("Híades", "Ana e Híades"),
        ("Yvonne", "Ana e Yvonne"),
        ("Yolanda", "Ana y Yolanda"),
        ("Iolanda", "Ana y Iolanda"),
        ("Hielena", "Ana y Hielena"),
        ("Lucía", "Ana y Lucía"),
        ("Helena", "Ana y Helena"),
    ],
)
def test_spanish_says_e_before_the_sound_i(last: str, expected: str) -> None:
    assert both("Ana", last, "es") == expected


def test_english_says_and() -> None:
    assert both("Ana", "Irene", "en") == "Ana and Irene"


def test_a_day_is_said_as_it_is_where_she_lives() -> None:
    late = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    assert grammar.day(late, "en", "America/Mexico_City") == "28 February 2026"
    assert grammar.day(late, "es", "Europe/Madrid") == "1 de marzo de 2026"


def test_a_moment_is_said_to_the_minute() -> None:
    late = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    assert grammar.moment(late, "en", "America/Mexico_City") == "28 February 2026, 21:00"
    assert grammar.moment(late, "es", "Europe/Madrid") == "1 de marzo de 2026, 04:00 h"


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../../etc/passwd", "America"])
def test_an_unknown_zone_is_read_as_utc(zone: str) -> None:
    assert grammar.day(datetime(2026, 12, 31, 23, tzinfo=UTC), "en", zone) == "31 December 2026"


@pytest.mark.parametrize(("name", "expected"), [("Lucía Ramos", "LR"), ("Ana María López Peña", "AP"), ("ana", "A"), ("", "·")])
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected
