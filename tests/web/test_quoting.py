"""The language of members' words is told by their short words, or not at all."""

import pytest

from services.web.quoting import language_of
from tests.web.scenes import WHY, WORDS

SPANISH = "Las jornadas de Pamplona: el panel de tejados, y la nieve que nos tuvo allí dos días más."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (WHY, "en"),
        (WORDS, "en"),
        (SPANISH, "es"),
        ("Ya tenemos la primera caja fría dibujada. Y una amiga en Nairobi.", "es"),
        ("We spent a day in the warehouse with torches. Four joints stay.", "en"),
        ("The paper by la Rosa and de Haan, which you told me of", ""),
        ("Die Werkstatt in Kassel, und wir haben dort gemeinsam gebaut", ""),
        ("أود أن أتحدث معك عن العيادة الجديدة", ""),
        ("Machakos 2023", ""),
        ("", ""),
    ],
)
def test_the_language_of_words(text: str, language: str) -> None:
    assert language_of(text) == language
