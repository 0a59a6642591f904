"""What English and Spanish need besides templates: dates."""

from datetime import date, datetime
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date

from shared.clock import zone
from shared.contracts.events.members import Language

_LOCALES: dict[Language, Locale] = {"en": Locale("en", "GB"), "es": Locale("es")}


@cache
def day(at: datetime, language: Language, time_zone: str) -> str:
    """The day of `at` as she would say it where she lives: `3 May 2026`, `3 de mayo de 2026`. An unknown zone is read as UTC."""
    return _date(at.astimezone(zone(time_zone)).date(), language)


@lru_cache(1000)  # letters of one day name a handful of dates
def _date(on: date, language: Language) -> str:
    return format_date(on, "long", locale=_LOCALES[language])


def moment(at: datetime, language: Language, time_zone: str) -> str:
    """The day and the minute: `3 May 2026, 17:00`, `3 de mayo de 2026, 17:00 h`."""
    local = at.astimezone(zone(time_zone))
    return f"{day(at, language, time_zone)}, {local:%H:%M}{' h' if language == 'es' else ''}"
