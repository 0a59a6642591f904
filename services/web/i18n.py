"""Languages: English in the code and the templates, the others as gettext catalogues compiled at start."""

import io
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LANGUAGES = {"en": "English", "es": "Español"}
DEFAULT = "en"
FOLDER = Path(__file__).parent / "translations"


def N_(text: str) -> str:  # noqa: N802  (the name that message extraction knows)
    """Marks a text for the catalogues; it is translated later."""
    return text


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of a language, compiled in memory."""
    if language == DEFAULT:
        return NullTranslations()
    with (FOLDER / f"{language}.po").open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def translate(language: str, text: str, **values: object) -> str:
    """The text in that language, with its values filled in."""
    found: str = catalogue(language).ugettext(text)
    return found % values if values else found


def choose(profile: str | None, cookie: str, accept: str) -> str:
    """Her profile's language, else the one chosen in this browser, else the first of Accept-Language that we speak."""
    for wanted in (profile, cookie, *_accepted(accept)):
        if wanted in LANGUAGES:
            return str(wanted)
    return DEFAULT


def _accepted(header: str) -> list[str]:
    ranked: list[tuple[float, str]] = []
    for part in header[:1000].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            rank = float(quality) if quality else 1.0
        except ValueError:
            continue
        if rank > 0:
            ranked.append((rank, tag.split("-", 1)[0].strip().lower()))
    return [tag for _, tag in sorted(ranked, key=lambda pair: -pair[0])]


@cache
def zones() -> tuple[str, ...]:
    """The names a member can choose from, in order."""
    named = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return (*sorted(named), "UTC")
