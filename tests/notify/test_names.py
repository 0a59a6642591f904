"""Names that are written right to left, in every letter: none of them can tear apart the sentence it stands in."""

from dataclasses import replace
from typing import Any

import pytest

from services.notify.letters.connection_requested.letter import connection_requested
from shared.contracts.events.members import Language
from shared.names import FIRST
from tests.isolates import loose, loose_in
from tests.notify import world
from tests.notify.every_letter import EVERY
from tests.notify.test_letters import LANGUAGES
from tests.notify.world import ANA, INES, MARTA, SENDER, Read

NOBODYS = {"code", "new_device", "new_address", "new_address, another's", "notice_answered"}
"""They name nobody, not even whom they are for: it isn't known whose address it is, or she reads what a stranger could read."""


def letters(name: str, language: Language) -> list[Read]:
    hind = [
        replace(member, profile=replace(member.profile, name=f"هند بنت خالد {number}", headline="مهندسة, 3rd"))
        for number, member in enumerate((ANA, INES, MARTA))
    ]
    known = world.speaking(language, *hind)
    return list(world.letters(EVERY[name](known)).values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(EVERY.keys() - NOBODYS))
def test_no_letter_lets_a_name_out_of_its_isolate(name: str, language: Language) -> None:
    for letter in letters(name, language):
        assert loose_in(letter.html) == []
        assert loose(letter.subject) == ""
        assert loose(letter.text) == ""
        assert FIRST in letter.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_her_words_have_their_own_direction(language: Language) -> None:
    why = "أود أن أتحدث معك عن العيادة الجديدة, 3rd floor."
    event = world.connection_requested(where_we_met=why, why_now=why)
    known = world.speaking(language)
    [letter] = world.letters(connection_requested(event, known, SENDER)).values()
    assert loose_in(letter.html) == []


PIECES = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const start = text.data.indexOf("3rd");
    if (start < 0) continue;
    const range = document.createRange();
    range.setStart(text, start);
    range.setEnd(text, start + 3);
    found.push(range.getClientRects().length);
  }
  return found;
}"""
"""In how many places on a line each `3rd` stands."""


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_headline_keeps_its_pieces_together(browser: Any, language: Language) -> None:
    page = await browser.new_page(viewport={"width": 700, "height": 900})
    [letter] = letters("connection_requested", language)
    await page.set_content(letter.html)
    pieces = await page.evaluate(PIECES)
    await page.close()
    assert pieces
    assert set(pieces) == {1}
