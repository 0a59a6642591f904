"""In which language a member's words are, so that a page in another one can say so and they are read aloud as they were meant.

Nobody is asked for it. The short words that every sentence is made of tell the two languages of our pages apart, from a dozen words on
almost always; if they don't tell, nothing is said, for a wrong voice is worse than the page's own.
"""

import re

from markupsafe import Markup

_WORD = re.compile(r"[^\W\d_]+")
_SMALL = {
    "en": "the and of to that is was for with we you she her in on it are have our i they at from this not but who what an been my",
    "es": "el la los las de que y en un una con por para se su lo es del al como más pero mi nos le fue son hay ya tu muy este esta",
}
_LANGUAGES = {word: language for language, words in _SMALL.items() for word in words.split()}
_SURE = 3
"""How many times more often than the other's the words of one language have to come."""


def language_of(text: str) -> str:
    """The language of the text, "en" or "es"; empty if it can't be told."""
    found = [_LANGUAGES[word] for word in _WORD.findall(text.casefold()) if word in _LANGUAGES]
    ranked = sorted(_SMALL, key=found.count, reverse=True)
    most, least = (found.count(language) for language in ranked)
    return ranked[0] if most > least * _SURE and most > 1 else ""


def lang_of(text: str) -> Markup:
    """The attribute that says so, with a space before it, or nothing."""
    language = language_of(text)
    return Markup(' lang="{}"').format(language) if language else Markup()
