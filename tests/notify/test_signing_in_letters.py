"""What is told of signing in: in her language, in both parts, to her alone, and with nothing to follow."""

import re

import pytest

from services.notify.letters.new_device.letter import new_device
from services.notify.queue.domain import Skip
from shared.contracts.events.members import Language
from tests.notify import world
from tests.notify.world import ANA, SENDER

NEW_DEVICE = {
    "en": ("Your account was opened in a new browser, 03:30", "Firefox, Linux", "there is nothing you need to do", "end every session"),
    "es": ("Se ha abierto tu cuenta en otro navegador, a las 03:30", "Firefox, Linux", "no tienes que hacer nada", "cierra las sesiones"),
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_new_browser_is_told_to_her(language: Language) -> None:
    [letter] = world.letters(new_device(world.signed_in(), world.speaking(language), SENDER)).values()
    subject, *said = NEW_DEVICE[language]
    assert letter.subject.startswith(subject)
    for words in said:
        assert words in letter.text
        assert words in letter.html
    assert letter.addresses("To") == [(ANA.profile.name, ANA.address)]
    assert not re.search("https?://", letter.text)


def test_nothing_is_told_to_a_member_who_is_erased() -> None:
    [skipped] = new_device(world.signed_in(), world.knowing(erased=[ANA]), SENDER)
    assert isinstance(skipped, Skip)
    assert skipped.reason == "erased"
