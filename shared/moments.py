"""One way to tell a moment, on pages and in letters: the day, the minute and whose time it is.

Without `now` the words are true whenever they are read; a letter has no other. With `now`, which a page has, what is near is called
by its name (`today`) and the year is left out if it is this one. Spanish comes with its article: `el 25 de diciembre`, `hoy`. A zone
that isn't known is read as UTC, and UTC is what it then says.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_location

from shared.clock import zone

_LOCALES = {"en": Locale("en", "GB"), "es": Locale("es")}
_NEAR = {"en": {-1: "yesterday", 0: "today", 1: "tomorrow"}, "es": {-1: "ayer", 0: "hoy", 1: "mañana"}}


def day(at: datetime, language: str, time_zone: str, now: datetime | None = None) -> str:
    """The day where she lives: `25 December 2026`; with `now` also `25 December`, `today`, and `Friday` for one of the last six days."""
    place = zone(time_zone)
    return _day(at.astimezone(place).date(), now and now.astimezone(place).date(), language)


def on(at: datetime, language: str, time_zone: str, now: datetime | None = None) -> str:
    """The day, fit to follow a verb: `on 25 December`, `on Friday`, `today`."""
    said = day(at, language, time_zone, now)
    return said if language == "es" or said in _NEAR["en"].values() else f"on {said}"


def moment(at: datetime, language: str, time_zone: str, now: datetime | None = None) -> str:
    """The day, the minute and whose time, fit to follow "until".

    `25 December 2026, 06:00, Los Angeles time`; `el 25 de diciembre de 2026 a las 06:00, hora de Los Ángeles`. No two minutes are
    told alike: in the hour that comes twice when clocks go back, it says which one.
    """
    comma = "," if language == "en" else ""
    return f"{day(at, language, time_zone, now)}{comma} {minute(at, language, time_zone)}"


def minute(at: datetime, language: str, time_zone: str) -> str:
    """The minute and whose time: `06:00, Los Angeles time`; `a las 06:00, hora de Los Ángeles`."""
    place = zone(time_zone)
    local = at.astimezone(place)
    clock = f"{local:%H:%M}" if language == "en" else f"{'a la' if local.hour == 1 else 'a las'} {local:%H:%M}"
    where = _city(place, language)
    offset = "" if where and not _comes_twice(local) else f" {_offset(local)}"
    whose = (f", {where} time" if language == "en" else f", hora de {where}") if where else ""
    return f"{clock}{offset}{whose}"


def month(begins: date, language: str) -> str:
    """The month, for the head of a column: `Oct 2026`, `oct 2026`."""
    return str(format_skeleton("yMMM", begins, locale=_LOCALES[language]))


@lru_cache(1000)  # the letters of one day name a handful of dates
def _day(on: date, today: date | None, language: str) -> str:
    article = "el " if language == "es" else ""
    if today is None:
        return article + format_date(on, "long", locale=_LOCALES[language])
    away = (on - today).days
    if away in _NEAR[language]:
        return _NEAR[language][away]
    if -6 <= away < 0:
        return article + format_date(on, "EEEE", locale=_LOCALES[language])
    if on.year == today.year:
        return article + str(format_skeleton("MMMMd", on, locale=_LOCALES[language]))
    return article + format_date(on, "long", locale=_LOCALES[language])


@lru_cache(1000)
def _city(place: ZoneInfo, language: str) -> str | None:
    """The city that a zone is named for; None if it is named for none."""
    if "/" not in place.key or place.key.startswith("Etc/"):
        return None
    return str(get_timezone_location(place, locale=_LOCALES[language], return_city=True)).rpartition("/")[2]


def _comes_twice(local: datetime) -> bool:
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def _offset(local: datetime) -> str:
    minutes = round((local.utcoffset() or timedelta()) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return "UTC" + (f"{sign}{hours}" if minutes else "") + (f":{rest:02}" if rest else "")
