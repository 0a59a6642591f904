"""What English and Spanish need besides templates: dates and lists."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from shared.contracts.events.members import Language
from shared.text import and_before

_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "es": (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
}


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # an unknown name, a malformed one, a folder's
        return ZoneInfo("UTC")


def day(at: datetime, language: Language, time_zone: str) -> str:
    """The day of `at` as she would say it where she lives: `3 May 2026`, `3 de mayo de 2026`. An unknown zone is read as UTC."""
    return _day(at.astimezone(_zone(time_zone)), language)


def moment(at: datetime, language: Language, time_zone: str) -> str:
    """The day and the minute: `3 May 2026, 17:00`, `3 de mayo de 2026, 17:00 h`."""
    local = at.astimezone(_zone(time_zone))
    return f"{_day(local, language)}, {local:%H:%M}{' h' if language == 'es' else ''}"


def _day(local: datetime, language: Language) -> str:
    month = _MONTHS[language][local.month - 1]
    return f"{local.day} {month} {local.year}" if language == "en" else f"{local.day} de {month} de {local.year}"


def both(names: Sequence[str], language: Language) -> str:
    """Two names or more as a list: `Ana and Inés`; in Spanish `Ana e Inés`, but `Ana y Iolanda`, `Ana y Yolanda`."""
    first, last = ", ".join(names[:-1]), names[-1]
    if language == "en":
        return f"{first} and {last}"
    return f"{first} {and_before(last)} {last}"


def initials(name: str) -> str:
    """One or two capitals that stand for a name: `LR` for Lucía Ramos."""
    parts = name.split()
    return "".join(part[0] for part in dict.fromkeys([*parts[:1], *parts[-1:]])).upper()
