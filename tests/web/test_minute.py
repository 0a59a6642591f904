"""One thing worth a minute, and the rest of what Today says without asking anybody."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.web import minute, today
from shared.contracts.http.members.profiles import ProfileView

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("filled", "line"),
    [("", "headline"), ("headline", "organisation"), ("headline organisation", "place"), ("headline organisation place", None)],
)
def test_the_first_line_of_her_profile_that_is_empty(filled: str, line: str | None) -> None:
    nora = ProfileView(id=UUID(int=1), name="Nora", headline="")
    assert minute.empty_line(nora.model_copy(update=dict.fromkeys(filled.split(), "Paints"))) == line


@pytest.mark.parametrize(
    ("utc", "zone", "said"),
    [(12, "UTC", "afternoon"), (12, "America/Bogota", "morning"), (4, "UTC", "evening"), (5, "UTC", "morning"), (19, "UTC", "evening")],
)
def test_the_greeting_is_of_the_hour_where_she_is(utc: int, zone: str, said: str) -> None:
    assert today.hours(NOON.replace(hour=utc), zone) == said


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("Short.", "Short."),
        ("one two three four five", "one two three…"),
        ("one two, three, four five", "one two, three…"),
        ("x" * 30, "x" * 16 + "…"),
        ("👩🏽‍🌾" * 30, "👩🏽‍🌾" * 16 + "…"),
    ],
)
def test_a_text_begins_with_whole_words(text: str, begun: str) -> None:
    assert today.opening(text, 16) == begun
