"""One moment is told in one way: which day, which minute, and whose time."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import moments

LA, MADRID, KOLKATA = "America/Los_Angeles", "Europe/Madrid", "Asia/Kolkata"
CHRISTMAS = datetime(2026, 12, 25, 14, tzinfo=UTC)

ZONES = st.sampled_from(sorted(available_timezones()))
LANGUAGES = st.sampled_from(["en", "es"])
MINUTES = st.integers(0, 60 * 24 * 366 * 40).map(lambda minutes: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("zone", "english", "spanish"),
    [
        (LA, "25 December 2026, 06:00, Los Angeles time", "el 25 de diciembre de 2026 a las 06:00, hora de Los Ángeles"),
        (KOLKATA, "25 December 2026, 19:30, Kolkata time", "el 25 de diciembre de 2026 a las 19:30, hora de Kolkata"),
        ("Pacific/Kiritimati", "26 December 2026, 04:00, Kiritimati time", "el 26 de diciembre de 2026 a las 04:00, hora de Kiritimati"),
        (
            "America/Argentina/Buenos_Aires",
            "25 December 2026, 11:00, Buenos Aires time",
            "el 25 de diciembre de 2026 a las 11:00, hora de Buenos Aires",
        ),
        ("Pacific/Pago_Pago", "25 December 2026, 03:00, Pago Pago time", "el 25 de diciembre de 2026 a las 03:00, hora de Pago Pago"),
        ("Pacific/Honolulu", "25 December 2026, 04:00, Honolulu time", "el 25 de diciembre de 2026 a las 04:00, hora de Honolulú"),
        ("UTC", "25 December 2026, 14:00 UTC", "el 25 de diciembre de 2026 a las 14:00 UTC"),
        ("Etc/GMT+13", "25 December 2026, 14:00 UTC", "el 25 de diciembre de 2026 a las 14:00 UTC"),  # there is no such zone
        ("Etc/GMT+5", "25 December 2026, 09:00 UTC−5", "el 25 de diciembre de 2026 a las 09:00 UTC−5"),
        ("Iran", "25 December 2026, 17:30 UTC+3:30", "el 25 de diciembre de 2026 a las 17:30 UTC+3:30"),
        ("Nowhere/Land", "25 December 2026, 14:00 UTC", "el 25 de diciembre de 2026 a las 14:00 UTC"),
        ("../../etc/passwd", "25 December 2026, 14:00 UTC", "el 25 de diciembre de 2026 a las 14:00 UTC"),
        ("Europe", "25 December 2026, 14:00 UTC", "el 25 de diciembre de 2026 a las 14:00 UTC"),
        ("", "25 December 2026, 14:00 UTC", "el 25 de diciembre de 2026 a las 14:00 UTC"),
    ],
)
def test_a_moment_says_its_day_its_minute_and_whose_time(zone: str, english: str, spanish: str) -> None:
    assert moments.moment(CHRISTMAS, "en", zone) == english
    assert moments.moment(CHRISTMAS, "es", zone) == spanish


@pytest.mark.parametrize(
    ("now", "english", "spanish"),
    [
        (datetime(2026, 12, 1, tzinfo=UTC), "25 December, 06:00, Los Angeles time", "el 25 de diciembre a las 06:00, hora de Los Ángeles"),
        # Five days ahead it has no weekday, which would be that day's name on the day itself too.
        (
            datetime(2026, 12, 20, 14, tzinfo=UTC),
            "25 December, 06:00, Los Angeles time",
            "el 25 de diciembre a las 06:00, hora de Los Ángeles",
        ),
        (datetime(2026, 12, 24, 8, tzinfo=UTC), "tomorrow, 06:00, Los Angeles time", "mañana a las 06:00, hora de Los Ángeles"),
        # 07:59 UTC is still the day before in Los Angeles.
        (datetime(2026, 12, 25, 7, 59, tzinfo=UTC), "tomorrow, 06:00, Los Angeles time", "mañana a las 06:00, hora de Los Ángeles"),
        (datetime(2026, 12, 25, 8, tzinfo=UTC), "today, 06:00, Los Angeles time", "hoy a las 06:00, hora de Los Ángeles"),
        (datetime(2026, 12, 26, 7, 59, tzinfo=UTC), "today, 06:00, Los Angeles time", "hoy a las 06:00, hora de Los Ángeles"),
        (datetime(2026, 12, 26, 8, tzinfo=UTC), "yesterday, 06:00, Los Angeles time", "ayer a las 06:00, hora de Los Ángeles"),
        (datetime(2026, 12, 27, 8, tzinfo=UTC), "Friday, 06:00, Los Angeles time", "el viernes a las 06:00, hora de Los Ángeles"),
        (datetime(2026, 12, 31, 8, tzinfo=UTC), "Friday, 06:00, Los Angeles time", "el viernes a las 06:00, hora de Los Ángeles"),
        (datetime(2027, 1, 1, 7, 59, tzinfo=UTC), "Friday, 06:00, Los Angeles time", "el viernes a las 06:00, hora de Los Ángeles"),
        (
            datetime(2027, 1, 1, 8, tzinfo=UTC),
            "25 December 2026, 06:00, Los Angeles time",
            "el 25 de diciembre de 2026 a las 06:00, hora de Los Ángeles",
        ),
    ],
)
def test_a_page_calls_what_is_near_by_its_name_in_her_zone(now: datetime, english: str, spanish: str) -> None:
    assert moments.moment(CHRISTMAS, "en", LA, now) == english
    assert moments.moment(CHRISTMAS, "es", LA, now) == spanish


@pytest.mark.parametrize(
    ("now", "english", "spanish"),
    [
        (None, "on 25 December 2026", "el 25 de diciembre de 2026"),
        (CHRISTMAS, "today", "hoy"),
        (CHRISTMAS + timedelta(days=1), "yesterday", "ayer"),
        (CHRISTMAS + timedelta(days=2), "on Friday", "el viernes"),
        (CHRISTMAS - timedelta(days=3), "on 25 December", "el 25 de diciembre"),
        (CHRISTMAS + timedelta(days=20), "on 25 December 2026", "el 25 de diciembre de 2026"),
    ],
)
def test_a_day_follows_a_verb(now: datetime | None, english: str, spanish: str) -> None:
    assert moments.on(CHRISTMAS, "en", MADRID, now) == english
    assert moments.on(CHRISTMAS, "es", MADRID, now) == spanish


def test_one_o_clock_is_one_in_spanish() -> None:
    assert moments.moment(datetime(2026, 3, 1, 0, 5, tzinfo=UTC), "es", MADRID) == "el 1 de marzo de 2026 a la 01:05, hora de Madrid"


def test_the_hour_that_comes_twice_says_which_it_is() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moments.moment(first, "en", MADRID) == "25 October 2026, 02:30 UTC+2, Madrid time"
    assert moments.moment(first + timedelta(hours=1), "en", MADRID) == "25 October 2026, 02:30 UTC+1, Madrid time"
    assert moments.moment(first + timedelta(hours=2), "en", MADRID) == "25 October 2026, 03:30, Madrid time"
    assert moments.moment(first, "es", MADRID) == "el 25 de octubre de 2026 a las 02:30 UTC+2, hora de Madrid"


@settings(deadline=None)
@given(MINUTES, st.one_of(st.integers(-180, 180), st.integers(-(10**7), 10**7)), LANGUAGES, ZONES, st.booleans())
def test_no_two_minutes_are_told_alike(at: datetime, apart: int, language: str, zone: str, on_a_page: bool) -> None:
    other, now = at + timedelta(minutes=apart), at if on_a_page else None
    told = moments.moment(at, language, zone, now), moments.moment(other, language, zone, now)
    assert (told[0] == told[1]) == (at == other)


@given(st.integers(2000, 2040), LANGUAGES, ZONES)
def test_nor_are_those_around_a_change_of_the_clocks(year: int, language: str, zone: str) -> None:
    place = ZoneInfo(zone)
    days = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=days) for days in range(366)]
    for before, after in pairwise(days):
        if before.astimezone(place).utcoffset() != after.astimezone(place).utcoffset():
            told = [moments.moment(before + timedelta(minutes=minutes), language, zone) for minutes in range(0, 26 * 60, 15)]
            assert len(set(told)) == len(told)


@given(MINUTES, LANGUAGES, ZONES)
def test_the_minute_is_hers(at: datetime, language: str, zone: str) -> None:
    assert f"{at.astimezone(ZoneInfo(zone)):%H:%M}" in moments.moment(at, language, zone)


@given(MINUTES, LANGUAGES, ZONES)
def test_whose_time_it_is_is_always_said_in_words(at: datetime, language: str, zone: str) -> None:
    told = moments.moment(at, language, zone)
    assert "UTC" in told or (told.endswith(" time") if language == "en" else ", hora de " in told)
    assert not any(mark in told for mark in "/_")
