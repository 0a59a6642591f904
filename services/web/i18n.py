"""Languages: English in the code and the templates, the others as gettext catalogues compiled at start."""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
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


def number(language: str, value: int) -> str:
    """So many, in figures. In Spanish up to four stand together: what parts thousands in one country is a decimal point in another."""
    return f"{value:,}" if language == "en" else str(value)


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


@dataclass(frozen=True)
class Zone:
    """A time zone as a member chooses it: by its city and country. `aliases` are other names for it, which browsers still use."""

    name: str
    label: str
    aliases: frozenset[str] = frozenset()


@cache
def zones(language: str) -> tuple[Zone, ...]:
    """The time zones a member can choose from, in that language and in the order of their labels; UTC is the last."""
    locale, known = Locale(language), available_timezones()
    aliases: dict[str, set[str]] = {}
    for alias, name in get_global("zone_aliases").items():
        aliases.setdefault(name, set()).add(alias)
    named = [
        Zone(name, f"{_city(name, locale)}, {locale.territories[country]}", frozenset(aliases.get(name, ())))
        for name, country in get_global("zone_territories").items()
        if country in locale.territories and "/" in name and not name.startswith("Etc/") and name in known
    ]
    return (*sorted(named, key=lambda zone: zone.label), Zone("UTC", "UTC"))


def _city(name: str, locale: Locale) -> str:
    return str(get_timezone_location(name, locale=locale, return_city=True)).rpartition("/")[2]
