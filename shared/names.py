"""How a member's name stands in a sentence of ours: what she is called, two names joined, and kept apart from what is
written in the other direction."""

import unicodedata
from functools import lru_cache

import regex

FIRST, LAST = "\u2068", "\u2069"
"""FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE. No member's text contains them, so whatever does is ours."""

_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}]")
_KEPT_OR_ISOLATE = regex.compile(rf"(?s)<(?:title|textarea)\b.*?</(?:title|textarea)>|<[^>]*>|[{FIRST}{LAST}]")
_LETTER = regex.compile(r"(?V1)[\p{L}\p{N}--\p{DI}]")
# As it sounds, not as it is written: "hielo" and "Iolanda" begin with a consonant, "Íole" and "Yvonne" with an i.
_I_SOUND = regex.compile("h?[íìîï]|h?i(?![aeouáéóú])|h?y(?![aeiouáéíóú])")


def isolate(text: str) -> str:
    """Text that is written right to left, in an isolate: it can't tear apart the sentence that it stands in. Other text as it is."""
    if text.isascii() or text.startswith(FIRST) or not _RIGHT_TO_LEFT.search(text):
        return text
    return f"{FIRST}{text}{LAST}"


def with_bdi(html: str) -> str:
    """HTML with `<bdi>` for each isolate; in attributes, titles and text fields, where no element can stand, the characters stay."""
    if FIRST not in html:
        return html
    elements = {FIRST: "<bdi>", LAST: "</bdi>"}
    return _KEPT_OR_ISOLATE.sub(lambda found: elements.get(found[0], found[0]), html)


def bare(name: str) -> str:
    """A name without the isolate around it."""
    return name.strip(FIRST + LAST)


@lru_cache(10_000)  # a page or a letter asks it of the same few names again and again
def first_name(name: str) -> str:
    """What she is called for short: the first word that has a letter, or the name as it is."""
    return isolate(next((word for word in bare(name).split() if _LETTER.search(word)), name))


def both(first: str, second: str, language: str) -> str:
    """Two names joined, each isolated: `Marta and Irene`; in Spanish by `e` before an i sound (`Marta e Irene`), else by `y`."""
    joined = "and"
    if language == "es":
        heard = _LETTER.search(second)
        sound = unicodedata.normalize("NFC", second[heard.start() :] if heard else "").lower()
        joined = "e" if _I_SOUND.match(sound) else "y"
    return f"{isolate(first)} {joined} {isolate(second)}"
