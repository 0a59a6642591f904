"""The HTML of every letter in both languages, as a checker reads it."""

from pathlib import Path

import pytest

from tests import html_checker
from tests.notify.every_letter import every_letter
from tests.notify.test_letters import LANGUAGES


@pytest.mark.thorough
def test_the_checker_has_nothing_to_say_of_any_letter(tmp_path: Path) -> None:
    letters = {f"{language} {name}": letter.html for language in LANGUAGES for name, letter in every_letter(language)}
    assert html_checker.complaints(letters, tmp_path) == []
