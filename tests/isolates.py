"""Finds what is written right to left and stands in no isolate: outside `bdi` and `dir="auto"`, or outside U+2068…U+2069."""

import unicodedata
from html.parser import HTMLParser

from shared.names import FIRST, LAST

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
CHARACTERS_ALONE = frozenset({"title", "textarea"})
"""Elements in which an isolate can only be made of characters."""
CIRCLES = frozenset({"avatar", "av"})
"""Initials in a circle stand alone."""


def loose(text: str) -> str:
    """The right-to-left characters of plain text that are in no isolate."""
    depth, found = 0, []
    for character in text:
        depth += (character == FIRST) - (character == LAST)
        assert depth >= 0, "an isolate ends that never began"
        if not depth and unicodedata.bidirectional(character) in {"R", "AL", "AN"}:
            found.append(character)
    assert not depth, "an isolate never ends"
    return "".join(found)


class Loose(HTMLParser):
    """`found` are the right-to-left texts of a page that can tear apart what they stand in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes are read aloud or shown on their own: their isolates are characters. A field's value has the field's direction."""
        own = dict(attrs)
        alone = CIRCLES & set((own.get("class") or "").split())
        apart = tag in {"bdi", "svg"} or own.get("dir") == "auto" or bool(alone)
        self.found += [f"{tag}[{name}]: {value}" for name, value in own.items() if value and name != "value" and loose(value)]
        if tag == "input" and own.get("type") != "hidden" and not apart and loose(own.get("value") or ""):
            self.found.append(own["value"] or "")
        if tag not in VOID:
            self.open.append((tag, apart))

    def handle_endtag(self, tag: str) -> None:
        """Close it, and what was left open inside."""
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Text: in a `bdi`, in a `dir="auto"`, or in characters that isolate it."""
        tags = [tag for tag, _ in self.open]
        if any(apart for _, apart in self.open):
            return
        assert CHARACTERS_ALONE & set(tags) or FIRST not in data, "an isolate of characters where bdi could stand"
        if loose(data):
            self.found.append(data.strip())


def loose_in(html: str) -> list[str]:
    """What is written right to left in HTML and stands in no isolate."""
    return Loose(html).found
