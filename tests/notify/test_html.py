"""The HTML of every letter in both languages, as a checker reads it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.notify.letters import registry
from services.notify.progress import Progress
from shared.contracts.events.base import Event
from shared.contracts.events.members import Language
from tests import html_checker
from tests.notify import world

LANGUAGES: list[Language] = ["en", "es"]


def events(language: Language) -> list[Event]:
    """What letters answer, with everything in it that may be there."""
    return [
        world.code_issued(language=language),
        world.connection_requested(),
        world.connection_accepted(),
        world.asked(),
        world.vouched(why_her="Her clinic did it first, and I want to learn."),
        world.vouched(asker=None),
        world.confirmed(),
        world.closed("expired"),
        world.vouch_withdrawn(),
        world.reminder(),
    ]


def letters(language: Language) -> Iterator[tuple[str, str]]:
    """Each letter's name and HTML."""
    known = replace(world.speaking(language), before=Progress(heard=True, vouched=True))
    for kind in registry.LETTERS:
        written = [
            html
            for event in events(language)
            if type(event) in kind.decides
            for html in (read.html for read in world.letters(kind.decides[type(event)](event, known, world.SENDER)).values())
        ]
        assert written, kind.name
        yield from ((f"{language} {kind.name} {number}", html) for number, html in enumerate(written))


@pytest.mark.thorough
def test_the_checker_has_nothing_to_say_of_any_letter(tmp_path: Path) -> None:
    pages = dict(letter for language in LANGUAGES for letter in letters(language))
    assert html_checker.complaints(pages, tmp_path) == []
