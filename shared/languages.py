"""The world's languages by their codes (ISO 639), as Babel names them."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache

from babel import Locale, UnknownLocaleError

from shared.text import plain_words

OF_PAGES = ("en", "es")
"""The languages that pages are in: a language may be called by its name in any of them."""
MOST_FOUND = 8
_NO_LANGUAGE = {"mul", "und", "zxx", "mis"}


@cache
def every(reader: str) -> Mapping[str, str]:
    """The name of each language in the reader's."""
    names = Locale(reader).languages.items()
    return {code: name for code, name in names if re.fullmatch("[a-z]{2,3}", code) and code not in _NO_LANGUAGE}


@cache
def own_name(code: str) -> str | None:
    """What the language calls itself; None if that isn't known."""
    try:
        return Locale(code).languages.get(code)
    except (UnknownLocaleError, ValueError):
        return None


def names(code: str) -> list[str]:
    """What it is called: in the languages of pages, and in itself."""
    return [name for name in (*(every(language).get(code) for language in OF_PAGES), own_name(code)) if name]


def find(typed: str, own: Mapping[str, str]) -> list[str]:
    """The codes of languages that are called so, or else those whose names begin so or are spelt nearly so; the nearest first.

    `own` are names of some in themselves, by code: to ask all the world's takes seconds.
    """
    if not (wanted := " ".join(plain_words(typed))):
        return []
    called = _called(tuple(own.items()))
    if wanted in called:
        return sorted(called[wanted])
    near = [name for name in called if name.startswith(wanted)] + get_close_matches(wanted, called, MOST_FOUND, 0.7)
    return list(dict.fromkeys(code for name in near for code in sorted(called[name])))[:MOST_FOUND]


@cache
def _called(own: tuple[tuple[str, str], ...]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code, name in (*own, *(pair for language in OF_PAGES for pair in every(language).items())):
        found.setdefault(" ".join(plain_words(name)), set()).add(code)
    return found
