"""Pauses, and whom an introduction may reach: the rules alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.requests.reach.domain import Reach, Reaching, end_pause, offers_pause, pause
from shared.problems import Invalid

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Reach(open_to_asks=True, reachable=True)
PAUSED = replace(OPEN, paused_from=AT - DAY, paused_until=AT + DAY)
ASKER, VOUCHER, COUNTERPART = uuid4(), uuid4(), uuid4()
THREE = (ASKER, VOUCHER, COUNTERPART)


def midnight(day: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, tzinfo=UTC)


def reaching(changes: Mapping[UUID, Reach] | None = None, **more: Any) -> Reaching:
    return Reaching({**dict.fromkeys(THREE, OPEN), **(changes or {})}, **more)


@pytest.mark.parametrize(
    ("before", "chosen", "begins", "ends"),
    [
        (OPEN, {"how_long": "two_weeks"}, midnight(3), midnight(17)),
        (OPEN, {"how_long": "month"}, midnight(3), midnight(2, 4)),
        (OPEN, {"how_long": "date", "until": date(2026, 3, 4)}, midnight(3), midnight(4)),
        (OPEN, {"how_long": "date", "until": date(2027, 3, 2)}, midnight(3), datetime(2027, 3, 2, tzinfo=UTC)),
        (OPEN, {"how_long": "two_weeks", "starting": date(2026, 7, 1)}, midnight(1, 7), midnight(15, 7)),
        (OPEN, {"how_long": "two_weeks", "starting": date(2026, 3, 1)}, midnight(3), midnight(17)),
        (PAUSED, {"how_long": "date", "until": date(2026, 3, 20)}, AT - DAY, midnight(20)),
    ],
)
def test_a_pause_begins_at_midnight_and_one_that_has_begun_goes_on(before: Reach, chosen: Any, begins: datetime, ends: datetime) -> None:
    after = pause(before, at=AT, **chosen)
    assert (after.paused_from, after.paused_until) == (begins, ends)
    assert after.paused(AT) is before.paused(AT)
    assert after.paused(max(begins, AT)) and after.paused(ends - DAY / 24) and not after.paused(ends)


@given(st.integers(0, 366 * 24 * 60).map(lambda minutes: AT + timedelta(minutes=minutes)), st.sampled_from(["two_weeks", "month"]))
def test_whatever_the_hour_nothing_changes_before_midnight(at: datetime, how_long: Any) -> None:
    begins = pause(OPEN, how_long, at).paused_from
    assert begins is not None and at < begins <= at + DAY
    assert (begins.hour, begins.minute, begins.second, begins.microsecond) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("chosen", "wrong"),
    [
        ({"how_long": "date"}, "until"),
        ({"how_long": "date", "until": date(2026, 3, 3)}, "until"),
        ({"how_long": "date", "until": date(2025, 3, 3)}, "until"),
        ({"how_long": "date", "until": date(2027, 3, 5)}, "until"),
        ({"how_long": "date", "until": date.max}, "until"),
        ({"how_long": "date", "until": date(2026, 7, 1), "starting": date(2026, 7, 1)}, "until"),
        ({"how_long": "month", "starting": date(2027, 2, 20)}, "starting"),
        ({"how_long": "month", "starting": date.max}, "starting"),
    ],
)
def test_a_pause_ends_after_it_begins_and_within_a_year(chosen: Any, wrong: str) -> None:
    with pytest.raises(Invalid) as caught:
        pause(OPEN, at=AT, **chosen)
    assert [(field["field"], field["code"]) for field in caught.value.fields] == [(wrong, "not_a_pause")]


def test_the_end_of_a_pause_shows_at_once_and_one_that_is_over_stays_over() -> None:
    assert not end_pause(PAUSED, AT).paused(AT)
    assert end_pause(end_pause(PAUSED, AT), AT + DAY) == end_pause(PAUSED, AT)
    planned = pause(OPEN, "month", AT)
    assert end_pause(planned, AT) == OPEN == end_pause(OPEN, AT)


@pytest.mark.parametrize(
    ("answers", "reach", "offered"),
    [
        ([], OPEN, False),
        ([(1, False), (2, False)], OPEN, False),
        ([(1, False), (2, False), (3, False)], OPEN, True),
        ([(1, False), (2, False), (3, False), (4, True)], OPEN, True),
        ([(1, False), (2, True), (3, False), (4, False)], OPEN, False),
        ([(1, False), (2, False), (31, False)], OPEN, False),
        ([(-1, False), (1, False), (2, False)], OPEN, False),
        ([(1, False), (2, False), (3, False)], replace(OPEN, paused_from=AT - 9 * DAY, paused_until=AT - 2 * DAY), False),
        ([(1, False), (2, False), (3, False)], replace(OPEN, paused_from=AT - 9 * DAY, paused_until=AT - 4 * DAY), True),
        ([(1, False), (2, False), (3, False)], PAUSED, False),
        ([(1, False), (2, False), (3, False)], pause(OPEN, "month", AT), False),
    ],
)
def test_a_pause_is_offered_after_three_in_a_row_without_a_word(answers: list[tuple[int, bool]], reach: Reach, offered: bool) -> None:
    """`answers`: how many days ago, and whether she had said anything."""
    assert offers_pause([(AT - days * DAY, said) for days, said in answers], reach, AT) is offered


@pytest.mark.parametrize(
    ("changes", "more", "said", "may_ask", "may_ask_for"),
    [
        ({}, {}, None, True, True),
        ({VOUCHER: Reach()}, {}, None, False, True),
        ({VOUCHER: Reach()}, {}, True, True, True),
        ({}, {}, False, False, True),
        ({VOUCHER: PAUSED}, {}, None, False, True),
        ({VOUCHER: PAUSED}, {}, True, False, True),
        ({}, {"asks": {VOUCHER: 3}}, None, False, True),
        ({}, {"asks": {VOUCHER: 2, COUNTERPART: 9}}, None, True, True),
        ({COUNTERPART: Reach(open_to_asks=True)}, {}, None, False, False),
        ({COUNTERPART: PAUSED}, {}, None, False, False),
        ({}, {"introductions": {COUNTERPART: 2}}, None, False, False),
        ({}, {"introductions": {COUNTERPART: 1, ASKER: 9, VOUCHER: 9}}, None, True, True),
        ({COUNTERPART: replace(OPEN, introductions_in_30_days=0)}, {}, None, False, False),
        ({}, {"apart": {frozenset((COUNTERPART, ASKER))}}, None, False, False),
        ({}, {"apart": {frozenset((COUNTERPART, VOUCHER)), frozenset((VOUCHER, ASKER))}}, None, True, True),
        ({ASKER: PAUSED}, {}, None, True, True),
        ({ASKER: Reach()}, {}, None, True, True),
    ],
)
def test_an_ask_needs_a_voucher_who_is_open_and_a_counterpart_who_may_be_reached(
    changes: Mapping[UUID, Reach], more: Any, said: bool | None, may_ask: bool, may_ask_for: bool
) -> None:
    rule = reaching(changes, **more)
    assert rule.may_ask(ASKER, VOUCHER, COUNTERPART, said, AT) is may_ask
    assert rule.may_ask_for(ASKER, COUNTERPART, AT) is may_ask_for


@pytest.mark.parametrize(
    ("changes", "more", "proposed", "asked"),
    [
        ({}, {}, True, True),
        ({COUNTERPART: Reach(), ASKER: Reach()}, {}, True, True),
        ({COUNTERPART: PAUSED}, {}, False, False),
        ({ASKER: PAUSED}, {}, False, False),
        ({ASKER: replace(PAUSED, paused_from=AT - 9 * DAY)}, {}, False, True),
        ({}, {"introductions": {ASKER: 2}}, False, True),
        ({}, {"introductions": {COUNTERPART: 2}}, False, False),
        ({}, {"apart": {frozenset((ASKER, COUNTERPART))}}, False, False),
        ({VOUCHER: PAUSED}, {"introductions": {VOUCHER: 9}}, True, True),
    ],
)
def test_an_introduction_reaches_neither_if_one_is_paused_apart_or_has_enough(
    changes: Mapping[UUID, Reach], more: Any, proposed: bool, asked: bool
) -> None:
    """What she asked for herself isn't counted against her, and a pause during which she asked doesn't hold it up."""
    rule, sides = reaching(changes, **more), (ASKER, COUNTERPART)
    assert rule.may_introduce(sides, AT) is proposed
    assert rule.may_introduce(sides, AT, asker=ASKER, asked_at=AT - 3 * DAY) is asked


def test_who_was_never_asked_allows_nothing() -> None:
    assert not Reaching().may_ask_for(ASKER, COUNTERPART, AT)
    assert not Reaching({COUNTERPART: OPEN}).may_ask(ASKER, VOUCHER, COUNTERPART, None, AT)
    assert (Reach().bar, Reach().suggestible, Reach().introductions_in_30_days, Reach().asks_in_30_days) == ("met", False, 2, 3)
