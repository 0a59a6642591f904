"""How long a way over the pages takes at a woman's pace: a sum, so that it is the same on any machine.

What stands in a page from its top to the control she uses is before her, but nothing twice: not what she has read in an email or on an
earlier page. What another woman wrote she reads word by word, our words at a glance, as people do with pages and forms; the sum in which
she reads all of it word by word stands beside. She takes a second and a half for each thing she presses, chooses or opens, and types five
characters a second, what she has to compose too. What a page takes to load isn't counted.
"""

import re
from dataclasses import dataclass, field

from playwright.async_api import Locator

from tests.journey.woman import Woman, patiently

WORDS, GLANCE = 4.0, 7.5
"""Words in a second: 238 a minute are read (Brysbaert, 2019), 450 skimmed (Carver, 1992)."""
DECISION, CHARACTERS = 1.5, 5.0
"""Seconds for a decision, characters typed in a second."""

# A question is read with all of its answers.
ABOVE = """(control) => {
  const last = control.closest("fieldset") ?? control.closest("label") ?? control;
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const before = last.compareDocumentPosition(text) & (Node.DOCUMENT_POSITION_PRECEDING | Node.DOCUMENT_POSITION_CONTAINED_BY);
    if (before && text.parentElement.checkVisibility() && !text.parentElement.closest(".hidden, select, textarea"))
      found.push([text.data, Boolean(text.parentElement.closest("blockquote, .said"))]);
  }
  return found;
}"""


@dataclass
class Pace:
    """What she has spent on her way so far, in seconds, by what she spent it on."""

    woman: Woman
    hers: int = 0
    """Words that other women wrote."""
    ours: int = 0
    """Words of ours."""
    decided: float = 0
    typed: float = 0
    _seen: set[str] = field(default_factory=set)

    @property
    def at_a_glance(self) -> float:
        """Seconds in all, if she reads our words at a glance."""
        return self.hers / WORDS + self.ours / GLANCE + self.decided + self.typed

    @property
    def word_by_word(self) -> float:
        """Seconds in all, if she reads every word of ours as well."""
        return (self.hers + self.ours) / WORDS + self.decided + self.typed

    def __str__(self) -> str:
        words = f"{self.ours} words of ours, {self.hers} of theirs"
        spent = f"{self.decided:.0f} s deciding, {self.typed:.0f} s typing"
        return f"{self.at_a_glance:.0f} s ({self.word_by_word:.0f} s word by word): {words}, {spent}"

    def _reads(self, text: str, *, hers: bool) -> None:
        for sentence in re.split(r"(?<=[.:?!])\s+|\n\n", text):
            said = " ".join(sentence.split())
            if said not in self._seen:
                self._seen.add(said)
                if hers:
                    self.hers += len(said.split())
                else:
                    self.ours += len(said.split())

    async def _comes_to(self, control: Locator) -> None:
        for text, hers in await control.evaluate(ABOVE):
            self._reads(text, hers=hers)

    async def letter(self, matching: str) -> str:
        """She opens the email that matches and reads it as far as that; what matched."""
        text = (await self.woman.mailbox.letter(self.woman.address, matching))["text"]
        found = re.search(matching, text)
        assert found, f"only the subject matches {matching}"
        self.decided += DECISION
        for part in re.split(r"\n\n+", text[: found.start()]):
            self._reads(re.sub(r"^> ?", "", part, flags=re.MULTILINE), hers=part.startswith(">"))
        return found[0]

    async def open(self, path: str) -> None:
        """She opens a link."""
        self.decided += DECISION
        await self.woman.open(path)

    async def write(self, field: str, text: str) -> None:
        """She types into the field with that id."""
        control = self.woman.page.locator(f'[id="{field}"]')
        await self._comes_to(control)
        self.typed += len(text) / CHARACTERS
        await control.fill(text)

    async def choose(self, value: str) -> None:
        """She ticks the answer with that value."""
        control = self.woman.page.locator(f"input[value={value}]")
        await self._comes_to(control)
        self.decided += DECISION
        await control.check()

    async def tick(self, box: Locator) -> None:
        """She ticks a box."""
        await self._comes_to(box)
        self.decided += DECISION
        await box.check()

    async def press(self, english: str, spanish: str) -> None:
        """She presses the button or follows the link with that name."""
        name = self.woman.says(english, spanish)
        main = self.woman.page.locator("main")
        await self._comes_to(main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first)
        self.decided += DECISION
        await self.woman.press(english, spanish)


async def soon(woman: Woman, path: str, text: str) -> None:
    """Until the page at that path says it; services hear of each other a moment later."""

    async def says() -> bool:
        await woman.page.goto(woman.site + path)
        return text in await woman.page.locator("main").inner_text()

    await patiently(says, f"{text} at {path}")
